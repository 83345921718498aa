import FoundationEssentials
import Glibc

/// The repository, as the tidy tests read it: found from this file's own place, so that no setting is needed.
enum House {
    /// Absolute path of the repository.
    static let path: String = {
        // A folder of tests may be reached through a link; the files beside it are where it really is.
        let real = realpath(#filePath, nil)
        defer { free(real) }
        let parts = (real.map { String(cString: $0) } ?? #filePath).split(separator: "/")
        return "/" + parts.dropLast(4).joined(separator: "/")
    }()

    /// Every file below a folder, relative to the repository, sorted. Folders that builds make are left out.
    static func files(below folder: String = "", ending suffix: String = "") -> [String] {
        let prefix = folder.isEmpty ? "" : folder + "/"
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: path + "/" + folder)) ?? []
        return names.map { prefix + $0 }.filter { $0.hasSuffix(suffix) && !isMade($0) && isFile($0) }.sorted()
    }

    /// The text of a file.
    static func text(_ file: String) throws -> String { String(decoding: try bytes(file), as: UTF8.self) }

    /// The bytes of a file.
    static func bytes(_ file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path + "/" + file) else { throw Missing(file: file) }
        return [UInt8](data)
    }

    /// Swift sources of the repository, read once.
    static let swift: [SwiftSource] = (files(below: "Sources", ending: ".swift") + files(below: "Tests", ending: ".swift")).compactMap {
        file in
        (try? text(file)).map { SwiftSource(file: file, text: $0) }
    }

    private static func isMade(_ file: String) -> Bool {
        file.hasPrefix(".git/") || file.hasPrefix(".build") || file.hasPrefix(".swiftpm/") || file == "Package.resolved"
            || file.contains("/__pycache__/")
    }

    private static func isFile(_ file: String) -> Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path + "/" + file, isDirectory: &isDirectory) && !isDirectory
    }

    /// A file that must be there and is not.
    struct Missing: Error, CustomStringConvertible {
        let file: String
        var description: String { "\(House.path)/\(file) cannot be read, expected a file of the repository" }
    }
}

/// One thing that is wrong with the house, as people read it.
struct Finding: Hashable, CustomStringConvertible {
    let file: String
    let line: Int
    let what: String

    var description: String { "\(file):\(line): \(what)" }
}

extension [Finding] {
    /// One line each, for a failed expectation.
    var list: String { map(\.description).joined(separator: "\n") }
}
