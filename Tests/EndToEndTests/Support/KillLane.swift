import Foundation
import UpgradePorts
import UpgradeWire

/// Whom a test kills, with SIGKILL. `all`: also what they have started.
enum KillVictim: String, CaseIterable, Sendable {
    case installer, agent, supervisor, all

    var takesSupervisor: Bool { self == .supervisor || self == .all }
}

/// A hub and a node that goes from upgrade to upgrade while its processes are killed.
final class KillLane: @unchecked Sendable {
    /// How an upgrade ends when nothing is killed: so it must end when something is.
    struct Outcome {
        let isSick: Bool

        var words: [String] {
            let beginning = ["waiting", "download started", "downloaded", "initiated"]
            return beginning + (isSick ? ["failed", "rollback started", "rollback successful"] : ["successful"])
        }
        var last: String { words.last ?? "" }
    }

    /// One upgrade that is under way.
    struct Attempt {
        let policy: String
        let outcome: Outcome
        /// What must be there in the end.
        let version: String
        /// What the exchange must show: a node reports its version after a success.
        let reported: String?
        let before: (release: Int, fingerprint: String)
        /// The exchange's last word at each death of the agent: it may come twice, because a word that arrived is not yet a word that is
        /// known to have arrived.
        var onItsWay: [String] = []
    }

    let scratch = Scratch()
    let hub: TestHub
    let node: TestNode
    let hold: String
    let cargo: KillCargo
    private var number = 0

    /// A node with release 1 (version 1.0.0), registered and running. `address`: where the node finds the hub.
    init(
        settings: [String: String] = [:], cargo: KillCargo = .nothing, through address: (TestHub) throws -> String = { $0.url }
    ) throws {
        self.cargo = cargo
        hub = try TestHub(scratch)
        node = try TestNode(scratch, hubURL: try address(hub), cargo: cargo, settings: settings)
        hold = scratch.path + "/hold"
        try node.start()
        try node.register(hub)
    }

    deinit {
        node.stop()
        for process in node.processes { kill(process.pid, SIGKILL) }
    }

    /// Enters through the boot path; the installer stops after the record, once it is durable.
    func restart(holdingAfter record: String? = nil) throws {
        node.stop()
        removeHold()
        try node.start(environment: record.map(environment) ?? [:])
    }

    /// For a node whose installer or agent is to be held.
    func environment(holdingAt place: String) -> [String: String] { ["UPLIFT_FAILPOINT": "\(place):\(hold)"] }

    var nextVersion: String { "1.\(number + 1).0" }

