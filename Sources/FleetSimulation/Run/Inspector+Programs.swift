import Synchronization
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeWire

/// What runs on a node.
extension Inspector {
    /// In ten minutes.
    private static let installersMax = 60

    /// What starts is one package, whole, and one that the holder of the key signed.
    func starts(_ node: FleetNode, release: Int) {
        guard let version = node.version(of: release) else { return }
        trace.note(node.clock.elapsed, node.name, "starts \(version)")
        chronicler.starts(node.name, version)
        if let difference = node.difference(of: release, from: version, { described($0) }) {
            violated(node, "release \(release) is no \(version): \(difference)")
        }
        let build = offered(version)
        if let harm = build.damage?.rawValue ?? build.trap?.rawValue, node.group.version != version {
            violated(node, "starts \(version), which is \(harm) at the hub")
        }
        let isTrial = node.link(Layout.recover) != release
        let truth = truth(of: node.name)
        let isAsked = truth.trying.map { truth.insisting[$0] != nil } ?? false
        if isTrial, !isAsked, truth.rolledBack.contains(version) {
            violated(node, "tries version \(version) again by itself, which was rolled back here")
        }
    }

    /// An installer starts: each gets further, or waits longer than the last one.
    func installs(_ node: FleetNode) {
        if tally(node, \.installers) == Inspector.installersMax {
            violated(node, "starts an installer more than \(Inspector.installersMax) times in ten minutes")
        }
    }

    private func described(_ descriptor: [UInt8]) -> String? {
        if let known = state.withLock({ $0.described[descriptor] }) { return known }
        let version = PackageReading.version(of: descriptor)
        state.withLock { $0.described[descriptor] = .some(version) }
        return version
    }

    /// A release is committed.
    func commits(_ node: FleetNode) {
        guard let release = node.link(Layout.current) else { return }
        if !truth(of: node.name).proven.contains(release) {
            violated(node, "release \(release) is committed without a proof of health in this boot")
        }
    }
}

extension FleetNode {
    /// The version whose program a release holds.
    func version(of release: Int) -> String? { (try? tree.text(Layout.program(release))) ?? nil }

    /// The release that a link names.
    func link(_ path: TreePath) -> Int? { (try? tree.release(at: path)) ?? nil }

    /// `current` and `recover` name one release.
    var isAtRest: Bool { link(Layout.current).map { $0 == link(Layout.recover) } ?? false }

    /// What runs, as the disk says.
    func version(of component: Component) -> String? {
        guard let release = link(Layout.current) else { return nil }
        switch component {
        case .software: return version(of: release)
        case .configuration: return stamp(Layout.configuration(release))
        case .certificate: return stamp(Layout.certificate(release))
        }
    }

    private func stamp(_ path: TreePath) -> String? {
        guard let bytes = try? tree.contents(path) else { return nil }
        return (try? FileStamp.read(file: bytes))?.version
    }

    /// What in a release is not as in the package of a version: old or new, nothing between.
    fileprivate func difference(of release: Int, from version: String, _ described: ([UInt8]) -> String?) -> String? {
        let folder = Layout.software(release)
        for path in [SimPackage.program, SimPackage.healthCommand] {
            let found = TreePath(path).flatMap { (try? tree.text(folder.appending($0))) ?? nil }
            if found != version { return "\(path) is \(found.map { "'\($0)'" } ?? "missing")" }
        }
        let descriptor = try? tree.contents(Layout.descriptor(release))
        guard descriptor.flatMap(described) == version else { return "its descriptor is another one's" }
        let notes = try? tree.text(folder.appending(SimPackage.notes))
        guard let notes, SimPackage.isNotes(notes, of: version) else {
            return "\(SimPackage.notes) is \(notes.map { "'\($0)'" } ?? "missing")"
        }
        let names = (try? tree.list(folder)) ?? []
        return names == ["bin", "share", "upgrade-package.json"] ? nil : "found \(names)"
    }
}
