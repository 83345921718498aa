/// What a node advertises and demands: a part for everything, and a part for management alone.
///
/// The deployment part of the wire document is left out: it says nothing about upgrades (contract 4.2).
package struct NodePolicy: Hashable, Codable, Sendable {
    /// Properties and constraints that belong together.
    package struct Part: Hashable, Codable, Sendable {
        /// What the policy advertises.
        package var properties: [Property]

        /// What it demands of the other side; all of them.
        package var constraints: [String]

        /// A part; empty by default.
        package init(properties: [Property] = [], constraints: [String] = []) {
            self.properties = properties
            self.constraints = constraints
        }
    }

    /// The part for everything.
    package var top: Part

    /// The part for management, which overrides the other one.
    package var management: Part

    /// A policy; empty by default, as for a node that has none.
    package init(top: Part = Part(), management: Part = Part()) {
        self.top = top
        self.management = management
    }
}
