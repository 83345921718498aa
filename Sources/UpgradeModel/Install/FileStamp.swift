/// The first line of a configuration or certificate file: it says what the file is and which version, under the signature.
///
/// Why exact, to the byte: a stamp that is read leniently could be read differently by two programs.
/// Form: `# uplift: kind=configuration version=3`. Source: install.md, "Layout".
package struct FileStamp: Codable, Hashable, Sendable {
    /// What the file is. Shape: `.configuration` or `.certificate`; software carries a descriptor instead.
    package let kind: Component
    /// A version as in contract 4.5, spelt as in the line.
    package let version: String

    /// A stamp for a file; nil for software, and for a text that is no version.
    package init?(kind: Component, version: String) {
        guard kind != .software, Version(version) != nil else { return nil }
        self.kind = kind
        self.version = version
    }

    /// The line, without its line feed.
    package var line: String { FileStamp.prefix + kind.rawValue + " " + FileStamp.versionKey + version }

    /// Reads a file's first line, given without its line feed.
    package static func read(firstLine: String) throws(FileStampError) -> FileStamp {
        let bytes = Array(firstLine.utf8)
        guard bytes.starts(with: prefix.utf8) else { throw FileStampError(.notStamped, found: firstLine) }
        let parts = bytes.dropFirst(prefix.utf8.count).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].starts(with: versionKey.utf8) else { throw FileStampError(.wrongForm, found: firstLine) }
        let word = String(decoding: parts[0], as: UTF8.self)
        guard let kind = Component(rawValue: word), kind != .software else { throw FileStampError(.unknownKind, found: word) }
        let version = String(decoding: parts[1].dropFirst(versionKey.utf8.count), as: UTF8.self)
        guard let stamp = FileStamp(kind: kind, version: version) else { throw FileStampError(.badVersion, found: version) }
        return stamp
    }

    /// Reads the stamp of a whole file. Errors: also `.notStamped` when the first line has no end within 256 bytes or is no text.
    package static func read(file bytes: [UInt8]) throws(FileStampError) -> FileStamp {
        let head = bytes.prefix(lineLengthMax + 1)
        guard let end = head.firstIndex(of: UInt8(ascii: "\n")), let line = String(validating: head[..<end], as: UTF8.self) else {
            throw FileStampError(.notStamped, found: String(decoding: head.prefix(80), as: UTF8.self))
        }
        return try read(firstLine: line)
    }

    /// The bytes of a file with this stamp put before them.
    package func adding(to bytes: [UInt8]) -> [UInt8] { Array(line.utf8) + [UInt8(ascii: "\n")] + bytes }

    private static let prefix = "# uplift: kind="
    private static let versionKey = "version="
    private static let lineLengthMax = 256
}

/// A first line that is no stamp.
package struct FileStampError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that are told apart.
    package enum Kind: String, Hashable, Sendable { case notStamped, wrongForm, unknownKind, badVersion }

    /// Why, in one notion.
    package let kind: Kind
    /// What stood there, control characters escaped.
    package let found: String

    init(_ kind: Kind, found: String) {
        self.kind = kind
        self.found = VisibleText.escaping(found)
    }

    package var description: String {
        switch kind {
        case .notStamped, .wrongForm:
            "found first line `\(found)`, expected `# uplift: kind=configuration version=…` or kind=certificate: stamp it, then sign"
        case .unknownKind: "found kind `\(found)` in the first line, expected `configuration` or `certificate`"
        case .badVersion:
            "found version `\(found)` in the first line, expected one to three numbers and an optional pre-release, like 1.2.3-rc1"
        }
    }
}
