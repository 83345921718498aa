import UpgradeModel
import UpgradeSimulation

/// What is upgraded on a simulated node, and what is wrong with it.
struct Scenario: Sendable, CustomStringConvertible {
    enum Sickness: String, CaseIterable, Sendable {
        case none, exitsAtOnce, hangs, wrongVersion, otherBoot, forgetsTrial, databaseDamaged, diesLater
        /// Its program cannot be started: never, or never again after it was ready once.
        case cannotStart, vanishes
        case healthFails, healthHangs, healthDies, healthMissing, hubFails, tcpFails
    }

    /// How the old release behaves at its first starts after the upgrade began.
    enum Comeback: Sendable {
        case atOnce
        case exits(times: Int)
        case hangs(times: Int)
        case cannotStart(times: Int)
    }

    var components: Set<Component> = [.software]
    var strategy = InstallStrategy.tree
    var sickness = Sickness.none
    var comeback = Comeback.atOnce
    /// Starts of the new release that are refused at first, though nothing is wrong with it.
    var refusals = 0
    /// Whether the hub answers, by the time since the job was handed over.
    var hub: @Sendable (Duration) -> Bool = { _ in true }

    /// What a hook does; nil = there is none for this moment.
    var hook: (@Sendable (HookEvent) -> SimCommands.Outcome)?

    /// The operator's health probes by name, and what each does while a release runs.
    var probes: [String: @Sendable (_ release: Int) -> SimCommands.Outcome] = [:]

    static let software: Set<Component> = [.software]
    static let configuration: Set<Component> = [.configuration]
    static let everything: Set<Component> = [.software, .configuration, .certificate]

    var description: String { "\(components.map(\.rawValue).sorted().joined(separator: "+")), \(sickness.rawValue)" }

    /// Versions before and after.
    static let old: [Component: String] = [.software: "1.0.0", .configuration: "1", .certificate: "1"]
    static let new: [Component: String] = [.software: "1.1.0", .configuration: "2", .certificate: "2"]

    func newVersion(_ component: Component) -> String? { (components.contains(component) ? Scenario.new : Scenario.old)[component] }
}
