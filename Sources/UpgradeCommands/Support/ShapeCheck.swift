import UpgradeModel
import UpgradeWire

/// Collects every mistake of a document, so that its author mends it once. Unknown keys are mistakes: the exchange refuses them, and
/// a misspelt key that is skipped in silence would be worse.
struct ShapeCheck {
    /// One sentence each.
    private(set) var mistakes: [String] = []

    /// Adds a mistake.
    mutating func add(_ mistake: String) { mistakes.append(mistake) }

    /// The keys that an object may have.
    mutating func keys(of value: JSONValue, at place: String, _ allowed: [String]) {
        guard let members = value.object else {
            add("\(place.isEmpty ? "the document" : "'\(place)'") must be a JSON object")
            return
        }
        for key in members.keys.sorted() where !allowed.contains(key) {
            add("'\(path(place, Shown.text(key)))' is not known; expected one of \(allowed.joined(separator: ", "))")
        }
    }

    /// A list of texts, when it is there.
    /// - Returns: the texts; nil when it is absent or no such list.
    @discardableResult
    mutating func texts(_ value: JSONValue, _ key: String, at place: String) -> [String]? {
        guard let found = value[member: key] else { return nil }
        let texts = found.array?.compactMap(\.string)
        if texts == nil || texts?.count != found.array?.count {
            add("'\(path(place, key))' must be a list of texts")
            return nil
        }
        return texts
    }

    /// A text, when it is there.
    @discardableResult
    mutating func text(_ value: JSONValue, _ key: String, at place: String) -> String? {
        guard let found = value[member: key] else { return nil }
        if found.string == nil { add("'\(path(place, key))' must be a text") }
        return found.string
    }

    /// A boolean, when it is there.
    mutating func flag(_ value: JSONValue, _ key: String, at place: String) {
        if let found = value[member: key], found.bool == nil { add("'\(path(place, key))' must be true or false") }
    }

    /// Properties and constraints of a policy. Source: contract 4.4.
    mutating func policyPart(_ value: JSONValue, at place: String) {
        if let properties = value[member: "properties"] {
            if let elements = properties.array {
                for (index, element) in elements.enumerated() { property(element, at: path(place, "properties[\(index)]")) }
            } else {
                add("'\(path(place, "properties"))' must be a list of properties")
            }
        }
        for constraint in texts(value, "constraints", at: place) ?? [] {
            do throws(ConstraintError) {
                try Constraint.checkSyntax(constraint)
            } catch {
                add("\(Shown.text(error.explanation)); \(error.remedy)")
            }
        }
    }

    /// Throws all mistakes as one error; nothing when there are none.
    func refuse(_ subject: String) throws(CommandError) {
        guard !mistakes.isEmpty else { return }
        if mistakes.count == 1 { throw CommandError(.usage, "\(subject): \(mistakes[0])") }
        throw CommandError(.usage, "\(subject):\n" + mistakes.map { "  " + $0 }.joined(separator: "\n"))
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
        if let problem = property.problem { add("'\(place)': \(Shown.text(problem.explanation)); \(problem.remedy)") }
    }

    private func path(_ place: String, _ key: String) -> String { place.isEmpty ? key : place + "." + key }
}
