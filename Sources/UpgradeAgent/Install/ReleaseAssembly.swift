import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Builds `releases/<n>` complete: what the plan replaces from verified bytes, the rest from the running release; then the links that switch,
/// commit and rollback will only rename. Each step is one file or one folder. Source: install.md, "Layout" and "The journal".
struct ReleaseAssembly {
    private enum Phase {
        case clear
        case software
        case linking(Linking)
        case components
        case links
        case syncing
    }

    /// A folder whose files get second names in another one.
    private struct Linking {
        let from: TreePath
        let to: TreePath
        var folders = [TreePath.root]
        var files: [TreePath] = []
    }

    private let handover: Handover
    private let compared: PackageComparison.Result
    private let strategy: InstallStrategy
    private let ports: InstallPorts
    private var phase = Phase.clear
    private var linkings: [Linking] = []

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
            try beginSoftware()
        case .linking(let linking):
            try link(linking)
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

    private mutating func beginSoftware() throws {
        let (tree, new) = (ports.tree, Layout.software(handover.newRelease))
        let staged = Layout.staged(handover.ticket)
        guard strategy == .script || handover.plan.versions[.software] == nil else {
            try tree.rename(staged, to: new)
            phase = .components
            return
        }
        try tree.makeDirectory(new, mode: 0o755)
        linkings = [Linking(from: Layout.software(handover.oldRelease), to: new)]
        if strategy == .script {
            let folder = Layout.script(handover.ticket)
            try tree.removeTree(folder)
            try tree.makeDirectory(folder, mode: 0o700)
            let settings = try tree.create(folder.appending(HorizonAgent.aptFile), mode: 0o600)
            try settings.write(Array(HorizonAgent.aptSettings.utf8), at: 0)
            if handover.plan.versions[.software] != nil { linkings.append(Linking(from: staged, to: folder)) }
        }
        nextLinking()
    }

    private mutating func nextLinking() { phase = linkings.isEmpty ? .components : .linking(linkings.removeFirst()) }

    /// Software that stays is hard-linked, file by file.
    private mutating func link(_ linking: Linking) throws {
        let (from, to) = (linking.from, linking.to)
        var linking = linking
        if let file = linking.files.popLast() {
            try ports.tree.link(from.appending(file), to: to.appending(file))
        } else if let folder = linking.folders.popLast() {
            for name in try ports.tree.list(from.appending(folder)) {
                let path = folder.appending(name)
                guard let entry = try ports.tree.entry(from.appending(path)) else { continue }
                if entry.kind == .directory {
                    try ports.tree.makeDirectory(to.appending(path), mode: entry.mode)
                    linking.folders.insert(path, at: 0)
                } else {
                    linking.files.append(path)
                }
            }
        } else {
            return nextLinking()
        }
        phase = .linking(linking)
    }

    private func writeComponents() throws {
        let number = handover.newRelease
        if strategy == .script { try completeScriptFolder() }
        try bring(.configuration, from: Layout.configuration(handover.oldRelease), to: Layout.configuration(number))
        try bring(.certificate, from: Layout.certificate(handover.oldRelease), to: Layout.certificate(number))
        try ports.tree.replace(Layout.releaseFile(number), with: document().bytes)
        try ports.tree.syncDirectory(Layout.release(number))
    }

    /// Beside what the package brought: the verified files under the names that the script looks for, and a script where there is none.
    private func completeScriptFolder() throws {
        let folder = Layout.script(handover.ticket)
        for (component, name) in [(Component.configuration, "agent-install.cfg"), (.certificate, "agent-install.crt")] {
            if let bytes = compared.small[component] { try ports.tree.replace(folder.appending(name), with: bytes) }
        }
        let script = folder.appending(HorizonAgent.scriptName)
        if try ports.tree.entry(script) == nil, let system = ports.horizon?.system {
            try ports.tree.replace(script, with: try system.contents(HorizonAgent.installedScript, max: 4 << 20))
        }
        try ports.tree.syncDirectory(folder.parent)
    }

    private func bring(_ component: Component, from old: TreePath, to new: TreePath) throws {
        if strategy != .script, let bytes = compared.small[component] {
            try ports.tree.replace(new, with: bytes)
        } else if try ports.tree.entry(old) != nil {
            try ports.tree.replace(new, with: try ports.tree.contents(old))
        }
    }

    private func document() -> ReleaseDocument {
        let old = ReleaseDocument.read(handover.oldRelease, in: ports.tree)
        func part(_ component: Component) -> ReleaseDocument.Part? {
            guard strategy != .script, let version = handover.plan.versions[component] else { return old?[component] }
            return ReleaseDocument.Part(version: version, digest: compared.digests[component]?.hex ?? "")
        }
        var document = ReleaseDocument(
            software: part(.software) ?? ReleaseDocument.Part(version: "", digest: ""), configuration: part(.configuration),
            certificate: part(.certificate), strategy: strategy, job: handover.ticket.text)
        document.softwareFloor = [old?.softwareFloor, old?.software.version].compactMap { $0 }.compactMap { Version($0) }.max()?.text
        return document
    }
}
