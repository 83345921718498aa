import UpgradeWire

/// What a request body may look like. The exchange decodes strictly: one unknown key anywhere is 400, `null` is absent, a value of
/// the wrong kind is 400. Source: contract 0.4, 1.1.
package indirect enum BodyShape: Sendable {
    /// Longest text, so that neither lists nor filters of them grow without bound. Bytes.
    package static let textMax = 64 << 10

    /// JSON of any kind, not looked into.
    case anything
    /// A text.
    case text
    /// A whole number.
    case integer
    /// `true` or `false`.
    case flag
    /// A list of one kind; `null` elements are refused.
    case list(BodyShape)
    /// Free names, values of one kind.
    case map(BodyShape)
    /// Exactly these names, each may be absent.
    case object([String: BodyShape])

    /// Passes, or refuses with the path of the first thing that does not fit.
    package func check(_ value: JSONValue, at path: String = "") throws(Refusal) {
        switch (self, value) {
        case (.anything, _), (.text, .string), (.flag, .bool): return
        case (.integer, .number) where value.integer != nil: return
        case (.list(let element), .array(let elements)):
            for (index, member) in elements.enumerated() { try element.check(member, at: "\(path)[\(index)]") }
        case (.map(let element), .object(let members)):
            for name in members.keys.sorted() { try element.checkMember(members[name], at: Self.join(path, name)) }
        case (.object(let shapes), .object(let members)):
            for name in members.keys.sorted() {
                guard let shape = shapes[name] else {
                    throw .badInput("unknown key '\(Self.join(path, name))' in the request body; known here: \(Self.names(shapes))")
                }
                try shape.checkMember(members[name], at: Self.join(path, name))
            }
        case (.text, _), (.flag, _), (.integer, _), (.list, _), (.map, _), (.object, _):
            throw .badInput("'\(path.isEmpty ? "request body" : path)' must be \(noun)")
        }
    }

    private func checkMember(_ value: JSONValue?, at path: String) throws(Refusal) {
        guard let value, value != .null else { return }
        try check(value, at: path)
    }

    private var noun: String {
        switch self {
        case .anything: "JSON"
        case .text: "a string"
        case .integer: "a whole number"
        case .flag: "true or false"
        case .list: "an array"
        case .map, .object: "an object"
        }
    }

    private static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private static func names(_ shapes: [String: BodyShape]) -> String { shapes.keys.sorted().joined(separator: ", ") }
}
