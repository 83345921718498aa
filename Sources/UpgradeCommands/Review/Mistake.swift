import UpgradeCore
import UpgradeModel
import UpgradeWire

/// One mistake in a document that a user wrote.
struct Mistake: Hashable {
    /// Where in the field.
    enum Place: Hashable {
        /// The field as a whole.
        case whole
        /// Units: characters of the field's text, the first is 1.
        case character(Int)
        /// In the document's text: both begin with 1, columns are characters.
        case line(Int, column: Int)
    }

    /// The path of the field, as `constraints[0]`; empty = the whole document.
    let field: String
    let place: Place
    /// What was found and what is wrong with it.
    let message: String
    /// What to do.
    let remedy: String
    /// True for a form that nodes take; a user may mean it.
    let isQuirk: Bool

    init(_ field: String, _ message: String, remedy: String, at place: Place = .whole, isQuirk: Bool = false) {
        self.field = Shown.text(field)
        self.place = place
        self.message = Shown.text(message)
        self.remedy = remedy
        self.isQuirk = isQuirk
    }

    init(_ field: String, _ quirk: Quirk) {
        self.init(field, quirk.explanation, remedy: Shown.text(quirk.remedy), at: .character(quirk.position), isQuirk: true)
    }

    init(_ field: String, _ error: ConstraintError) {
        self.init(field, error.explanation, remedy: error.remedy, at: .character(error.position))
    }

    /// One line for people.
    var sentence: String {
        let name = field.isEmpty ? "" : "'\(field)'"
        let where_ =
            switch place {
            case .whole: name
            case .character(let position): (name.isEmpty ? "" : name + ", ") + "character \(position)"
            case .line(let line, let column): "line \(line), column \(column)"
            }
        return (where_.isEmpty ? "" : where_ + ": ") + message + "; " + remedy
    }

    /// For scripts.
    var json: JSONValue {
        var members: [String: JSONValue] = ["field": .string(field), "message": .string(message), "remedy": .string(remedy)]
        switch place {
        case .whole: break
        case .character(let position): members["position"] = .number(Double(position))
        case .line(let line, let column):
            members["line"] = .number(Double(line))
            members["column"] = .number(Double(column))
        }
        return .object(members)
    }
}

extension Mistake {
    /// Everything that is wrong with a constraint: why it cannot be read, or its quirks.
    static func mistakes(inConstraint text: String, field: String) -> [Mistake] {
        do throws(ConstraintError) {
            return try ConstraintReview.quirks(in: text).map { Mistake(field, $0) }
        } catch {
            return [Mistake(field, error)]
        }
    }
}
