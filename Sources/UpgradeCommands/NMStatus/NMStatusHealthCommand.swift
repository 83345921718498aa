import ArgumentParser
import FoundationEssentials
import UpgradeWire

/// `uplift nmstatus health`: ours alone.
struct NMStatusHealthCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Show what the health probes found when each management policy was tried, or one.",
        discussion: "The same is JSON in 'uplift nmstatus list -l', under x-uplift.health.")

    @OptionGroup var root: RootOption

    @Argument(help: "A management policy, NAME or ORG/NAME.")
    var name: String?

    func run(in world: CommandWorld) throws(CommandError) {
        let statuses = try NMStatuses.get(name, from: LocalAgent(root, in: world))
        if let missing = statuses.missing { world.note(missing) }
        for (policy, status) in statuses.all.sorted(by: { $0.key < $1.key }) {
            let rows = status[member: "x-uplift"]?[member: "health"]?[member: "trial"]?.array ?? []
            world.say("\(Shown.text(policy)): \(Shown.text(NMStatuses.word(status).string ?? ""))")
            world.say(rows.isEmpty ? "  no results are kept" : HealthTable(rows).text)
        }
    }
}

/// Results of probes, a line each.
struct HealthTable {
    private let rows: [[String]]

    /// Takes results as the agent's local API shows them.
    init(_ results: [JSONValue]) {
        rows =
            [["PROBE", "RESULT", "SECONDS", "ENDED", "FOUND"]]
            + results.map { result in
                let text = { (key: String) in Shown.text(result[member: key]?.string ?? "") }
                return [text("name"), text("verdict"), Self.seconds(result), text("at"), text("sentence")]
            }
    }

    private static func seconds(_ result: JSONValue) -> String {
        if case .number(let seconds)? = result[member: "seconds"] { "\(seconds)" } else { "" }
    }

    /// Indented below the policy that they belong to.
    var text: String { TextTable(rows).lines.map { "  " + $0 }.joined(separator: "\n") }
}
