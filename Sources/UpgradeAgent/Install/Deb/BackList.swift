import UpgradeModel
import UpgradePorts

/// `back.list` in the job folder: how the packages that were installed before come back. It is written last, when everything that it names
/// is on disk and synced. Source: architecture, "Install": the way back is on disk first.
struct BackList: Hashable {
    /// File names in the job's `back` folder, to be installed.
    var install: [String] = []
    /// Names of packages that were not installed before.
    var remove: [String] = []

    /// The text on disk: a word and a name a line, and a last line by which a whole list is known.
    var text: String {
        (install.map { "install \($0)\n" } + remove.map { "remove \($0)\n" }).joined() + "end \(install.count + remove.count)\n"
    }

    /// Errors: none; nil for a text that is not a whole list.
    init?(text: String) {
        var lines = text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        guard let end = lines.popLast(), end == ["end", String(lines.count)] else { return nil }
        for line in lines {
            guard line.count == 2, TreePath.isAllowed(line[1]), !line[1].hasPrefix("-") else { return nil }
            switch line[0] {
            case "install": install.append(line[1])
            case "remove": remove.append(line[1])
            default: return nil
            }
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
