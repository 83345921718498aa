import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What finding the way back needs from outside.
package struct WayBackPorts: Sendable {
    package let tree: any FileTree
    /// Absolute path of the tree.
    package let stateFolder: String
    /// The node's own files, below its root.
    package let system: any FileTree
    /// Absolute path of that root, empty for `/`.
    package let systemRoot: String
    package let commands: any CommandRunner
    package let archive: any ArchiveReader

    /// Memberwise.
    package init(
        tree: any FileTree, stateFolder: String, system: any FileTree, systemRoot: String, commands: any CommandRunner,
        archive: any ArchiveReader
    ) {
        self.tree = tree
        self.stateFolder = stateFolder
        self.system = system
        self.systemRoot = systemRoot
        self.commands = commands
        self.archive = archive
    }

    var dpkg: Dpkg { Dpkg(root: systemRoot) }

    func absolute(_ path: TreePath) -> String { stateFolder + "/" + path.text }
}

/// Puts the way back on disk before an upgrade of strategy `deb` or `script` is handed over: for every package that it changes, the file of
/// the version that is installed now. Kept from the last upgrade, else from apt's cache, else rebuilt from the installed files; without any of
/// these there is no upgrade. Source: architecture, "Install".
struct WayBack {
    private static let cache = TreePath.known("var", "cache", "apt", "archives")

    private let ticket: Ticket
    private let release: Int
    private let ports: WayBackPorts
    private let horizon: (agent: HorizonAgent, overwrites: Bool)?
    private var interview: Interview

    /// - Parameters:
    ///   - release: the one that runs now.
    ///   - horizon: the Open Horizon agent that is to be upgraded, and whether to a lower version, too; nil for strategy `deb`.
    init(ticket: Ticket, release: Int, ports: WayBackPorts, horizon: (agent: HorizonAgent, overwrites: Bool)? = nil) {
        self.horizon = horizon
        self.ticket = ticket
        self.release = release
        self.ports = ports
        interview = Interview(commands: ports.commands)
    }

    private var back: TreePath { Layout.back(ticket) }

    /// Errors: there is no way back, or the disk does not allow to make one now.
    mutating func step() throws(ProcedureFailure) -> Step<Void> {
        do {
            return try interview.step { [self] interview in try make(&interview) }
        } catch let failure as ProcedureFailure {
            throw failure
        } catch let error as FileError {
            throw ProcedureFailure(.transient(retryAfter: nil), "the way back cannot be made: \(error)")
        } catch {
            throw ProcedureFailure(.final(.precheckFailed), "no way back: \(error)")
        }
    }

    private func make(_ interview: inout Interview) throws {
        try interview.once("space") { try checkSpace() }
        try interview.once("folder") {
            try ports.tree.removeTree(back)
            try ports.tree.makeDirectory(back, mode: 0o700)
        }
        var list = BackList()
        for name in try packages() {
            if let installed = try installed(name, &interview) {
                try keep(installed, &interview)
                list.install.append(installed.name + ".deb")
            } else {
                list.remove.append(name)
            }
        }
        try interview.once("list") {
            if let (agent, overwrites) = horizon {
                let (org, node) = try agent.identity()
                list.horizon = HorizonJob(org: org, node: node, overwrites: overwrites)
            }
            for name in list.install { try ports.tree.open(back.appending(name), for: .writing).sync() }
            try ports.tree.syncDirectory(back)
            try list.write(ticket, in: ports.tree)
            try ports.tree.syncDirectory(back.parent)
        }
    }

    /// dpkg unpacks below the system's root, which nobody has measured yet. What a package does not say cannot be counted.
    private func checkSpace() throws {
        let sizes = try staged().map { $0.installedSize ?? 0 }
        let root = ports.systemRoot.isEmpty ? "/" : ports.systemRoot
        if let objection = SpaceRule.objection(free: try ports.system.freeBytes(), installing: sizes, below: root) {
            throw ProcedureFailure(.final(.precheckFailed), objection)
        }
    }

    /// The Debian packages that the upgrade brings.
    private func staged() throws -> [DebReading] {
        let top = Layout.staged(ticket)
        let folder = horizon == nil ? top.appending("packages") : top
        return try PackageFiles.names(in: folder, ports.tree).map { try read(folder.appending($0), in: ports.tree) }
    }

