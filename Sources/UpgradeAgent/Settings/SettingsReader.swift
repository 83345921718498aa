import UpgradeModel
import UpgradePorts

/// Reads the settings of a release from their files, in the order of precedence.
package struct SettingsReader: Sendable {
    private let root: any FileTree
    private let state: any FileTree
    private let rootPath: String

    /// - Parameters:
    ///   - root: the tree of `--root`.
    ///   - rootPath: its absolute path, for file names that settings carry.
    ///   - state: the tree of the state folder.
    package init(root: any FileTree, rootPath: String, state: any FileTree) {
        self.root = root
        self.rootPath = rootPath
        self.state = state
    }

    /// The settings with which a release runs. A file that cannot be read is an error: half of the settings could name another hub.
    package func settings(release: Int?) throws -> Settings {
        var layers: [Settings.Layer] = []
        if let text = try root.text(.known("etc", "default", "horizon")) {
            layers.append(.init(name: "/etc/default/horizon", text: text, isLocal: false))
        }
        if let release, let text = try state.text(Layout.configuration(release)) {
            layers.append(.init(name: "release \(release)", text: text, isLocal: false))
        }
        let folder = TreePath.known("etc", "uplift")
        for name in try files(in: folder) where name.hasSuffix(".conf") {
            if let text = try root.text(folder.appending(name)) {
                layers.append(.init(name: "/etc/uplift/\(name)", text: text, isLocal: true))
            }
        }
        return Settings(layers: layers)
    }

    /// Where the hub is for a release: its certificate beats `HZN_MGMT_HUB_CERT_PATH` unless `/etc/uplift/*.conf` sets that.
    package func hub(_ settings: Settings, release: Int?, timeout: Duration = .seconds(30)) throws -> HubAddress {
        var authority: String? = settings[.certificatePath].value
        if authority?.isEmpty == true { authority = nil }
        if let release, !settings.isLocal(.certificatePath), try state.entry(Layout.certificate(release)) != nil {
            authority = rootPath + "/" + Layout.stateFolder + "/" + Layout.certificate(release).text
        }
        return HubAddress(
            exchangeURL: settings[.exchangeURL].value, objectsURL: settings[.objectsURL].value,
            trust: HubTrust(certificateAuthorityFile: authority, allowInsecureHub: settings.flag(.allowInsecureHub)), timeout: timeout)
    }

    private func files(in folder: TreePath) throws(FileError) -> [String] {
        do { return try root.list(folder) } catch  where error.kind == .missing { return [] }
    }
}
