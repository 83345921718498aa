import UpgradeCore
import UpgradeModel
import UpgradeWire

/// What a policy will do on each node of its organization, as far as the exchange tells.
struct PolicyPreview {
    /// What will happen; the raw value is shown.
    enum Fate: String, CaseIterable {
        case upgrades
        case nothingToDo = "nothing to do"
        case never = "never"
        case unknown = "unknown"
        case noMatch = "no match"
        case unregistered = "not registered"
    }

    /// Nodes that share fate and reason.
    struct Group {
        let fate: Fate
        let reason: String
        var nodes: [String]
    }

    /// The nodes that the policy is for.
    private(set) var appliesTo: [String] = []
    /// In the order of `Fate`, then by reason.
    private(set) var groups: [Group] = []

    /// What no exchange tells of anybody.
    static let notTold =
        "the install strategy of packages and nodes, free space, and versions that a node refuses because it ran a higher one"

    /// Asks the hub for what is offered, and for the statuses of the nodes that match.
    init(of file: PolicyFile, named policy: QualifiedName, fleet: Fleet, hub: Hub) throws(CommandError) {
        let offer = try PreviewOffer(of: file, policy, hub: hub)
        for member in fleet.members {
            switch Fleet.verdict(file.document, member) {
            case .doesNotMatch(let obstacles):
                add(member.name, .noMatch, obstacles.map(\.explanation).joined(separator: "; "))
            case .matches:
                appliesTo.append(member.name)
                let (fate, reason) = Self.fate(try offer.outlook(for: member, hub: hub))
                add(member.name, fate, reason)
            }
        }
        for name in fleet.unregistered { add(name, .unregistered, "its agent has published no key") }
        let order = Dictionary(uniqueKeysWithValues: Fate.allCases.enumerated().map { ($1, $0) })
        groups.sort { (order[$0.fate] ?? 0, $0.reason) < (order[$1.fate] ?? 0, $1.reason) }
    }

    /// For scripts: all names.
    var json: JSONValue {
        [
            "appliesTo": .array(appliesTo.map { .string($0) }),
            "groups": .array(
                groups.map {
                    ["fate": .string($0.fate.rawValue), "reason": .string($0.reason), "nodes": .array($0.nodes.map { .string($0) })]
                }),
            "notTold": .string(Self.notTold),
        ]
    }

    /// For people: some names of each group.
    var table: String {
        let width = Fate.allCases.map(\.rawValue.count).max() ?? 0
        let indent = String(repeating: " ", count: 7 + width + 2)
        var lines = [Self.row("NODES", "WHAT", "WHY", width)]
        for group in groups {
            lines.append(Self.row(String(group.nodes.count), group.fate.rawValue, Shown.text(group.reason), width))
            let more = group.nodes.count - Self.namesMax
            let names = group.nodes.prefix(Self.namesMax).map(Shown.text).joined(separator: ", ")
            lines.append(indent + names + (more > 0 ? " and \(more) more" : ""))
        }
        return (lines + ["The Exchange does not tell: \(Self.notTold)."]).joined(separator: "\n")
    }

    private static let namesMax = 10

    private static func row(_ count: String, _ fate: String, _ reason: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, 5 - count.count)) + count + "  " + fate
            + String(repeating: " ", count: width - fate.count + 2) + reason
    }

    private static func fate(_ outlook: PreviewRule.Outlook) -> (Fate, String) {
        switch outlook {
        case .upgrades: (.upgrades, "nothing that the Exchange tells speaks against it")
        case .nothingToDo(let reason): (.nothingToDo, reason)
        case .never(let reason): (.never, reason)
        case .unknown(let reason): (.unknown, reason)
        }
    }

    private mutating func add(_ node: String, _ fate: Fate, _ reason: String) {
        if let index = groups.firstIndex(where: { $0.fate == fate && $0.reason == reason }) {
            groups[index].nodes.append(node)
        } else {
            groups.append(Group(fate: fate, reason: reason, nodes: [node]))
        }
    }
}
