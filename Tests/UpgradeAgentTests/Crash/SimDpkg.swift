import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// dpkg with one package, as `dpkg-states.json` shows the real one: each change of the package's state is an operation that can fail or be
/// interrupted, and is durable once it has happened.
final class SimDpkg: Sendable {
    /// A state of the package, as dpkg-query says it.
    struct State: Hashable, CustomStringConvertible {
        var word: String
        var version: String
        /// Its own script was killed while it was to be replaced (`reinstreq`): only new files help.
        var needsFiles = false

        var description: String { "\(word) \(version)" }
    }

    /// Its memory lies on the node's disk, away from ours.
    private static let place = TreePath.known("dpkg").appending("status")

    private let tree: FaultyTree

    init(_ tree: FaultyTree) { self.tree = tree }

    /// Version 1.0.0 is installed.
    static func begin(in tree: SimFileTree) throws {
        try tree.makeDirectory(place.parent, mode: 0o755)
        try tree.replace(place, with: Array("installed 1.0.0".utf8))
        try tree.syncDirectory(.root)
    }

    /// What dpkg says of the package; nil where there is no dpkg.
    static func state(in tree: SimFileTree) -> State? {
        guard let words = (try? tree.text(place))??.split(separator: " "), words.count >= 2 else { return nil }
        return State(word: String(words[0]), version: String(words[1]), needsFiles: words.count > 2)
    }

    /// The whole call.
    func run(_ command: Command) -> SimCommands.Outcome {
        guard let state = Self.state(in: tree.inner) else { return .missing }
        let version = command.arguments.last.flatMap { packaged($0) }
        let isInstall = command.arguments.contains("--install")
        guard let steps = isInstall ? version.map({ Self.install($0, from: state) }) : Self.configure(state) else {
            return .exits(isInstall ? 2 : 1, after: .seconds(1))
        }
        do {
            for step in steps { try enter(step) }
            return .exits(0, after: .seconds(1))
        } catch {
            return .exits(1, after: .seconds(1))
        }
    }

    /// The states on the way to an installed version.
    static func install(_ version: String, from state: State) -> [State] {
        let isConfigured = ["installed", "half-configured"].contains(state.word)
        return (isConfigured ? [State(word: "half-configured", version: state.version, needsFiles: true)] : [])
            + [State(word: "half-installed", version: state.version)]
            + ["unpacked", "half-configured", "installed"].map { State(word: $0, version: version) }
    }

    /// What is left half unpacked it leaves alone; nil = it refuses.
    static func configure(_ state: State) -> [State]? {
        if state.word == "half-configured", state.needsFiles { return nil }
        guard ["unpacked", "half-configured"].contains(state.word) else { return [] }
        return ["half-configured", "installed"].map { State(word: $0, version: state.version) }
    }

    private func enter(_ state: State) throws(FileError) {
        try tree.change("dpkg \(state.word)", Self.place) { () throws(FileError) in
            try tree.inner.replace(Self.place, with: Array("\(state)\(state.needsFiles ? " reinstreq" : "")".utf8))
        }
    }

    private func packaged(_ file: String) -> String? {
        guard file.hasPrefix("/node/"), let path = TreePath(String(file.dropFirst("/node/".count))) else { return nil }
        return (try? tree.inner.text(path))??.split(separator: " ").last.map(String.init)
    }
}
