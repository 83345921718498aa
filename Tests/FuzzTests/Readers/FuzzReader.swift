/// What reads texts that somebody else wrote.
enum FuzzReader: String, CaseIterable, Codable, Sendable {
    case constraint, range, policy, manifest

    /// Below `Tests/Corpus`.
    var folder: String {
        switch self {
        case .constraint: "constraints"
        case .range: "ranges"
        case .policy: "nmp"
        case .manifest: "manifest"
        }
    }

    /// Folders with texts that documents hold.
    var grafts: [String] {
        switch self {
        case .constraint, .range: []
        case .policy: ["constraints", "ranges"]
        case .manifest: ["ranges"]
        }
    }

    /// What the language is made of.
    var pieces: [String] {
        switch self {
        case .constraint: ConstraintFuzz.pieces
        case .range: RangeFuzz.pieces
        case .policy: Self.json + PolicyFuzz.pieces
        case .manifest: Self.json + ManifestFuzz.pieces
        }
    }

    /// Reads an input and checks what must hold for every answer.
    ///
    /// - Parameters:
    ///   - file: holds the input too.
    ///   - fingerprint: gets the answer.
    /// - Returns: whether it was read, not refused. Errors: `Finding`.
    func read(_ input: [UInt8], _ file: String, _ fingerprint: inout Fingerprint) throws -> Bool {
        switch self {
        case .constraint: try ConstraintFuzz.read(String(decoding: input, as: UTF8.self), &fingerprint)
        case .range: try RangeFuzz.read(String(decoding: input, as: UTF8.self), &fingerprint)
        case .policy: try PolicyFuzz.read(input, file, &fingerprint)
        case .manifest: try ManifestFuzz.read(input, file, &fingerprint)
        }
    }

    private static let json = [
        "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u0000", "\\ud83d", "\\ude42", "\u{FEFF}", "\n", "\0", "null", "true", "false", "{}",
        "[]", "\"\"", "0", "-0", "01", "1e999", "1e-999", "-1", "0.1", "9223372036854775808", "1E400", "NaN", "[[[[[[[[", "{\"a\":",
        "{\"a\":[{\"a\":[", "\u{301}",
    ]
}
