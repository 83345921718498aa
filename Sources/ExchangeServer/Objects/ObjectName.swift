import ExchangeModel

/// Where an object is: the three names of its path.
struct ObjectName: Hashable, Sendable {
    let org: String
    let type: String
    let id: String

    /// Takes the names from the path, refused with 400 when they hold signs that the CSS does not allow.
    init(_ call: Call) throws {
        org = call.parameter("org")
        type = call.parameter("type")
        id = call.parameter("id")
        try Self.check([org, type, id])
    }

    /// The same for names that are not of one object.
    static func check(_ names: [String]) throws {
        for name in names where !ObjectNameRule.isValid(name) {
            throw Refusal.badInput("the name '\(name)' may only hold letters, digits and ! @ # $ ^ * - _ . ~")
        }
    }
}
