import UpgradeWire

/// What a case asks, read without its expected answer. One type for each kind of case.
protocol BatchQuestion: Decodable, Sendable {
    /// The key under which a case of this kind states the expected answer.
    static var answerKey: String { get }

    /// What the rules say.
    var answer: BatchAnswer { get }

    /// What else a case of this kind may state, by key; compared, never printed.
    var details: [String: JSONValue] { get }
}

extension BatchQuestion {
    static var answerKey: String { "expect" }
    var details: [String: JSONValue] { [:] }
}

/// What the rules say to a case.
enum BatchAnswer: Hashable {
    /// An answer.
    case value(JSONValue)
    /// An error, with its usual form among the cases of the kind.
    case failure(JSONValue)

    /// The answer as it is printed. The expected answer is looked at for the form of an error alone: cases write it as `null` or as
    /// the text `error`.
    func inForm(of expected: JSONValue?) -> JSONValue {
        switch (self, expected) {
        case (.value(let value), _): value
        case (.failure, .null?), (.failure, "error"?): expected ?? .null
        case (.failure(let usual), _): usual
        }
    }
}

/// The member of a case that must be there and may be `null`.
struct Nullable<Value: Decodable & Sendable>: Decodable, Sendable {
    let value: Value?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value = container.decodeNil() ? nil : try container.decode(Value.self)
    }
}
