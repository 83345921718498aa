import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Builds `releases/<n>` complete: what the plan replaces from verified bytes, the rest from the running release; then the links that switch,
/// commit and rollback will only rename. Each step is one file or one folder. Source: install.md, "Layout" and "The journal".
struct ReleaseAssembly {
    private enum Phase {
        case clear
        case software
        case linking(folders: [TreePath], files: [TreePath])
        case components
        case links
        case syncing
    }

    private let handover: Handover
    private let compared: PackageComparison.Result
    private let strategy: InstallStrategy
    private let ports: InstallPorts
    private var phase = Phase.clear

    init(_ handover: Handover, compared: PackageComparison.Result, strategy: InstallStrategy, ports: InstallPorts) {
        self.handover = handover
        self.compared = compared
        self.strategy = strategy
        self.ports = ports
    }

    mutating func step() throws -> Step<Void> {
        let tree = ports.tree
        switch phase {
        case .clear:
            try tree.makeDirectory(Layout.release(handover.newRelease), mode: 0o755)
            // Before anything is moved into it: the package must not get lost with the folder's name.
            try tree.syncDirectory(Layout.releases)
            phase = .software
        case .software:
            if handover.plan.versions[.software] != nil {
                try tree.rename(Layout.staged(handover.ticket), to: Layout.software(handover.newRelease))
                phase = .components
            } else {
                try tree.makeDirectory(Layout.software(handover.newRelease), mode: 0o755)
                phase = .linking(folders: [.root], files: [])
            }
        case .linking(let folders, let files):
            try link(folders, files)
        case .components:
            try writeComponents()
            phase = .links
        case .links:
            try ReleaseLinks(tree: tree).prepare(old: handover.oldRelease, new: handover.newRelease)
            phase = .syncing
        case .syncing:
            // What was compared becomes durable, whoever wrote it, and before the switch all of it is.
            try tree.syncAll()
            return .done(())
        }
        return .again
    }

    /// Software that stays is hard-linked, file by file.
    private mutating func link(_ folders: [TreePath], _ files: [TreePath]) throws {
        let (from, to) = (Layout.software(handover.oldRelease), Layout.software(handover.newRelease))
        var (folders, files) = (folders, files)
        if let file = files.popLast() {
            try ports.tree.link(from.appending(file), to: to.appending(file))
        } else if let folder = folders.popLast() {
            for name in try ports.tree.list(from.appending(folder)) {
                let path = folder.appending(name)
                guard let entry = try ports.tree.entry(from.appending(path)) else { continue }
                if entry.kind == .directory {
                    try ports.tree.makeDirectory(to.appending(path), mode: entry.mode)
                    folders.insert(path, at: 0)
                } else {
                    files.append(path)
                }
            }
        } else {
            phase = .components
            return
        }
        phase = .linking(folders: folders, files: files)
    }

    private func writeComponents() throws {
        let number = handover.newRelease
        try bring(.configuration, from: Layout.configuration(handover.oldRelease), to: Layout.configuration(number))
        try bring(.certificate, from: Layout.certificate(handover.oldRelease), to: Layout.certificate(number))
        try ports.tree.replace(Layout.releaseFile(number), with: document().bytes)
        try ports.tree.syncDirectory(Layout.release(number))
    }

    private func bring(_ component: Component, from old: TreePath, to new: TreePath) throws {
        if let bytes = compared.small[component] {
            try ports.tree.replace(new, with: bytes)
        } else if try ports.tree.entry(old) != nil {
            try ports.tree.replace(new, with: try ports.tree.contents(old))
        }
    }

    private func document() -> ReleaseDocument {
        let old = ReleaseDocument.read(handover.oldRelease, in: ports.tree)
        func part(_ component: Component) -> ReleaseDocument.Part? {
            guard let version = handover.plan.versions[component] else { return old?[component] }
            return ReleaseDocument.Part(version: version, digest: compared.digests[component]?.hex ?? "")
        }
        var document = ReleaseDocument(
            software: part(.software) ?? ReleaseDocument.Part(version: "", digest: ""), configuration: part(.configuration),
            certificate: part(.certificate), strategy: strategy, job: handover.ticket.text)
        document.softwareFloor = [old?.softwareFloor, old?.software.version].compactMap { $0 }.compactMap { Version($0) }.max()?.text
        return document
    }
}
