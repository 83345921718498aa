import UpgradeWire

/// The body of a PATCH. Source: contract 1.2.
package enum SoleAttributeRule {
    /// The name of the one attribute that is given; none or several are refused with the real exchange's words.
    package static func name(in body: JSONValue) throws(Refusal) -> String {
        let given = (body.object ?? [:]).filter { $0.value != .null }.keys
        guard let name = given.first, given.count == 1 else { throw .badInput("bad input") }
        return name
    }
}
