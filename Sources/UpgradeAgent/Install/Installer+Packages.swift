import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Strategy `deb`: the release folder is switched as always, and with it the Debian packages that it brings. Source: architecture, "Install".
extension Installer {
    /// Before anything else: the way back must be on disk, and dpkg able to work. Nil when the job brings no packages.
    func packagesToFinish(_ handover: Handover) throws -> PackageRun? {
        if try strategy() != .script, try BackList.read(ticket, in: ports.tree)?.horizon != nil {
            throw ReleaseError("the job upgrades an Open Horizon agent, and managed-agent names none any more")
        }
        guard try bringsPackages(handover) else { return nil }
        guard let list = try BackList.read(ticket, in: ports.tree) else {
            throw ReleaseError("no way back: the job has no whole back.list")
        }
        for name in list.install where try ports.tree.entry(Layout.back(ticket).appending(name))?.kind != .file {
            throw ReleaseError("no way back: \(name) is missing in the job's folder")
        }
        if try strategy() == .script { try checkHorizon(list) }
        return PackageRun([ports.settings.dpkg.finish()], commands: ports.commands)
    }

    mutating func finished(_ step: Step<String?>) throws -> Step<Void> {
        switch step {
        case .done(nil): phase = try beforeStop()
        case .done(.some(let trouble)): throw ReleaseError("dpkg cannot work on this node: \(trouble)")
        case .sleep(let time): return .sleep(time)
        case .again, .await: break
        }
        return .again
    }

    /// What has to be done beside the releases after the switch; nil when nothing has to.
    func newPackages(_ handover: Handover) throws -> PackageRun? {
        if let (agent, job) = try horizonJob() { return upgrade(of: agent, job, handover) }
        let strategy = (try? ReleaseFacts.read(handover.newRelease, in: ports.tree))?.descriptor?.strategy
        guard handover.plan.versions[.software] != nil, strategy == .deb else { return nil }
        let names = try PackageFiles.names(in: Layout.packages(handover.newRelease), ports.tree)
        guard !names.isEmpty else { return nil }
        let folder = ports.settings.stateFolder + "/" + Layout.packages(handover.newRelease).text
        let dpkg = ports.settings.dpkg
        return PackageRun([dpkg.install(names.map { folder + "/" + $0 })], repair: dpkg.finish(), commands: ports.commands)
    }

    /// A package whose installation ends the machine must not do so for ever. Errors: it was begun too often. What cannot be counted goes on.
    func countAttempt() throws(ReleaseError) {
        let path = Layout.job(ticket).appending("attempts")
        let before = ((try? ports.tree.text(path)) ?? nil).flatMap { Int($0) } ?? 0
        guard before < Self.attemptsMax else {
            throw ReleaseError("installing the packages was begun \(before) times and never came to an end")
        }
        try? ports.tree.replace(path, with: Array("\(before + 1)".utf8))
    }

    private static let attemptsMax = 6

    mutating func brought(_ step: Step<String?>) throws -> Step<Void> {
        switch step {
        case .done(nil): return try switched(try known())
        case .done(.some(let trouble)): rollBack(try known(), trouble)
        case .sleep(let time): return .sleep(time)
        case .again, .await: break
        }
        return .again
    }

    private func bringsPackages(_ handover: Handover) throws -> Bool {
        switch try strategy() {
        case .tree: false
        case .deb: handover.plan.versions[.software] != nil
        case .script: true
        }
    }
}

extension PackageRun {
    /// The way back of a job, told by its list alone; nil when it brought no packages.
    static func back(_ handover: Handover, _ ports: InstallPorts) throws -> PackageRun? {
        let ticket = handover.ticket
        guard let list = try BackList.read(ticket, in: ports.tree) else { return lostHorizon(handover, ports) }
        let folder = ports.settings.stateFolder + "/" + Layout.back(ticket).text
        let dpkg = ports.settings.dpkg
        var wanted: [Command] = []
        if !list.remove.isEmpty { wanted.append(dpkg.remove(list.remove)) }
        if !list.install.isEmpty { wanted.append(dpkg.install(list.install.map { folder + "/" + $0 })) }
        var acts = wanted.map { Act.call($0) }
        if list.horizon != nil { acts = try horizon(ticket, ports, around: acts) }
        return PackageRun(acts, repair: dpkg.finish(), commands: ports.commands)
    }
}
