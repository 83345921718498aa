import FoundationEssentials
import UpgradeModel

/// Cases of one kind from a file of recorded outcomes of the real system.
enum VectorFile {
    static func cases<Case: Decodable>(_ file: String, kind: String, as: Case.Type = Case.self, here: String = #filePath) throws -> [Case] {
        let tests = here.split(separator: "/").dropLast(2).joined(separator: "/")
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

/// A property as the recorded cases write it.
struct VectorProperty: Decodable {
    let property: Property

    private enum Keys: CodingKey { case name, value, type }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let value: PropertyValue =
            if let bool = try? container.decode(Bool.self, forKey: .value) {
                .bool(bool)
            } else if let number = try? container.decode(Double.self, forKey: .value) {
                .number(number)
            } else if let string = try? container.decode(String.self, forKey: .value) {
                .string(string)
            } else {
                .other
            }
        property = Property(
            name: try container.decode(String.self, forKey: .name), value: value,
            type: try container.decodeIfPresent(String.self, forKey: .type))
    }
}
