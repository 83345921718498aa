/// What a store has done since it was opened, for whoever watches the hub.
package struct HubStoreFigures: Hashable, Sendable {
    /// Writes that wait for their turn.
    package var waiting = 0
    /// Writes that were done, refused ones included; not those that were lost.
    package var writes = 0
    /// Transactions that they were done in.
    package var commits = 0
    /// How long these took together, the disk's part included.
    package var time = Duration.zero

    /// The last transaction that had something to keep could not; nothing was kept since.
    package var isFailing = false

    /// Nothing yet.
    package init() {}
}
