import UpgradeModel

/// A small generator with a fixed seed, so that a failure can be repeated.
struct ReviewGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A constraint as an author reads it: terms between `||`, factors between `&&`, nothing empty, nothing left over, no operator that is not
/// written. Single comparisons are left to the node's own rules.
struct PlainReading {
    private var rest: Substring
    private let isBlank: Bool

    init(_ text: String) {
        rest = Substring(text)
        isBlank = text.allSatisfy(\.isWhitespace)
    }

    /// Whether it holds; nil when there is no such reading.
    func value(_ properties: [Property]) -> Bool? {
        if isBlank { return true }
        var reading = self
        guard let value = reading.alternatives(properties), reading.rest.allSatisfy(\.isWhitespace) else { return nil }
        return value
    }

    private mutating func alternatives(_ properties: [Property]) -> Bool? {
        guard var value = factors(properties) else { return nil }
        while skipJoiner("||", "OR") {
            guard let next = factors(properties) else { return nil }
            value = value || next
        }
        return value
    }

    private mutating func factors(_ properties: [Property]) -> Bool? {
        guard var value = factor(properties) else { return nil }
        while skipJoiner("&&", "AND") {
            guard let next = factor(properties) else { return nil }
            value = value && next
        }
        return value
    }

    private mutating func factor(_ properties: [Property]) -> Bool? {
        let start = rest
        skipBlanks()
        if rest.first == "(" {
            rest.removeFirst()
            skipBlanks()
            guard let value = alternatives(properties) else { return nil }
            skipBlanks()
            guard rest.first == ")" else { return nil }
            rest.removeFirst()
            return value
        }
        rest = start
        return comparison(properties)
    }

    /// Name, operator and operand, the longest of each.
    private mutating func comparison(_ properties: [Property]) -> Bool? {
        let name = rest.prefix { $0.isLetter || $0.isNumber || "_-/?!+~'.".contains($0) }
        guard !name.isEmpty, !name.hasSuffix("!") else { return nil }
        rest = rest[name.endIndex...]
        skipBlanks()
        guard let sign = ["==", "!=", "<=", ">=", "in", "<", ">", "="].first(where: rest.hasPrefix) else { return nil }
        rest = rest.dropFirst(sign.count)
        if sign.hasSuffix("="), rest.first == "=" || rest.first == "<" || rest.first == ">" { return nil }
        skipBlanks()
        let operand = operand()
        guard !operand.isEmpty, let atom = try? Constraint(parsing: "\(name) \(sign) \(operand)") else { return nil }
        return atom.isSatisfied(by: properties)
    }

    private mutating func operand() -> Substring {
        let operand: Substring
        switch rest.first {
        case "\"": operand = rest.prefix(1 + rest.dropFirst().prefix { $0 != "\"" }.count + 1)
        case "[", "(": operand = rest.prefix(1 + rest.dropFirst().prefix { $0 != "]" && $0 != ")" }.count + 1)
        default: operand = rest.prefix { !$0.isWhitespace && $0 != "(" && $0 != ")" }
        }
        rest = rest[operand.endIndex...]
        return operand
    }

    private mutating func skipJoiner(_ words: String...) -> Bool {
        let start = rest
        skipBlanks()
        let word = rest.startIndex > start.startIndex ? words.first(where: rest.hasPrefix) : nil
        if let word, rest.dropFirst(word.count).first?.isWhitespace == true {
            rest = rest.dropFirst(word.count)
            skipBlanks()
            return true
        }
        rest = start
        return false
    }

    private mutating func skipBlanks() { rest = rest.drop { $0.isWhitespace } }
}

extension PlainReading {
    /// Properties that comparisons of the generated texts meet and miss.
    static let samples: [[Property]] = [
        [],
        [Property(name: "a", value: .string("b")), Property(name: "n", value: .number(5)), Property(name: "v", value: .string("1.5.0"))],
        [Property(name: "a", value: .string("c")), Property(name: "n", value: .number(3)), Property(name: "t", value: .bool(true))],
        [Property(name: "a", value: .string("x")), Property(name: "mar", value: .string("b")), Property(name: "n", value: .number(4))],
    ]

    private static let pieces = [
        "a", "n", "margin", "!", "'", " ", "  ", "\t", "==", "=", "!=", "<", ">", "=<", " in ", "5", "1.0.0", "\"", "b", "\"b, c\"", "(",
        ")",
        "[1.0.0,2.0.0]", "[1.0.0,2.0.0)", " AND ", " && ", " OR ", " || ", "\u{A0}", "a == b", "n > 4", "(a == b)", "t == true",
    ]
    private static let sentences = [
        "a == b && n > 4 || t == true", "(a == b || n < 4) && t != false", "a != b AND (n in [1.0.0,2.0.0] OR v in [1.0.0,2.0.0])",
        "((a == b) || (n == 5)) && a in \"b, c\"", "a == x && margin == b", "v in [1.0.0,INFINITY) || a = b",
    ]

    private static let clauses = [
        "a == b", "n > 4", "a != c", "t == true", "a!=b", "margin 5", "a == 'b'", "()", "( )", "v in [1.0.0,2.0.0)", "v in [1.0.0,2.0.0]",
        "(a == b)", "(n < 4 || a == b)", "n => 4", "!a == b", "a == !b", "a in \"b, c\"", "a == x) || (b == y", "\u{A0}a == b", "",
    ]
    private static let joiners = [" && ", " || ", " AND ", " OR ", "  || ", "&& "]

    /// One of three kinds of texts, by turns.
    static func text(_ round: Int, _ generator: inout ReviewGenerator) -> String {
        switch round % 3 {
        case 0: soup(&generator)
        case 1: mutated(&generator)
        default: joined(&generator)
        }
    }

    /// Good and odd clauses with joiners between them, and perhaps around them.
    private static func joined(_ generator: inout ReviewGenerator) -> String {
        var text = Int.random(in: 0..<8, using: &generator) == 0 ? " " : ""
        for _ in 0...Int.random(in: 0...3, using: &generator) {
            text += (clauses.randomElement(using: &generator) ?? "") + (joiners.randomElement(using: &generator) ?? "")
        }
        return Bool.random(using: &generator) ? text : String(text.dropLast(4))
    }

    /// Pieces in any order.
    private static func soup(_ generator: inout ReviewGenerator) -> String {
        (0..<Int.random(in: 1...7, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
    }

    /// A good constraint with a few pieces put in or characters taken out.
    private static func mutated(_ generator: inout ReviewGenerator) -> String {
        var text = Array(sentences.randomElement(using: &generator) ?? "")
        for _ in 0..<Int.random(in: 0...3, using: &generator) where !text.isEmpty {
            let place = Int.random(in: 0..<text.count, using: &generator)
            if Bool.random(using: &generator) {
                text.insert(contentsOf: Array(pieces.randomElement(using: &generator) ?? ""), at: place)
            } else {
                text.remove(at: place)
            }
        }
        return String(text)
    }
}
