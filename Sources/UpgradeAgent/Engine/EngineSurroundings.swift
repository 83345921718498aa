import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What the engine reads from the world before it asks the machine.
package struct EngineSurroundings: Sendable {
    package let clock: any Clock
    package let randomness: any Randomness
    package let limits: JobLimits
    /// The release that this agent belongs to.
    package let release: ReleaseFacts
    /// What the hub is told to be installed, where that is not this agent.
    package var installed: PerComponent<String>?
    /// How long operation records are kept.
    package var operations = OperationLimits()
    /// What this process has done.
    package var meter = AgentMeter()
    /// This process, for the records of what it does.
    package var process: Int?
    /// The highest release number that any folder has.
    package let highestRelease: @Sendable () -> Int
    /// Gives up reserved space when the disk is full; true when there was some.
    package let giveUpReserve: @Sendable () -> Bool
    /// Told of an event that cannot happen.
    package var rejected: @Sendable (String) -> Void = { _ in }

    /// Memberwise.
    package init(
        clock: any Clock, randomness: any Randomness, limits: JobLimits, release: ReleaseFacts,
        highestRelease: @escaping @Sendable () -> Int,
        giveUpReserve: @escaping @Sendable () -> Bool
    ) {
        self.clock = clock
        self.randomness = randomness
        self.limits = limits
        self.release = release
        self.highestRelease = highestRelease
        self.giveUpReserve = giveUpReserve
    }
}

/// Carries out what the engine has committed. Called in order, under the engine's lock: it only hands the work on.
package protocol EffectRunner: Sendable {
    /// Takes an effect of a policy's job.
    func perform(_ effect: JobEffect, for policy: PolicyID)
}

/// Why a request from outside is refused just now. The local API answers 409 with it.
package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence.
    package let description: String

    /// Memberwise.
    package init(_ description: String) { self.description = description }
}
