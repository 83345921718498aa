import UpgradeModel
import UpgradePorts

/// Reads the settings of a release from their files, in the order of precedence.
///
/// `/etc/uplift` names the hub, so the folder and each `*.conf` in it should belong to root or to the user who runs us, and nobody else
/// should write them. Settings that break this rule hold all the same and are told as a mistake: a node that nobody can reach must come
/// back after a wrong `chmod`, and what it installs is decided by the trusted keys, which are not used then.
package struct SettingsReader: Sendable {
    private let root: any FileTree
    private let state: any FileTree
    private let rootPath: String
    private let user: UInt32
    private static let localFolder = TreePath.known("etc", "uplift")
    private static let probesMax = 32

    /// - Parameters:
    ///   - root: the tree of `--root`.
    ///   - rootPath: its absolute path, for file names that settings carry.
    ///   - state: the tree of the state folder.
    ///   - user: the effective user of this process.
    package init(root: any FileTree, rootPath: String, state: any FileTree, user: UInt32) {
        self.root = root
        self.rootPath = rootPath
        self.state = state
        self.user = user
    }

    /// The settings with which a release runs. A file that cannot be read, or is a link, does not hold and is told: agent and installer
    /// start in any case.
    package func settings(release: Int?) -> Settings {
        var found = Found()
        found.read("/etc/default/horizon", .known("etc", "default", "horizon"), in: root)
        if let release { found.read("release \(release)", Layout.configuration(release), in: state) }
        found.attempt("/etc/uplift") { found in
            if let objection = try objection(to: Self.localFolder) { found.mistakes.append(objection) }
            for name in try files(in: Self.localFolder) where name.hasSuffix(".conf") {
                let path = Self.localFolder.appending(name)
                if let objection = try objection(to: path) { found.mistakes.append(objection) }
                found.read("/etc/uplift/\(name)", path, in: root, isLocal: true)
            }
        }
        return Settings(layers: found.layers, mistakes: found.mistakes)
    }

    /// The operator's scripts for one moment of an upgrade, in the order of their names, as absolute paths. What is hidden or not executable is
    /// none. Errors: one that somebody else could have written, or that is no regular file, because then nobody knows what would run.
    package func hookScripts(_ event: HookEvent) throws -> [String] {
        try scripts(in: Self.localFolder.appending("hooks.d").appending(event.rawValue))
    }

    /// The operator's health probes, as `hookScripts`. Errors: also more than anybody would wait for.
    package func healthProbes() throws -> [String] {
        let folder = Self.localFolder.appending("health.d")
        let probes = try scripts(in: folder)
        guard probes.count <= Self.probesMax else {
            throw ReleaseError(
                "found \(probes.count) probes in \(rootPath)/\(folder), expected at most \(Self.probesMax): put some together")
        }
        return probes
    }

    private func scripts(in folder: TreePath) throws -> [String] {
        var scripts: [String] = []
        for name in try files(in: folder) where !name.hasPrefix(".") {
            let path = folder.appending(name)
            guard let entry = try root.entry(path) else { continue }
            guard entry.kind == .file else {
                throw ReleaseError("\(rootPath)/\(path) is no regular file: put the script itself there")
            }
            if entry.mode & 0o111 == 0 { continue }
            for count in Self.localFolder.components.count...path.components.count {
                if let objection = try objection(to: path.prefix(count)) { throw ReleaseError(objection) }
            }
            scripts.append("\(rootPath)/\(path)")
        }
        return scripts
    }

    /// What hooks and health probes are run with, under these settings.
    package func hooks(_ settings: Settings) -> HookSettings {
        var hooks = HookSettings(
            scripts: { try hookScripts($0) }, time: settings.seconds(.hookTime),
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "UPLIFT_ROOT": rootPath.isEmpty ? "/" : rootPath])
        hooks.probes = { try healthProbes() }
        hooks.probeTime = settings.seconds(.healthTime)
        return hooks
    }

    /// What was read so far.
    private struct Found {
        var layers: [Settings.Layer] = []
        var mistakes: [String] = []

        mutating func read(_ name: String, _ path: TreePath, in tree: any FileTree, isLocal: Bool = false) {
            attempt(name) { found in
                if let text = try tree.text(path) { found.layers.append(.init(name: name, text: text, isLocal: isLocal)) }
            }
        }

        mutating func attempt(_ name: String, _ body: (inout Found) throws -> Void) {
            do { try body(&self) } catch { mistakes.append("\(name) does not hold: \(error)") }
        }
    }

    /// Where the hub is for a release: its certificate beats `HZN_MGMT_HUB_CERT_PATH` unless `/etc/uplift/*.conf` sets that.
    package func hub(_ settings: Settings, release: Int?, timeout: Duration = .seconds(30)) throws -> HubAddress {
        var authority: String? = settings[.certificatePath].value
        if authority?.isEmpty == true { authority = nil }
        if let release, !settings.isLocal(.certificatePath), try state.entry(Layout.certificate(release)) != nil {
            authority = rootPath + "/" + Layout.stateFolder + "/" + Layout.certificate(release).text
        }
        return HubAddress(
            exchangeURL: settings[.exchangeURL].value, objectsURL: settings[.objectsURL].value, agbotURL: settings[.agbotURL].value,
            trust: HubTrust(certificateAuthorityFile: authority, allowInsecureHub: settings.flag(.allowInsecureHub)), timeout: timeout)
    }

    /// One sentence with the remedy, unless root or our user owns it and nobody else may write it. A link has no rights of its own; opening
    /// it is refused anyway.
    private func objection(to path: TreePath) throws(FileError) -> String? {
        guard let entry = try root.entry(path), entry.kind != .symbolicLink else { return nil }
        let place = "\(rootPath)/\(path)"
        guard entry.owner == 0 || entry.owner == user else {
            return "\(place) belongs to user \(entry.owner), expected 0 (root) or \(user); do: chown root \(place)"
        }
        guard entry.mode & 0o022 == 0 else {
            return "\(place) can be written by others (mode \(String(entry.mode, radix: 8))); do: chmod go-w \(place)"
        }
        return nil
    }

    private func files(in folder: TreePath) throws(FileError) -> [String] {
        do { return try root.list(folder) } catch  where error.kind == .missing { return [] }
    }
}
