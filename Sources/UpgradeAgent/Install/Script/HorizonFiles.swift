import UpgradeModel
import UpgradePorts

/// The files of an Open Horizon agent that its upgrade may change beside its packages, as its `/etc/default/horizon` names them.
/// Source: contract 3.3.
struct HorizonFiles {
    static let defaults = TreePath.known("etc", "default", "horizon")
    /// Names under which they are saved.
    private static let savedDefaults = "default"
    private static let savedCertificate = "certificate"
    private static let database = "anax.db"
    /// What belongs to a database of SQLite and must never stand beside another one.
    private static let companions = ["anax.db-wal", "anax.db-shm", "anax.db-journal"]

    /// What the file says.
    let values: [String: String]
    /// The hub's certificate; nil when none is named.
    let certificate: TreePath?
    private let folder: TreePath

    /// Errors: a path that is none.
    init(default text: String) throws {
        values = SettingsFile.parse(text).values
        certificate = try Self.path(values["HZN_MGMT_HUB_CERT_PATH"] ?? "", "HZN_MGMT_HUB_CERT_PATH")
        folder = try Self.path(values["HZN_VAR_BASE"] ?? "", "HZN_VAR_BASE") ?? .known("var", "horizon")
    }

    private static func path(_ text: String, _ key: String) throws -> TreePath? {
        if text.isEmpty { return nil }
        guard text.hasPrefix("/"), let path = TreePath(String(text.dropFirst())) else {
            throw ReleaseError("/etc/default/horizon: \(key) is '\(VisibleText.escaping(text))', expected an absolute path")
        }
        return path
    }

    /// Where it listens.
    var port: Int {
        get throws {
            let text = values["HZN_AGENT_PORT"] ?? "8510"
            guard let port = UInt16(text), port > 0 else {
                throw ReleaseError("/etc/default/horizon: HZN_AGENT_PORT is '\(VisibleText.escaping(text))', expected 1 to 65535")
            }
            return Int(port)
        }
    }

    /// Copies them into a folder. The agent must be stopped: a database that is written to has no copy.
    func save(from system: any FileTree, to saved: TreePath, in tree: any FileTree) -> [PackageRun.Act] {
        func copy(_ path: TreePath, _ name: String, ifPresent: Bool) -> PackageRun.Act {
            .copy(Place(tree: system, path: path), to: Place(tree: tree, path: saved.appending(name)), ifPresent: ifPresent)
        }
        return [
            copy(Self.defaults, Self.savedDefaults, ifPresent: false),
            copy(folder.appending(Self.database), Self.database, ifPresent: false),
        ]
            + Self.companions.map { copy(folder.appending($0), $0, ifPresent: true) }
            + (certificate.map { [copy($0, Self.savedCertificate, ifPresent: true)] } ?? [])
    }

    /// Puts them back to where they were. None where nothing was saved: then nothing was changed.
    static func putBack(_ saved: TreePath, in tree: any FileTree, to system: any FileTree) throws -> [PackageRun.Act] {
        guard let text = try tree.text(saved.appending(savedDefaults)) else { return [] }
        let files = try HorizonFiles(default: text)
        func copy(_ name: String, _ path: TreePath) -> PackageRun.Act {
            .copy(Place(tree: tree, path: saved.appending(name)), to: Place(tree: system, path: path), ifPresent: false)
        }
        // First those that could follow another database, in case the agent is started at a boot in between.
        var acts: [PackageRun.Act] = companions.map { .remove(Place(tree: system, path: files.folder.appending($0))) }
        acts += [copy(savedDefaults, defaults), copy(database, files.folder.appending(database))]
        for name in companions where try tree.entry(saved.appending(name)) != nil { acts.append(copy(name, files.folder.appending(name))) }
        if let certificate = files.certificate, try tree.entry(saved.appending(savedCertificate)) != nil {
            acts.append(copy(savedCertificate, certificate))
        }
        return acts
    }
}
