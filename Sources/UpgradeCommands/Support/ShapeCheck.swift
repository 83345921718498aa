import UpgradeModel
import UpgradeWire

/// Collects every mistake of a document, so that its author mends it once. Unknown keys are mistakes: the exchange refuses them, and
/// a misspelt key that is skipped in silence would be worse.
struct ShapeCheck {
    /// All of them, in the order in which they were found.
    private(set) var mistakes: [Mistake] = []

    /// Those that count: quirks do not, once they are allowed.
    func mistakes(allowingQuirks: Bool) -> [Mistake] { mistakes.filter { !$0.isQuirk || !allowingQuirks } }

    /// Adds a mistake.
    mutating func add(_ field: String, _ message: String, remedy: String) { add(Mistake(field, message, remedy: remedy)) }

    /// Adds a mistake.
    mutating func add(_ mistake: Mistake) { mistakes.append(mistake) }

    /// The keys that an object may have.
    /// - Returns: whether it is an object at all.
    @discardableResult
    mutating func keys(of value: JSONValue, at place: String, _ allowed: [String]) -> Bool {
        guard let members = value.object else {
            add(place, place.isEmpty ? "the document must be a JSON object" : "must be a JSON object", remedy: "write {…}")
            return false
        }
        for key in members.keys.sorted() where !allowed.contains(key) {
            add(path(place, key), "is not known", remedy: "expected one of \(allowed.joined(separator: ", "))")
        }
        return true
    }

    /// A list of texts, when it is there: those elements that are texts, each with its field.
    mutating func texts(_ value: JSONValue, _ key: String, at place: String) -> [(field: String, text: String)] {
        guard let found = value[member: key] else { return [] }
        guard let elements = found.array else {
            add(path(place, key), "must be a list of texts", remedy: "write [\"…\"]")
            return []
        }
        var texts: [(String, String)] = []
        for (index, element) in elements.enumerated() {
            let field = path(place, key) + "[\(index)]"
            if let text = element.string { texts.append((field, text)) } else { add(field, "must be a text", remedy: "write it in quotes") }
        }
        return texts
    }

    /// A text, when it is there.
    @discardableResult
    mutating func text(_ value: JSONValue, _ key: String, at place: String) -> String? {
        guard let found = value[member: key] else { return nil }
        if found.string == nil { add(path(place, key), "must be a text", remedy: "write it in quotes") }
        return found.string
    }

    /// A boolean, when it is there.
    mutating func flag(_ value: JSONValue, _ key: String, at place: String) {
        guard let found = value[member: key], found.bool == nil else { return }
        add(path(place, key), "must be true or false", remedy: "write it without quotes")
    }

    /// Properties and constraints of a policy. Source: contract 4.4.
    mutating func policyPart(_ value: JSONValue, at place: String) {
        if let properties = value[member: "properties"] {
            if let elements = properties.array {
                for (index, element) in elements.enumerated() { property(element, at: path(place, "properties[\(index)]")) }
            } else {
                add(path(place, "properties"), "must be a list of properties", remedy: "write [{\"name\": …, \"value\": …}]")
            }
        }
        for (field, constraint) in texts(value, "constraints", at: place) {
            mistakes += Mistake.mistakes(inConstraint: constraint, field: field)
        }
    }

    /// Throws all mistakes that count as one error; nothing when there are none.
    func refuse(_ subject: String, allowingQuirks: Bool = false) throws(CommandError) {
        let counted = mistakes(allowingQuirks: allowingQuirks)
        guard let first = counted.first else { return }
        let lines = counted.count == 1 ? ["\(subject): \(first.sentence)"] : ["\(subject):"] + counted.map { "  " + $0.sentence }
        throw CommandError(.usage, (lines + Self.hints(counted)).joined(separator: "\n"))
    }

    /// What to say after the mistakes.
    static func hints(_ mistakes: [Mistake]) -> [String] {
        mistakes.contains(where: \.isQuirk) ? ["Nodes take some of this; --allow-quirks is for who means it."] : []
    }

    private mutating func property(_ value: JSONValue, at place: String) {
        let before = mistakes.count
        keys(of: value, at: place, ["name", "type", "value"])
        text(value, "name", at: place)
        text(value, "type", at: place)
        guard mistakes.count == before else { return }
        let property = Property(
            name: value[member: "name"]?.string ?? "", value: PropertyValue(value[member: "value"] ?? .null),
            type: value[member: "type"]?.string)
        if let problem = property.problem { add(place, problem.explanation, remedy: problem.remedy) }
    }

    private func path(_ place: String, _ key: String) -> String { place.isEmpty ? key : place + "." + key }
}
