import ArgumentParser
import UpgradeCore
import UpgradeModel
import UpgradeWire

/// `uplift check constraint`.
struct CheckConstraintCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "constraint", abstract: "Whether properties satisfy constraints.",
        discussion: """
            Prints "satisfied", "not_satisfied", or "invalid" when an expression cannot be read. All expressions must hold, as the elements
            of a list of constraints do. FILE is a list of properties, or an object that has one, such as a node policy:
              [{"name": "purpose", "value": "kiosk"}, {"name": "version", "type": "version", "value": "2.31.0"}]

            What nodes take and what means something else than it seems to is answered as a node would, and noted. If it is the reason
            why these properties satisfy the constraint, as in 'a == x || ' (always true), it is refused: it has to be mended, or
            allowed by --allow-quirks.

            Exit codes: 0 satisfied, 1 not satisfied, invalid or refused.

            Examples:
              uplift check constraint --properties node-policy.json 'purpose == kiosk' 'version in [2.0.0,2.99.0]'
              echo '[{"name": "cpu", "value": 4}]' | uplift check constraint --properties - 'cpu >= 2 || purpose == test'
            """)

    @OptionGroup var root: RootOption
    @OptionGroup var quirks: QuirkOption

    @Option(help: ArgumentHelp("The properties (JSON); - is standard input.", valueName: "file"))
    var properties: String

    @Argument(help: ArgumentHelp("A constraint; quote it for the shell.", valueName: "expr"))
    var expressions: [String]

    func run(in world: CommandWorld) throws(CommandError) {
        let properties = try PropertiesFile.read(properties)
        for problem in Property.problems(in: properties) { world.note(Shown.text("\(problem.explanation); \(problem.remedy)")) }
        let verdict = ConstraintVerdict(expressions, properties)
        let quirks = quirks(properties)
        let refused = verdict == .satisfied && !self.quirks.allowQuirks ? quirks.filter(\.misleads).map(\.sentence) : []
        for quirk in quirks where !refused.contains(quirk.sentence) { world.note(quirk.sentence) }
        let reasons = verdict.reasons + refused + (refused.isEmpty ? [] : ["Nodes take this; --allow-quirks is for who means it."])
        try world.answer(verdict.json, isYes: verdict == .satisfied && refused.isEmpty, because: reasons)
    }

    /// What nodes take and what means something else than it seems to, and whether these properties show it.
    private func quirks(_ properties: [Property]) -> [(sentence: String, misleads: Bool)] {
        expressions.enumerated().flatMap { index, text in
            let field = expressions.count == 1 ? "" : "expression \(index + 1)"
            // What cannot be read at all is the verdict's matter.
            let quirks = (try? ConstraintReview.quirks(in: text)) ?? []
            return quirks.map { (Mistake(field, $0).sentence, ConstraintReview.misleads($0, properties)) }
        }
    }
}

/// A document that holds properties.
enum PropertiesFile {
    /// A list, or the member `properties` of an object.
    static func read(_ path: String) throws(CommandError) -> [Property] {
        let bytes = try UserFile.document(path)
        let subject = "properties \(Shown.text(path))"
        let value = try JSONText.read(JSONValue.self, bytes, subject: subject)
        if value.array != nil { return try JSONText.read([PropertyDocument].self, bytes, subject: subject).map(\.asProperty) }
        guard value[member: "properties"] != nil else {
            throw CommandError(.json, "\(subject): expected a list of properties, or an object with the member 'properties'")
        }
        return try JSONText.read(PolicyPartDocument.self, bytes, subject: subject).properties.map(\.asProperty)
    }
}
