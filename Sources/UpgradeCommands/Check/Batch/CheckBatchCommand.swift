import ArgumentParser
import UpgradeWire

/// `uplift check batch`.
struct CheckBatchCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Answer many cases at once, and compare the answers with those that are expected.",
        discussion: """
            A file holds {"cases": [{"id": "a", "kind": "compare", "a": "2.0.0", "b": "2.0.0-rc1", "expect": 1}, …]}. Prints one object
            {"a": 1, …} with the answer to each case, in the form of its "expect" ("expectOrder", "expectObjects", "after"). A case of
            another kind is skipped, and the kind is named on standard error. What is expected is not looked at, but for one thing: an
            error is answered with null where null is expected, and with "error" where that is.

            With --verify each difference is printed on standard error. With "expectOrderAnyOf" any of the orders is right. A case may
            also state "validateAccepts" (constraint_satisfied), "normalized" (parse_range) and "after" (property_list_validate).

            Kinds: \(BatchKinds.questions.keys.sorted().joined(separator: ", ")).

            Exit codes: 0 every case was answered, and as expected; 1 a case lacks a field, an id is there twice, or --verify found a
            difference.

            Example:
              uplift check batch --verify our-constraints.json our-versions.json
            """)

    @OptionGroup var root: RootOption

    @Flag(help: "Compare the answers with the expected ones.")
    var verify = false

    @Argument(help: ArgumentHelp("The cases (JSON); - is standard input.", valueName: "file"))
    var files: [String]

    func run(in world: CommandWorld) throws(CommandError) {
        var report = BatchReport(verifies: verify)
        for file in files {
            let subject = "cases \(Shown.text(file))"
            let cases = try JSONText.read(BatchFile.self, try UserFile.document(file), subject: subject).cases
            for (index, item) in cases.enumerated() { report.add(item, place: "case \(index + 1) of \(file)") }
        }
        world.say(JSONText.pretty(.object(report.answers)))
        for (kind, count) in report.unknownKinds.sorted(by: { $0.key < $1.key }) {
            world.note(Shown.text("\(kind): \(count) \(count == 1 ? "case" : "cases") skipped"))
        }
        guard report.complaints.isEmpty else {
            throw CommandError(.usage, report.complaints.map(Shown.text).joined(separator: "\n"))
        }
        if verify { world.note("\(report.answers.count) answers, all as expected") }
    }
}

/// What became of many cases.
struct BatchReport {
    /// Whether answers are compared with what is expected.
    let verifies: Bool
    /// By id.
    private(set) var answers: [String: JSONValue] = [:]
    /// How many cases each kind has that nobody here knows, by its description.
    private(set) var unknownKinds: [String: Int] = [:]
    /// One line for each case that went wrong, in the order of the cases.
    private(set) var complaints: [String] = []

    init(verifies: Bool) { self.verifies = verifies }

    /// - Parameter place: names a case that has no id.
    mutating func add(_ item: BatchCase, place: String) {
        switch item.outcome {
        case .unknownKind(let kind):
            unknownKinds[kind.map { "kind '\($0)' is not known here" } ?? "a case without a kind cannot be answered", default: 0] += 1
        case .unreadable(let why):
            complaints.append("\(item.id ?? place): \(why)")
        case .answered(let answered):
            guard let id = item.id else { return complaints.append("\(place): the field 'id' is missing, or is no text") }
            if answers.updateValue(answered.answer, forKey: id) != nil {
                complaints.append("\(id): there is more than one case of this id")
            }
            if verifies, let difference = answered.difference { complaints.append("\(id): \(difference)") }
        }
    }
}
