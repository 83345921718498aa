import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// What is interrupted: a node at its start, and what its undisturbed run must do to the disk.
struct CrashProcedure: Sendable, CustomTestStringConvertible {
    var strategy: InstallStrategy { scenario.strategy }
    let name: String
    let scenario: Scenario
    let start: @Sendable (Scenario) throws -> NodeImage
    /// Operations that the plan names (install.md, "The journal" and "Layout"), in this order, others between them.
    let required: [String]
    /// What a fault may turn the ending into, though nothing is wrong with the package.
    var otherEnding: Ending.Outcome?

    var testDescription: String { "\(strategy.rawValue) \(name)" }

    init(
        _ name: String, _ scenario: Scenario, otherEnding: Ending.Outcome? = nil, required: [String],
        start: @escaping @Sendable (Scenario) throws -> NodeImage = { try CrashProcedure.handedOver($0) }
    ) {
        (self.name, self.scenario, self.start) = (name, scenario, start)
        (self.required, self.otherEnding) = (required, otherEnding)
    }

    /// A job that has just been handed over; the agent of release 1 runs.
    static func handedOver(_ scenario: Scenario) throws -> NodeImage {
        var image = try Fixture(scenario: scenario).image()
        let tree = SimFileTree(image.disk)
        image.memories[1] = try SimMinds.handedOver(try HandoverDocument.read(Fixture.ticket, in: tree).handover)
        let node = try SimNode(scenario, image)
        node.boot()
        return node.image
    }

    /// The node just before an operation of its undisturbed run, found again after a power cut.
    static func cut(_ scenario: Scenario, before isMeant: (CrashCase.Moment) -> Bool) throws -> NodeImage {
        let run = try CrashCase(scenario: scenario, start: try handedOver(scenario)).run(keepsImages: true)
        guard let image = run.moments.first(where: isMeant)?.image else { throw ScratchError() }
        return image.afterPowerCut(losing: .everything)
    }

    private static let job = "jobs/\(Fixture.ticket)"
    private static let record = ["write \(job)/journal", "sync \(job)/journal"]
    private static let newJournal = [
        "create \(job)/journal.new", "write \(job)/journal.new", "sync \(job)/journal.new", "rename \(job)/journal", "sync folder \(job)",
    ]
    private static let made = ["make folder releases/2", "sync folder releases"]
    private static let filled = [
        "sync releases/2/release.json.new", "rename releases/2/release.json", "sync folder releases/2", "make link current.new",
        "make link current.back", "make link recover.new", "sync folder .", "sync all .",
    ]
    private static let assembled = made + ["rename releases/2/software"] + filled
    private static let linked = made + ["link releases/2/software/bin/upliftd"] + filled
    private static let copied = ["copy database releases/2/agent.db", "sync folder releases/2"]
    private static let forward = record + ["rename current", "sync folder ."]
    private static let switched = copied + forward + record
    private static let debInstalled = ["half-configured", "half-installed", "unpacked", "half-configured", "installed"].map {
        "dpkg \($0) dpkg/status"
    }
    private static let begun = newJournal + record + record
    private static let triedOnce = record + record
    private static let committed = record + ["rename recover", "sync folder ."] + record + ["remove folder \(job)"]
    private static let wentBack = record + ["rename current", "sync folder ."] + record + ["remove folder \(job)"]

    /// Begins with a new package of five files, configuration and certificate.
    static let upgrade = CrashProcedure(
        "upgrade", Scenario(components: Scenario.everything),
        required: begun + assembled + switched + triedOnce + committed)

    /// The same beside a Debian package.
    static let debUpgrade = CrashProcedure(
        "upgrade", Scenario(components: Scenario.everything, strategy: .deb),
        required: begun + assembled + copied + forward + debInstalled + record + triedOnce + committed)

    private static let horizonSaved = [
        "make folder \(job)/back/saved.new", "rename \(job)/back/saved.new/anax.db", "rename \(job)/back/saved", "sync folder \(job)/back",
    ]

    /// Of the Open Horizon agent beside us.
    static let scriptUpgrade = CrashProcedure(
        "upgrade", Scenario(strategy: .script),
        required: begun + made + ["link \(job)/script/horizon.deb"] + filled + horizonSaved + copied + forward + debInstalled
            + ["write var/horizon/anax.db"] + record + triedOnce + committed)

    /// The same, not healthy.
    static let scriptRollback = CrashProcedure(
        "rollback", Scenario(strategy: .script, sickness: .healthFails),
        required: begun + made + filled + horizonSaved + copied + forward + debInstalled + ["write var/horizon/anax.db"] + record
            + triedOnce
            + record + ["rename current", "sync folder ."] + debInstalled + ["rename var/horizon/anax.db"] + record + [
                "remove folder \(job)"
            ])

    /// Software stays, so it is linked.
    static let configuration = CrashProcedure(
        "upgrade of a configuration", Scenario(components: Scenario.configuration),
        required: begun + linked + switched + triedOnce + committed)

    /// The new release is not healthy.
    static let rollback = CrashProcedure(
        "rollback", Scenario(components: Scenario.everything, sickness: .healthFails),
        required: begun + assembled + switched + triedOnce + wentBack)

    /// The same beside a Debian package, which comes back too.
    static let debRollback = CrashProcedure(
        "rollback", Scenario(components: Scenario.everything, strategy: .deb, sickness: .healthFails),
        required: begun + assembled + copied + forward + debInstalled + record + triedOnce + record + ["rename current", "sync folder ."]
            + debInstalled + record + ["remove folder \(job)"])

    /// The new release never starts, and the old one not at once.
    static let hardRollback = CrashProcedure(
        "rollback that fails at first",
        Scenario(components: Scenario.configuration, sickness: .exitsAtOnce, comeback: .exits(times: 4)),
        required: begun + linked + switched + record + record + record + record + ["rename current", "sync folder ."] + record + record
            + ["remove folder \(job)"])

    /// The power went when all was built and nothing switched.
    static let recovery = CrashProcedure(
        "recovery", Scenario(components: Scenario.everything),
        required: ["rename \(job)/staged", "sync folder \(job)", "remove folder releases/2"] + assembled + switched + triedOnce + committed
    ) { scenario in
        let isRecord = { (moment: CrashCase.Moment) in
            moment.operation.name == "write" && moment.operation.path == Layout.journal(Fixture.ticket)
        }
        // begun, stop-intended, and then the one that is missed.
        let seen = Shared(0)
        return try cut(scenario) { moment in
            if isRecord(moment) { seen.change { $0 += 1 } }
            return seen.value == 3
        }
    }

    /// The power went while dpkg was at work.
    static let debRecovery = CrashProcedure(
        "recovery", Scenario(components: Scenario.everything, strategy: .deb),
        required: ["sync folder ."] + debInstalled.suffix(3) + record + triedOnce + committed
    ) { try cut($0) { $0.operation.name == "dpkg unpacked" } }

    /// The power went during the trial, and the journal with it. Interrupted again before `rollback-intended`, the trial begins anew.
    static let lostJournal = CrashProcedure(
        "recovery without journal", Scenario(components: Scenario.everything), otherEnding: .successful,
        required: newJournal + record + record + wentBack
    ) { scenario in
        var image = try cut(scenario) { $0.operation.description == "rename recover" }
        let tree = SimFileTree(image.disk)
        try tree.remove(Layout.journal(Fixture.ticket))
        image.disk = tree.disk.settled
        return image
    }
}
