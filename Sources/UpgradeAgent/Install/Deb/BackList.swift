import UpgradeModel
import UpgradePorts

/// Which Open Horizon agent a job upgrades, and how.
struct HorizonJob: Hashable, Sendable {
    let org: String
    let node: String
    /// The policy allows a downgrade.
    let overwrites: Bool
}

/// `back.list` in the job folder: how the packages that were installed before come back. It is written last, when everything that it names
/// is on disk and synced. Source: architecture, "Install": the way back is on disk first.
struct BackList: Hashable {
    /// File names in the job's `back` folder, to be installed.
    var install: [String] = []
    /// Names of packages that were not installed before.
    var remove: [String] = []
    /// The Open Horizon agent that the job upgrades; nil where the job is about this agent.
    var horizon: HorizonJob?

    /// The text on disk: a word and a name a line, and a last line by which a whole list is known.
    var text: String {
        var lines = install.map { "install \($0)" } + remove.map { "remove \($0)" }
        if let horizon { lines += ["org \(horizon.org)", "node \(horizon.node)"] + (horizon.overwrites ? ["overwrite yes"] : []) }
        return (lines + ["end \(lines.count)"]).map { $0 + "\n" }.joined()
    }

    /// Errors: none; nil for a text that is not a whole list.
    init?(text: String) {
        var lines = text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        guard let end = lines.popLast(), end == ["end", String(lines.count)] else { return nil }
        var words: [String: String] = [:]
        for line in lines {
            guard line.count == 2, TreePath.isAllowed(line[1]), !line[1].hasPrefix("-") else { return nil }
            switch line[0] {
            case "install": install.append(line[1])
            case "remove": remove.append(line[1])
            case "org", "node", "overwrite": words[line[0]] = line[1]
            default: return nil
            }
        }
        if let org = words["org"], let node = words["node"] {
            horizon = HorizonJob(org: org, node: node, overwrites: words["overwrite"] != nil)
        } else if !words.isEmpty {
            return nil
        }
    }

    init() {}

    /// The list of a job; nil when there is none, or not a whole one.
    static func read(_ ticket: Ticket, in tree: any FileTree) throws(FileError) -> BackList? {
        try tree.text(Layout.back(ticket).appending("back.list")).flatMap { BackList(text: $0) }
    }

    /// Writes it, durable.
    func write(_ ticket: Ticket, in tree: any FileTree) throws(FileError) {
        try tree.replace(Layout.back(ticket).appending("back.list"), with: Array(text.utf8))
    }
}
