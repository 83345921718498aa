import FoundationEssentials

/// Cases of one kind from a file of recorded outcomes of the real system.
enum VectorFile {
    static func cases<Case: Decodable>(_ file: String, kind: String, as: Case.Type = Case.self, here: String = #filePath) throws -> [Case] {
        let tests = here.split(separator: "/").dropLast(3).joined(separator: "/")
        let data = try Data(contentsOf: URL(filePath: "/\(tests)/Vectors/\(file).json"))
        let decoder = JSONDecoder()
        decoder.userInfo[wantedKind] = kind
        return try decoder.decode(Contents<Case>.self, from: data).cases.compactMap(\.value)
    }

    fileprivate static let wantedKind = CodingUserInfoKey(rawValue: "kind")!

    private struct Contents<Case: Decodable>: Decodable {
        let cases: [Entry<Case>]
    }

    /// A case of another kind has another shape, so it is not decoded at all.
    private struct Entry<Case: Decodable>: Decodable {
        let value: Case?

        private enum Keys: CodingKey { case kind }

        init(from decoder: any Decoder) throws {
            let kind = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .kind)
            value = kind == decoder.userInfo[VectorFile.wantedKind] as? String ? try Case(from: decoder) : nil
        }
    }
}
