import UpgradeArchive
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// A node with release 1 and a job that is handed over, as the agent leaves it: verified files, unpacked package, plan.
struct Fixture {
    static let ticket = Ticket(high: 7, low: 9)
    static let policy = PolicyID(org: "acme", name: "nmp")

    var scenario = Scenario()
    var name = "uplift"
    var version = Scenario.new[.software] ?? ""
    var architecture = "amd64"
    /// The strategy of the package, if it is another than the node's.
    var strategy: String?
    var stampVersion: String?
    var signedByStranger: Component?
    var tamper: (SimFileTree) throws -> Void = { _ in }
    var changePlan: (JobPlan) -> JobPlan = { $0 }
    var newRelease = 2
    var oldRelease = 1

    static let start = UTCInstant(secondsSinceEpoch: 1_767_225_600)

    func image() throws -> NodeImage {
        let before = SimFileTree()
        try oldRelease(before)
        try before.makeFolders(Layout.verified(Fixture.ticket))
        // Before the hand-over the agent makes all of this durable.
        let inner = SimFileTree(before.disk.settled)
        try job(inner)
        if scenario.strategy == .deb { try wayBack(inner) }
        if scenario.strategy == .script { try SimHorizon.begin(in: inner) }
        try tamper(inner)
        return NodeImage(disk: inner.disk, agent: SimAgent.Image(), now: Fixture.start, sinceBoot: .seconds(100))
    }

    static func descriptor(name: String, version: String, architecture: String, strategy: String) -> String {
        """
        {"formatVersion": 1, "name": "\(name)", "version": "\(version)", "architecture": "\(architecture)", "strategy": "\(strategy)",
         "health": {"command": ["bin/health", "--now"], "deadlineSeconds": 20}}
        """
    }

    private var packageName: String { scenario.strategy == .script ? HorizonAgent.word : name }

    /// Beside the program.
    private var others: [(String, String)] {
        switch scenario.strategy {
        case .tree: []
        case .deb: [("packages/agent.deb", "deb 1.1.0")]
        case .script: [("agent-install.sh", "script"), ("horizon.deb", "deb 1.1.0")]
        }
    }

    static func package(_ descriptor: String, others: [(String, String)] = []) -> [UInt8] {
        var tar = Tar()
        tar.add("upgrade-package.json", descriptor)
        tar.add(folder: "bin")
        tar.add("bin/upliftd", "program of \(descriptor)", mode: 0o755)
        tar.add("bin/health", "health of \(descriptor)", mode: 0o755)
        tar.add("share/doc/readme", "a text in a folder that no entry names")
        tar.add("share/empty", "")
        for (name, text) in others { tar.add(name, text) }
        return tar.ended
    }

    private func oldRelease(_ tree: SimFileTree) throws {
        // An agent that upgrades another one was installed as a tree itself.
        let strategy = scenario.strategy == .script ? InstallStrategy.tree : scenario.strategy
        let text = Fixture.descriptor(name: "uplift", version: "1.0.0", architecture: "amd64", strategy: strategy.rawValue)
        for name in ["upgrade-package.json", "bin/upliftd", "bin/health", "share/doc/readme"] {
            guard let path = TreePath(name) else { throw ScratchError() }
            let isProgram = name.hasPrefix("bin")
            try tree.put(
                Layout.software(1).appending(path), name == "upgrade-package.json" ? text : "old \(name)", mode: isProgram ? 0o755 : 0o644)
        }
        try tree.put(Layout.configuration(1), stamped(.configuration, "1", "HZN_ORG_ID=acme\n"))
        try tree.put(Layout.certificate(1), stamped(.certificate, "1", "old certificate\n"))
        try tree.put(Layout.database(1), "0")
        let part = { (version: String) in ReleaseDocument.Part(version: version, digest: "") }
        let document = ReleaseDocument(
            software: part("1.0.0"), configuration: part("1"), certificate: part("1"), strategy: scenario.strategy, job: nil)
        try tree.put(Layout.releaseFile(1), document.bytes)
        try tree.symbolicLink("releases/1", at: Layout.current)
        try tree.symbolicLink("releases/1", at: Layout.recover)
    }

    /// What the agent has put on disk before the hand-over, and dpkg's own memory.
    private func wayBack(_ tree: SimFileTree) throws {
        try SimDpkg.begin(in: tree)
        let folder = Layout.back(Fixture.ticket)
        try tree.makeDirectory(folder, mode: 0o700)
        try tree.replace(folder.appending("agent.deb"), with: Array("deb 1.0.0".utf8))
        var list = BackList()
        list.install = ["agent.deb"]
        try list.write(Fixture.ticket, in: tree)
        try tree.syncDirectory(Layout.job(Fixture.ticket))
    }

    private func stamped(_ kind: Component, _ version: String, _ text: String) throws -> [UInt8] {
        guard let stamp = FileStamp(kind: kind, version: version) else { throw ScratchError() }
        return stamp.adding(to: Array(text.utf8))
    }

    private func content(_ component: Component) throws -> [UInt8] {
        switch component {
        case .software:
            Fixture.package(
                Fixture.descriptor(
                    name: packageName, version: version, architecture: architecture, strategy: strategy ?? scenario.strategy.rawValue),
                others: others)
        case .configuration, .certificate:
            try stamped(component, stampVersion ?? Scenario.new[component] ?? "", "new \(component.rawValue)\n")
        }
    }

    private func job(_ tree: SimFileTree) throws {
        let publisher = try Publisher.shared.get()
        var files: [JobFile] = []
        for component in Component.allCases where scenario.components.contains(component) {
            let bytes = try content(component)
            let signature = try publisher.sign(bytes, asStranger: signedByStranger == component)
            let file = JobFile(
                component: component, version: Scenario.new[component] ?? "", objectType: "type", objectID: "\(component.rawValue).file",
                length: Int64(bytes.count), hashAlgorithm: signature.hashAlgorithm, publicKey: signature.publicKey,
                signature: signature.signature)
            files.append(file)
            try tree.put(Layout.verified(Fixture.ticket).appending(file.localName), bytes)
            try tree.syncDirectory(Layout.verified(Fixture.ticket))
            if component == .software { try unpack(file, tree, publisher) }
        }
        let plan = JobPlan(versions: Scenario.new.filter { scenario.components.contains($0.key) }, files: files)
        let handover = Handover(
            ticket: Fixture.ticket, plan: changePlan(plan), oldRelease: oldRelease, newRelease: newRelease,
            deadline: Fixture.start.adding(.seconds(1800)))
        try tree.replace(Layout.plan(Fixture.ticket), with: HandoverDocument(policy: Fixture.policy, handover: handover).bytes, mode: 0o600)
    }

    private func unpack(_ file: JobFile, _ tree: SimFileTree, _ publisher: Publisher) throws {
        let expected = DescriptorRule.Expectation(
            name: packageName, version: version, architecture: architecture,
            strategy: strategy.flatMap { InstallStrategy(rawValue: $0) } ?? scenario.strategy)
        var unpacker = Unpacker(
            package: Layout.verified(Fixture.ticket).appending(file.localName), staged: Layout.staged(Fixture.ticket), list: nil,
            expected: expected, ports: UnpackPorts(tree: tree, archive: LibArchiveReader(), trust: publisher.trust))
        _ = try finish { try unpacker.step() }
    }
}
