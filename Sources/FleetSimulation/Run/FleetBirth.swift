import Logging
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Makes the machines of a scenario: each as the first installation of its version left it, and registered at the hub.
struct FleetBirth {
    static let exchangeURL = "sim://hub/v1"
    /// The operator's, where there is one.
    static let healthProbe = "/etc/uplift/health.d/neighbour"

    let scenario: Scenario
    let seed: UInt64
    /// The timeline of the next machine: one for all of them, or one for each.
    let timeline: () -> Timeline
    let hub: FleetHub
    let watcher: any FleetWatcher
    let trace: Trace
    let workshop: NodeWorkshop
    /// Not all at once: machines were not switched on by one hand.
    var spread: Duration = .seconds(60)

    func nodes() throws -> [FleetNode] {
        let randomness = SimRandomness(seed: seed)
        var nodes: [FleetNode] = []
        for group in scenario.fleet {
            let first = try installed(group)
            for number in 0..<group.count { nodes.append(try node(group, number, first, randomness)) }
        }
        return nodes
    }

    private struct Image {
        let disk: SimDisk
        let root: SimDisk
        let databases: [TreePath: SimDatabase.Image]
    }

    /// What `upliftd install --first` leaves; the same for all machines of the group.
    private func installed(_ group: NodeGroup) throws -> Image {
        let (tree, stores) = (SimFileTree(SimDisk(capacity: group.diskBytes)), SimStoreOpener())
        let source = SimFileTree()
        let package = TreePath.known("package")
        try source.replace(package, with: SimPackage(version: group.version).bytes)
        let install = FirstInstall(
            tree: tree, archive: SimArchive(), trust: SimTrust(), databases: stores, architecture: SimPackage.architecture)
        _ = try install.run(try source.open(package, for: .reading), signature: nil)
        // Every agent makes one at its first start. Made here, its bytes are shared by all machines.
        Reserve(tree: tree).make()
        return Image(disk: tree.disk.settled, root: try root(group).disk.settled, databases: stores.images)
    }

    private func root(_ group: NodeGroup) throws -> SimFileTree {
        let root = SimFileTree(SimDisk(capacity: 1 << 20))
        for folder in ["etc", "etc/default", "etc/uplift", "etc/uplift/health.d", "run", "run/uplift"].compactMap({ TreePath($0) }) {
            try root.ensureDirectory(folder, mode: 0o755)
        }
        // Where a configuration of a release can override it.
        try root.replace(.known("etc", "default", "horizon"), with: SimPackage.hubSettings(FleetBirth.exchangeURL))
        let lines = group.settings.map { "\($0.key.rawValue)=\($0.value)\n" }.sorted()
        try root.replace(.known("etc", "uplift", "fleet.conf"), with: Array(lines.joined().utf8))
        if group.hasHealthProbe {
            try root.replace(.known("etc", "uplift", "health.d", "neighbour"), with: Array("#!\n".utf8), mode: 0o755)
        }
        return root
    }

    private func node(_ group: NodeGroup, _ number: Int, _ image: Image, _ randomness: SimRandomness) throws -> FleetNode {
        let name = "\(group.name)-\(number + 1)"
        let haGroup = group.highAvailability > 1 ? "\(group.name)-ha-\(number / group.highAvailability + 1)" : nil
        let (tree, timeline) = (SimFileTree(image.disk), timeline())
        var identity = Identity(org: FleetHub.org, node: name, token: "secret", pattern: "", changed: hub.time(at: .zero))
        identity.standing = .configured
        try IdentityFile(tree: tree).write(identity)
        let node = FleetNode(
            NodeBirth(
                name: name, number: register(name, group, haGroup), group: group, haGroup: haGroup, seed: randomness.next(),
                timeline: timeline, hub: hub,
                disk: tree.disk.settled, root: image.root, databases: image.databases, watcher: watcher,
                log: log(of: name, timeline), workshop: workshop, behaviour: behaviour(of: name), wrongFiles: wrongFiles))
        if group.clockSkew > .zero { node.clock.jump(by: group.clockSkew * (randomness.chance * 2 - 1)) }
        timeline.at(spread * randomness.chance) { node.look() }
        return node
    }

    private func log(of name: String, _ timeline: Timeline) -> Logger {
        let (trace, watcher) = (trace, watcher)
        return Logger(label: name) { label in
            TraceLog { level, line in
                trace.note(timeline.now, label, line)
                if level == .critical { watcher.impossible(label, line) }
            }
        }
    }

    private func register(_ name: String, _ group: NodeGroup, _ haGroup: String?) -> Int {
        var row = HubTables.Node()
        row.group = haGroup
        row.policy.top.properties = group.properties
        row.policy.top.constraints = group.constraints
        return hub.change { [row] in $0.add(row, named: name) }
    }

    private var wrongFiles: Set<ComponentVersion> {
        Set(scenario.files.filter(\.isWrong).map { ComponentVersion(component: $0.component, version: $0.version) })
    }

    /// Where a sick build is sick is decided once, by seed, node and version.
    private func behaviour(of name: String) -> @Sendable (String) -> Build.Sickness? {
        let (scenario, seed) = (scenario, seed)
        return { version in
            let build = scenario.build(version)
            guard let sickness = build.sickness else { return nil }
            if !build.sickOn.isEmpty { return build.sickOn.contains(name) ? sickness : nil }
            return SimRandomness(seed: seed ^ "\(name) \(version)".stableHash).chance < build.sickShare ? sickness : nil
        }
    }
}

extension SimRandomness {
    /// A number from 0 up to 1.
    var chance: Double { Double(next() >> 11) / Double(1 << 53) }
}

extension String {
    /// The same on every machine (FNV-1a).
    var stableHash: UInt64 { utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } }
}
