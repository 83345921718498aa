import Synchronization
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// An Open Horizon agent on a simulated node: one Debian package, one database, a service. Its upgrade script calls dpkg and then changes the
/// database; each change is an operation that can fail or be interrupted.
final class SimHorizon: Sendable {
    static let database = TreePath.known("var", "horizon", "anax.db")
    static let job = HorizonJob(org: "acme", node: "edge7", overwrites: false)

    private let tree: FaultyTree
    private let dpkg: SimDpkg
    private let runs: Mutex<Bool>
    private let isHubUp: @Sendable () -> Bool

    /// - Parameter runs: its service was started at the boot, or by whoever lived before us.
    init(_ tree: FaultyTree, _ dpkg: SimDpkg, runs: Bool, isHubUp: @escaping @Sendable () -> Bool) {
        (self.tree, self.dpkg, self.isHubUp) = (tree, dpkg, isHubUp)
        self.runs = Mutex(runs)
    }

    /// Its service runs.
    var isRunning: Bool { runs.withLock { $0 } }

    /// Version 1.0.0 as the agent has put it on disk before the hand-over.
    static func begin(in tree: SimFileTree) throws {
        try SimDpkg.begin(in: tree)
        try tree.put(HorizonFiles.defaults, "HZN_CONFIG_VERSION=1\n")
        try tree.put(database, "old database")
        let folder = Layout.back(Fixture.ticket)
        try tree.put(folder.appending("horizon.deb"), "deb 1.0.0")
        var list = BackList()
        list.install = ["horizon.deb"]
        list.horizon = job
        try list.write(Fixture.ticket, in: tree)
        let folders = [TreePath.root, .known("etc"), .known("etc", "default"), .known("var"), .known("var", "horizon"), folder]
        for folder in folders + [Layout.job(Fixture.ticket)] { try tree.syncDirectory(folder) }
    }

    /// What it is at rest: package, database, service.
    var image: String {
        let database = (try? tree.inner.text(Self.database)) ?? nil
        return
            "\(SimDpkg.state(in: tree.inner)?.description ?? "nothing"), \(database ?? "nothing"), \(isRunning ? "runs" : "stands still")"
    }

    /// Who it is and how it does.
    func agent(_ settings: [String: String] = [:], seen: any FileTree) -> HorizonAgent {
        let text = settings.merging(["managed-agent": "horizon"]) { old, _ in old }.map { "\($0.key)=\($0.value)\n" }.joined()
        return HorizonAgent(
            system: seen, systemRoot: "/node", http: SimNeighbour { [self] in answer($0) },
            settings: Settings(layers: [.init(name: "test", text: text, isLocal: true)]))
    }

    private func answer(_ path: String) -> String? {
        guard isRunning else { return nil }
        return path == "status"
            ? #"{"configuration":{"preferred_exchange_version":"2.110.3","exchange_version":"\#(isHubUp() ? "2.126.1" : "")"}}"#
            : #"{"id":"edge7","organization":"acme","nodeType":"device","configstate":{"state":"configured"}}"#
    }

    /// Nil for a command that is none of its own.
    func run(_ command: Command) -> SimCommands.Outcome? {
        switch command.executable {
        case "/usr/bin/dpkg-query":
            guard let state = SimDpkg.state(in: tree.inner) else { return .exits(1, after: .zero) }
            return .says("\(state.version) amd64 \(state.word)")
        case "/node/usr/bin/systemctl":
            runs.withLock { $0 = command.arguments.first == "start" }
            return .exits(0, after: .milliseconds(100))
        case "/bin/bash": return script(command)
        default: return nil
        }
    }

    private func script(_ command: Command) -> SimCommands.Outcome {
        var install = command
        install.arguments = ["--install", command.directory + "/horizon.deb"]
        let outcome = dpkg.run(install)
        guard outcome == .exits(0, after: .seconds(1)) else { return outcome }
        do {
            try tree.change("write", Self.database) { () throws(FileError) in
                try tree.inner.replace(Self.database, with: Array("new database".utf8))
            }
        } catch { return .exits(2, after: .seconds(1)) }
        runs.withLock { $0 = true }
        return outcome
    }
}
