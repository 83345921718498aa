/// The moments of an upgrade at which a package's and the operator's own commands are run.
///
/// Source: the handbook's page about the life of an upgrade, "Hooks".
package enum HookEvent: String, CodingKeyRepresentable, CaseIterable, Codable, Hashable, Sendable {
    /// Before the first byte is fetched; by the agent, with the running release's command.
    case beforeDownload = "before-download"
    /// When every file is verified; by the agent, with the running release's command.
    case afterDownload = "after-download"
    /// When the new release is complete, before the switch; from here on with the new release's command.
    case beforeInstall = "before-install"
    /// After the switch, before the new agent is started.
    case afterInstall = "after-install"
    /// When the new release has proved itself on the node.
    case beforeCommit = "before-commit"
    /// When the new release is the one that boots.
    case afterCommit = "after-commit"
    /// When the new release was given up, before `current` is renamed back.
    case beforeRollback = "before-rollback"
    /// When the old release has answered again; with the old release's command.
    case afterRollback = "after-rollback"

    /// True when a failure stops the upgrade. What comes after a step changes nothing that has happened, and nothing stops the way back.
    package var decides: Bool {
        switch self {
        case .beforeDownload, .beforeInstall, .beforeCommit: true
        case .afterDownload, .afterInstall, .afterCommit, .beforeRollback, .afterRollback: false
        }
    }
}
