/// What the service manager hears of the agent, so that one that hangs is started again.
package protocol LifeSigns: Sendable {
    /// The agent works, and says so again within this time; nil = it has nothing to do at set times and promises nothing.
    func alive(nextWithin: Duration?)
}

/// Nobody listens, as without a service manager.
package struct NoLifeSigns: LifeSigns {
    /// Says nothing.
    package init() {}

    /// Nothing.
    package func alive(nextWithin: Duration?) {}
}
