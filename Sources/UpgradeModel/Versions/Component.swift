/// One of the three parts of an agent that an upgrade can replace, each with its own version.
///
/// The order of the cases is the order in which plans, reports and file lists name them.
/// Source: contract 4.6.
package enum Component: String, CodingKeyRepresentable, CaseIterable, Codable, Hashable, Sendable {
    /// The agent's programs.
    case software
    /// Its settings.
    case configuration
    /// The CA file for the hub.
    case certificate
}