    /// Publishes the next version and a policy for it. `sick`: it must be rolled back, because of its health command unless one is given.
    func begin(
        sick isSick: Bool, ballast: Int = 0, health: String? = nil, program: TestPackage.Program = .debug,
        entries: [(path: String, mode: Int, bytes: [UInt8])] = []
    ) throws -> Attempt {
        let version = nextVersion
        number += 1
        let policy = "policy\(number)"
        let release = try node.link("current") ?? 0
        let installed = try node.currentVersion() ?? ""
        let before = (release: release, fingerprint: try node.fingerprint(release: release))
        let file = try cargo.package(
            in: try scratch.folder("p"), version: version,
            health: health ?? (isSick ? #"["bin/upliftd","no-such-command"]"# : #"["bin/upliftd","selftest"]"#), ballast: ballast,
            program: program, entries: entries)
        unlink(node.root + "/hooks.txt")
        try node.publisher.publishSoftware(hub, version: version, file: file)
        try FileManager.default.removeItem(atPath: file)
        try node.publisher.publishPolicy(hub, policy, software: version)
        return Attempt(
            policy: policy, outcome: Outcome(isSick: isSick), version: isSick ? installed : version,
            reported: isSick ? try hub.version() : version, before: before)
    }

    /// Waits until the installer is held.
    func awaitHold(_ record: String) throws {
        try eventually("the record \(record)") { FileManager.default.fileExists(atPath: hold) }
    }

    func removeHold() { unlink(hold) }

    /// Lets everybody go on, and nobody stop again: a file cannot be made through a link to nowhere.
    func disarm() {
        symlink("/nonexistent/hold", hold + ".link")
        rename(hold + ".link", hold)
    }

    /// Kills and lets the rest go on; when the supervisor was killed, everything starts again through the boot path, held at `next` if that
    /// is given. `meanwhile` is done before that, while nobody runs. Returns the number of processes that were killed.
    @discardableResult
    func strike(
        _ victim: KillVictim, _ attempt: inout Attempt, holdingAt next: String? = nil, meanwhile: () throws -> Void = {}
    ) throws -> Int {
        let installer = node.installerPID, agent = node.agentPID, supervisor = node.supervisor?.pid
        let targets: [Int32?] =
            switch victim {
            case .installer: [installer]
            case .agent: [agent]
            case .supervisor: [supervisor]
            case .all: [supervisor] + node.processes.map(\.pid)
            }
        for pid in targets.compactMap({ $0 }) { kill(pid, SIGKILL) }
        if next == nil { disarm() } else { removeHold() }
        if victim.takesSupervisor {
            node.supervisor?.killNow()
            try eventually("the end of the killed supervisor's children") { node.processes.isEmpty }
            attempt.onItsWay += try hub.words(attempt.policy).suffix(1)
            try KilledMemory(node: node, scratch: scratch).check()
            try meanwhile()
            try node.start(environment: next.map(environment) ?? [:], awaitAgent: false)
        } else if victim == .agent {
            attempt.onItsWay += try hub.words(attempt.policy).suffix(1)
        }
        return Set(targets.compactMap { $0 }).count
    }

    /// Waits for the end and looks at everything that must then be true.
    func judge(_ attempt: Attempt) throws {
        disarm()
        try eventually("'\(attempt.outcome.last)' of \(attempt.policy)", within: 90) {
            try hub.words(attempt.policy).last == attempt.outcome.last
        }
        try eventually("an empty outbox, one agent, no installer, no job folder") {
            try node.owed() == 0 && node.processes.map(\.command).filter { $0.dropFirst().first == "run" }.count == 1
                && node.processes.count == 2 && FileManager.default.contentsOfDirectory(atPath: node.state + "/jobs").isEmpty
        }
        try eventually("the version at the exchange") { try hub.version() == attempt.reported }
        try check(words: try hub.words(attempt.policy), of: attempt)
        try check(operationsOf: attempt)
        try expect("local word", try node.word(attempt.policy), attempt.outcome.last)
        let listed = try tool([Programs.path("uplift"), "--root", node.root, "nmstatus", "list", "demo/\(attempt.policy)"])
        try expect("uplift nmstatus", listed.contains("\"\(attempt.outcome.last)\""), true)
        try expect("version on disk", try node.currentVersion(), attempt.version)
        try expect("version that the agent says", try node.evidence().version, attempt.version)
        let current = try node.link("current")
        try expect("recover", try node.link("recover"), current)
        try expect("current is the old release", current == attempt.before.release, attempt.outcome.isSick)
        try expect("files of the old release", try node.fingerprint(release: attempt.before.release), attempt.before.fingerprint)
        let releases = try FileManager.default.contentsOfDirectory(atPath: node.state + "/releases").compactMap { Int($0) }.max()
        try expect("newest release folder", releases, current)
        let links = try FileManager.default.contentsOfDirectory(atPath: node.state).filter { $0.hasSuffix(".new") || $0.hasSuffix(".back") }
        try expect("links left over", links, [])
        try expect("moments of hooks", cargo.heard(node), cargo.moments(sick: attempt.outcome.isSick))
        if cargo == .deb {
            try expect("packages", try NodePackages(root: node.root).state(), NodePackages.state(in: attempt.version))
        }
    }

    /// What the exchange was told about a failure.
    func reason(_ attempt: Attempt) throws -> String { try hub.status(attempt.policy)?[member: "errorMessage"]?.string ?? "" }

    private func check(words: [String], of attempt: Attempt) throws {
        var words = words
        for twice in attempt.onItsWay {
            guard let first = words.firstIndex(of: twice), words.dropFirst(first + 1).first == twice else { continue }
            words.remove(at: first)
            print("'\(twice)' was on its way when the agent was killed, and came twice")
        }
        try expect("words", words, attempt.outcome.words)
    }

    /// Every record has ended, and of what the installer does there is one each.
    private func check(operationsOf attempt: Attempt) throws {
        let lines = try tool([
            Programs.path("uplift"), "--root", node.root, "opstatus", "export", "--policy", "demo/\(attempt.policy)",
        ])
        let records = try lines.split(separator: "\n").map { try JSONDecoder().decode(OperationDocument.self, from: Data($0.utf8)) }
        let open = records.filter { ["queued", "running"].contains($0.type) }
        try expect("operations that have not ended", open.map { "\($0.activity) \($0.id)" }, [])
        let ends = ["install", "health", "rollback"].map { activity in
            records.filter { $0.activity == activity }.map(\.type)
        }
        let expected = attempt.outcome.isSick ? [["completed"], ["exception"], ["completed"]] : [["completed"], ["completed"], []]
        try expect("operations of the installer", ends, expected)
    }

    private func expect<Value: Equatable>(_ what: String, _ found: Value, _ expected: Value) throws {
        guard found == expected else { throw Trouble("\(what): found \(found), expected \(expected)") }
    }

    /// The trouble with everything that helps to understand it.
    func explained(_ error: any Error, _ what: String) -> Trouble {
        let journals = (try? tool(["sh", "-c", "strings '\(node.state)'/jobs/*/journal 2>&1"], accept: [0, 1])) ?? ""
        let tail = node.log().split(separator: "\n").suffix(40).joined(separator: "\n")
        let left = node.processes.map { "\($0.pid) \($0.command.joined(separator: " "))" }.joined(separator: "\n")
        return Trouble("\(what): \(error)\n\(left)\n\(journals)\n\(tail)")
    }
}

extension TestNode {
    /// Everything that runs on this node, commands of packages included: each has the node's folder in its arguments.
    var processes: [Processes.Entry] {
        let mark = root.split(separator: "/").suffix(2).joined(separator: "/")
        return Processes.all().filter { process in process.command.contains { $0.contains(mark) } && process.pid != getpid() }
    }

    /// Words that the exchange has not yet.
    func owed() throws -> Int {
        guard let count = try local("GET", "status").body?[member: "x-uplift"]?[member: "outbox"]?.integer else {
            throw Trouble("no outbox in /status")
        }
        return Int(count)
    }
}
