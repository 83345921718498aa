import UpgradePorts

/// Makes the parts that agent and installer of a node get to see. As it is, it hands on the simulated ones; a test puts something wrong in the
/// place of one, to see whether the simulation notices.
package struct NodeWorkshop: Sendable {
    /// Called with the node's name and the simulated part.
    package typealias Making<Part> = @Sendable (_ node: String, Part) -> Part

    /// The tree of the state folder.
    package var tree: Making<any FileTree> = { $1 }
    /// The databases.
    package var stores: Making<any StoreOpener> = { $1 }
    /// Digests and signatures.
    package var trust: Making<any Trust> = { $1 }
    /// The locks.
    package var locks: Making<any Locks> = { $1 }
    /// The supervisor's socket.
    package var service: Making<any ServiceControl> = { $1 }
    /// Health commands.
    package var commands: Making<any CommandRunner> = { $1 }
    /// The clocks.
    package var clock: Making<any Clock> = { $1 }
    /// Chance.
    package var randomness: Making<any Randomness> = { $1 }
    /// Downloads.
    package var transfer: Making<any Transfer> = { $1 }
    /// The hub, with its rules.
    package var hub: Making<any ExchangeClient> = { $1 }
    /// After how long a transfer that has nothing to say is looked at again; nil = the simulated ones know when they will.
    package var transferPause: Duration?

    /// Everything as it should be.
    package init() {}
}
