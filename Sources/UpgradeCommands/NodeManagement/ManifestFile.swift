import UpgradeModel
import UpgradeWire

/// A manifest that a user wrote, checked; the bytes are uploaded as they are, because they are what is signed.
struct ManifestFile {
    /// A file that is asked for and not there.
    struct Missing: Hashable {
        let type: AgentFileType
        let version: String
        let name: String
    }

    let bytes: [UInt8]
    private let parts: [(type: AgentFileType, wanted: VersionExpression, part: ManifestPartDocument)]

    private static let keys: [(key: String, type: AgentFileType)] = [
        ("softwareUpgrade", .software), ("certificateUpgrade", .certificate), ("configurationUpgrade", .configuration),
    ]

    /// Reads and checks it, naming every mistake at once.
    init(_ path: String) throws(CommandError) {
        bytes = try UserFile.document(path)
        let file = Shown.text(path)
        let value = try JSONText.read(JSONValue.self, bytes, subject: "manifest \(file)")
        var shape = ShapeCheck()
        shape.keys(of: value, at: "", Self.keys.map(\.key))
        var parts: [(AgentFileType, VersionExpression, ManifestPartDocument)] = []
        for (key, type) in Self.keys {
            guard let part = value[member: key] else { continue }
            if let (wanted, document) = Self.part(part, key, &shape) { parts.append((type, wanted, document)) }
        }
        if parts.isEmpty, shape.mistakes.isEmpty { shape.add("nothing is upgraded: every part is missing or has no version") }
        try shape.refuse("Incorrect manifest format in file \(file)")
        self.parts = parts
    }

    /// A part; nil when it asks for nothing, or has mistakes.
    private static func part(
        _ value: JSONValue, _ key: String, _ shape: inout ShapeCheck
    ) -> (VersionExpression, ManifestPartDocument)? {
        let before = shape.mistakes.count
        shape.keys(of: value, at: key, ["version", "files"])
        let version = shape.text(value, "version", at: key) ?? ""
        let files = shape.texts(value, "files", at: key) ?? []
        guard shape.mistakes.count == before else { return nil }
        if version.isEmpty {
            if !files.isEmpty { shape.add("'\(key).files' names files, and '\(key).version' is missing") }
            return nil
        }
        let wanted = VersionExpression(version)
        if wanted == nil || wanted == .exact(.infinity) {
            shape.add("'\(key).version' is '\(Shown.text(version))'; expected a version, a range as [1.0.0,2.0.0), or latest")
        }
        if files.isEmpty { shape.add("'\(key).files' is missing or empty; expected file names, or * for all") }
        for name in files where name.isEmpty || name.contains("/") {
            shape.add("'\(key).files' holds '\(Shown.text(name))', which is no file name")
        }
        guard shape.mistakes.count == before, let wanted else { return nil }
        return (wanted, ManifestPartDocument(version: version, files: files))
    }

    /// The files that nodes would not find, in the order of the manifest.
    func missing(in files: AgentFiles) -> [Missing] {
        parts.flatMap { type, wanted, part in
            part.files.filter { !files.has($0, type, wanted) }.map { Missing(type: type, version: part.version, name: $0) }
        }
    }
}
