/// One version of one component.
package struct ComponentVersion: Codable, Hashable, Sendable {
    /// Of what.
    package let component: Component
    /// As it was resolved.
    package let version: String

    /// Memberwise.
    package init(component: Component, version: String) {
        self.component = component
        self.version = version
    }
}
