import LibCrypto
import NIOCore
import SQLite

/// An object's data as the database describes it, to compare a copy of the file with.
struct CopiedObject {
    /// Bare name of the file.
    let file: String
    /// For people: org, type and id.
    let name: String
    /// Length.
    private let bytes: Int64
    /// Holds the SHA-256 of the bytes.
    private let entityTag: String

    /// Every object that has data.
    static func all(in database: Database) throws -> [CopiedObject] {
        let sql = """
            SELECT data_file, org || '/' || type || '/' || id AS name, entity_tag, json_extract(metadata, '$.objectSize') AS bytes
            FROM objects WHERE data_file IS NOT NULL ORDER BY org, type, id
            """
        return try database.query(sql).map { row in
            CopiedObject(
                file: try row.text("data_file"), name: try row.text("name"), bytes: try row.integer("bytes"),
                entityTag: try row.text("entity_tag"))
        }
    }

    /// Reads the whole file; what is wrong with it, nil when nothing is.
    func damage(in folder: String) throws -> String? {
        guard let reader = try ObjectReader(path: folder + "/" + file) else { return "it is missing" }
        let digest = SHA256()
        var count: Int64 = 0
        while true {
            let chunk = try reader.read(at: count, count: ObjectReader.chunkBytes)
            if chunk.readableBytes == 0 { break }
            chunk.withUnsafeReadableBytes { digest.update($0) }
            count += Int64(chunk.readableBytes)
        }
        if count != bytes { return "it has \(count) bytes, the database says \(bytes)" }
        guard let sha256 = digest.current() else { throw CryptoError("the SHA-256 of '\(file)' could not be made") }
        let found = FinishedUpload(name: file, bytes: count, sha256: sha256)
        return found.entityTag == entityTag ? nil : "its SHA-256 is not the one in the database"
    }
}
