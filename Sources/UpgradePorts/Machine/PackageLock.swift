/// Whether another package manager is at work on this machine.
package protocol PackageLock: Sendable {
    /// True while somebody else holds dpkg's outer lock; false where there is no dpkg.
    var isHeld: Bool { get }
}