    /// Names of the packages that an upgrade may change.
    private func packages() throws -> [String] {
        if let (agent, _) = horizon {
            let isThere = try [
                (ports.tree, Layout.staged(ticket).appending(HorizonAgent.scriptName)), (agent.system, HorizonAgent.installedScript),
            ]
            .contains { try $0.0.entry($0.1)?.kind == .file }
            guard isThere else {
                throw ProcedureFailure(
                    .final(.precheckFailed),
                    "found \(HorizonAgent.scriptName) neither in the package nor as /\(HorizonAgent.installedScript): put it into the package"
                )
            }
            return HorizonAgent.packages
        }
        let names = try staged().map(\.identity.name)
        if names.isEmpty { throw ReleaseError("the package's strategy is deb, and it holds no packages/*.deb") }
        return names
    }

    private func read(_ path: TreePath, in tree: any FileTree) throws -> DebReading {
        try DebReading(try tree.open(path, for: .reading), named: path.text, archive: ports.archive)
    }

    /// Nil when the package is not installed. Errors: it is in a state from which nothing leads back.
    private func installed(_ name: String, _ interview: inout Interview) throws -> DebIdentity? {
        guard case .said(let text) = try interview.ask(ports.dpkg.state(of: name)) else { return nil }
        let words = text.split(separator: " ").map(String.init)
        switch words.last {
        // The installer finishes what is only not configured yet.
        case "installed", "half-configured", "unpacked", "triggers-pending", "triggers-awaited":
            guard words.count == 3 else { throw ReleaseError("dpkg says '\(text)' of \(name), expected version, architecture and state") }
            return DebIdentity(name: name, version: words[0], architecture: words[1])
        case "not-installed", "config-files": return nil
        default: throw ReleaseError("dpkg says '\(text)' of \(name); repair it with `apt-get install --reinstall \(name)`")
        }
    }

    private func keep(_ package: DebIdentity, _ interview: inout Interview) throws {
        let target = back.appending(package.name + ".deb")
        for kept in try PackageFiles.names(in: Layout.packages(release), ports.tree) {
            let path = Layout.packages(release).appending(kept)
            guard (try? read(path, in: ports.tree))?.identity == package else { continue }
            return try interview.once("link of \(package)") { try ports.tree.link(path, to: target) }
        }
        if try copyCached(package, target, &interview) { return }
        try DebRebuild(package: package, ports: ports, work: back.appending(package.name + ".work")).make(target, &interview)
    }

    /// True when apt's cache holds the very package that is installed: the same fields and the same sums of its files.
    private func copyCached(_ package: DebIdentity, _ target: TreePath, _ interview: inout Interview) throws -> Bool {
        let path = Self.cache.appending(package.cacheName)
        guard let entry = try ports.system.entry(path), entry.kind == .file else { return false }
        guard let cached = try? read(path, in: ports.system), cached.identity == package,
            let sums = try DebRebuild.file("md5sums", of: package, in: ports.system), cached.sums == sums
        else { return false }
        try interview.once("copy of \(package)") { try Self.copy(path, in: ports.system, to: target, in: ports.tree) }
        return true
    }

    private static func copy(_ path: TreePath, in source: any FileTree, to target: TreePath, in tree: any FileTree) throws(FileError) {
        let (from, to) = (try source.open(path, for: .reading), try tree.create(target, mode: 0o600))
        var offset: Int64 = 0
        while true {
            let piece = try from.read(at: offset, max: 1 << 20)
            if piece.isEmpty { return }
            try to.write(piece, at: offset)
            offset += Int64(piece.count)
        }
    }
}

/// The Debian packages in a folder of a release or of what is unpacked.
enum PackageFiles {
    /// Their file names, sorted; none when there is no such folder.
    static func names(in folder: TreePath, _ tree: any FileTree) throws(FileError) -> [String] {
        do {
            return try tree.list(folder).filter { $0.hasSuffix(".deb") }
        } catch  where error.kind == .missing {
            return []
        }
    }
}
