import UpgradeWire

/// A file of cases: `{"cases": [{"id", "kind", …}]}`, other members are not looked at.
struct BatchFile: Decodable {
    let cases: [BatchCase]
}

/// One case, answered while it is read: only here its type is known.
struct BatchCase: Decodable {
    /// What became of it.
    enum Outcome {
        /// The rules answered.
        case answered(Answered)
        /// Nobody here knows the kind; nil when there is none.
        case unknownKind(String?)
        /// Its fields are not those of its kind, in words.
        case unreadable(String)
    }

    /// A case with its answer.
    struct Answered {
        /// In the form of the kind.
        let answer: JSONValue
        /// Whatever else the rules say.
        let details: [String: JSONValue]
        /// What the case states as the answer; nil when it states none.
        let expected: JSONValue?
        /// Several answers of which each is right.
        let expectedAnyOf: [JSONValue]?
        /// What the case states besides.
        let expectedDetails: [String: JSONValue]
    }

    /// Nil when it has none.
    let id: String?
    let outcome: Outcome

    private enum Keys: CodingKey { case id, kind }

    init(from decoder: any Decoder) throws {
        id = try? decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .id)
        do {
            outcome = try Self.outcome(from: decoder)
        } catch let error as DecodingError {
            outcome = .unreadable(Self.explanation(error, depth: decoder.codingPath.count))
        }
    }

    private static func outcome(from decoder: any Decoder) throws -> Outcome {
        let kind = try decoder.container(keyedBy: Keys.self).decodeIfPresent(String.self, forKey: .kind)
        guard let kind, let type = BatchKinds.questions[kind] else { return .unknownKind(kind) }
        let question = try type.init(from: decoder)
        return .answered(answered(question, try decoder.singleValueContainer().decode(JSONValue.self)))
    }

    private static func answered<Question: BatchQuestion>(_ question: Question, _ stated: JSONValue) -> Answered {
        let members = stated.object ?? [:]
        let details = question.details
        let expected = members[Question.answerKey] ?? members["expect"]
        return Answered(
            answer: question.answer.inForm(of: expected), details: details, expected: expected,
            expectedAnyOf: members["expectOrderAnyOf"]?.array, expectedDetails: members.filter { details[$0.key] != nil })
    }

    /// Which field, and what is wrong with it.
    private static func explanation(_ error: DecodingError, depth: Int) -> String {
        switch error {
        case .keyNotFound(let key, let context): "the field '\(path(context.codingPath + [key], depth))' is missing"
        case .valueNotFound(_, let context): "the field '\(path(context.codingPath, depth))' is null"
        case .typeMismatch(_, let context), .dataCorrupted(let context):
            "the field '\(path(context.codingPath, depth))' is not what its kind needs: \(context.debugDescription)"
        @unknown default: "a field is not what its kind needs"
        }
    }

    private static func path(_ keys: [any CodingKey], _ depth: Int) -> String {
        keys.dropFirst(depth).map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
}

extension BatchCase.Answered {
    /// What differs from what the case states; nil when nothing does.
    var difference: String? {
        if let anyOf = expectedAnyOf {
            return anyOf.contains(answer) ? nil : "expected one of \(JSONText.line(.array(anyOf))), found \(JSONText.line(answer))"
        }
        guard let expected else { return "states no expected answer, found \(JSONText.line(answer))" }
        guard expected == answer else { return "expected \(JSONText.line(expected)), found \(JSONText.line(answer))" }
        for (key, value) in expectedDetails.sorted(by: { $0.key < $1.key }) where details[key] != value {
            return "\(key): expected \(JSONText.line(value)), found \(JSONText.line(details[key] ?? .null))"
        }
        return nil
    }
}

extension JSONText {
    /// The text on one line.
    fileprivate static func line(_ value: JSONValue) -> String {
        do throws(CommandError) {
            return String(decoding: try body(value), as: UTF8.self)
        } catch {
            return pretty(value)
        }
    }
}
