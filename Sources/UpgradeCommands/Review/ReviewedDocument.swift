import ArgumentParser
import UpgradeWire

/// Whether forms that nodes take, and that mean something else than they seem to, are refused.
struct QuirkOption: ParsableArguments {
    @Flag(help: "Take forms that mean something else than they seem to, as 'a == x || ', with a warning.")
    var allowQuirks = false
}

/// A JSON document that a user wrote, with every mistake in it.
struct ReviewedDocument {
    let bytes: [UInt8]
    /// Nil when it is not JSON at all.
    let value: JSONValue?
    let check: ShapeCheck

    /// - Parameter review: looks at the document's members.
    init(_ path: String, review: (JSONValue, inout ShapeCheck) -> Void) throws(CommandError) {
        bytes = try UserFile.document(path)
        var check = ShapeCheck()
        var value: JSONValue?
        if let fault = JSONSyntax.fault(in: bytes) {
            check.add(Mistake("", fault.message, remedy: fault.remedy, at: .line(fault.line, column: fault.column)))
        } else {
            do throws(CommandError) {
                let read = try JSONText.read(JSONValue.self, bytes, subject: "the document")
                review(read, &check)
                value = read
            } catch {
                check.add("", error.text, remedy: "write JSON in UTF-8")
            }
        }
        self.value = value
        self.check = check
    }

    /// Throws every mistake that counts; says those that are allowed.
    func refuse(_ subject: String, _ quirks: QuirkOption, in world: CommandWorld) throws(CommandError) {
        if value == nil, let mistake = check.mistakes.first { throw CommandError(.json, "\(subject): \(mistake.sentence)") }
        try check.refuse(subject, allowingQuirks: quirks.allowQuirks)
        for quirk in check.mistakes { world.note(quirk.sentence) }
    }

    /// Prints the verdict as JSON, and its words beside; throws when the document is not valid.
    func judge(_ quirks: QuirkOption, in world: CommandWorld) throws(CommandError) {
        let mistakes = check.mistakes(allowingQuirks: quirks.allowQuirks)
        var verdict: [String: JSONValue] = ["valid": .bool(mistakes.isEmpty), "mistakes": .array(mistakes.map(\.json))]
        if quirks.allowQuirks {
            let warnings = check.mistakes.filter(\.isQuirk)
            verdict["warnings"] = .array(warnings.map(\.json))
            for warning in warnings { world.note(warning.sentence) }
        }
        try world.answer(.object(verdict), isYes: mistakes.isEmpty, because: mistakes.map(\.sentence) + ShapeCheck.hints(mistakes))
    }
}
