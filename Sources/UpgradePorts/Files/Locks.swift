/// The locks of a node, held by an open descriptor: they end with the process, however it ends. Source: install.md, "Never two".
package enum LockName: String, Sendable, CaseIterable {
    /// One installer (or recovery) at a time; its holder alone starts and stops the agent while a journal is open.
    case install = "install.lock"
    /// One agent at a time, held for life.
    case agent = "agent.lock"
}

/// Takes locks.
package protocol Locks: Sendable {
    /// The lock, held until the returned object goes away; nil when somebody else has it.
    func take(_ name: LockName) throws(FileError) -> (any HeldLock)?
}

/// A held lock; letting go of the last reference releases it.
package protocol HeldLock: AnyObject, Sendable {
    /// Releases now. Further calls do nothing.
    func release()
}
