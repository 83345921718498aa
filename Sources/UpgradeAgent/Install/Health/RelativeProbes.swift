import UpgradeModel
import UpgradePorts

/// The relative probes, one after the other: the local API over TCP, and the operator's programs in `health.d`. What works while the old
/// release runs is the control; what did not work then says nothing about the new release. A stepper.
struct RelativeProbes {
    /// How they ended.
    struct Outcome: Sendable {
        var results: [HealthResult]
        /// One sentence about the first that worked before and does not now; those behind it were not run.
        var failure: String?
    }

    private enum Phase {
        case next
        case running(HookRun)
    }

    /// The probe that every node has.
    static let localAPI = "local API over TCP"
    /// Failed tries of what worked before without which nothing is decided, however late it is.
    private static let triesMin = 3
    private static let pause: Duration = .seconds(2)
    /// With less space than this an agent cannot write down its port, and does without TCP.
    private static let spaceMin: Int64 = 65_536

    private let ticket: Ticket
    private let release: Int
    private let ports: InstallPorts
    /// Nil = this run is the control.
    private let baseline: [HealthResult]?
    /// On the clock since boot; before it no failure counts: after a power cut whatever starts beside the agent needs its time.
    private let deadline: Duration
    /// The operator's programs by the names that are shown.
    private var scripts: [String: String] = [:]
    /// Why none of them is run.
    private var refusal = "it is not in health.d any more"
    private var waiting: [String]
    private var book: HealthBook
    private var failures = 0
    private var phase = Phase.next

    /// With the old release. Errors: the operator's programs are not to be believed.
    init(before ticket: Ticket, release: Int, ports: InstallPorts) throws {
        let named = try RelativeProbes.named(ports)
        (self.ticket, self.release, self.ports, baseline, deadline) = (ticket, release, ports, nil, .zero)
        scripts = Dictionary(named, uniquingKeysWith: { first, _ in first })
        waiting = [Self.localAPI] + named.map(\.0)
        book = HealthBook(clock: ports.clock)
    }

    /// With the new release. What worked before comes first.
    init(_ baseline: [HealthResult], of ticket: Ticket, release: Int, deadline: Duration, ports: InstallPorts) {
        (self.ticket, self.release, self.ports, self.baseline, self.deadline) = (ticket, release, ports, baseline, deadline)
        waiting = [true, false].flatMap { worked in baseline.filter { ($0.verdict == .passed) == worked }.map(\.name) }
        book = HealthBook(clock: ports.clock)
        do {
            scripts = Dictionary(try RelativeProbes.named(ports), uniquingKeysWith: { first, _ in first })
        } catch {
            refusal = "it is not believed: \(error)"
        }
    }

    private static func named(_ ports: InstallPorts) throws -> [(String, String)] {
        try ports.hookSettings.probes().map { (VisibleText.escaping(String($0.split(separator: "/").last ?? "")), $0) }
    }

    /// One look at the present probe.
    mutating func step() -> Step<Outcome> {
        switch phase {
        case .next:
            guard let name = waiting.first else { return .done(Outcome(results: book.results)) }
            book.begin(name)
            if name == Self.localAPI { return askTCP(name) }
            guard let path = scripts[name] else { return ended(name, false, refusal) }
            phase = .running(ports.hooks.probe(path, ticket: ticket, release: release))
            return .again
        case .running(var run):
            let step = run.step()
            phase = .running(run)
            guard case .done(let report) = step, let name = waiting.first else { return step.waiting() }
            return ended(name, report.failure == nil, report.said)
        }
    }

    private mutating func askTCP(_ name: String) -> Step<Outcome> {
        do {
            let evidence = try ports.contact.evidenceOverTCP()
            let isRight = evidence.release == release
            return ended(name, isRight, isRight ? "it answered" : "release \(evidence.release) answered, expected \(release)")
        } catch {
            let isFull = (try? ports.tree.freeBytes()).map { $0 < Self.spaceMin } ?? false
            return ended(name, false, error.explanation, isExcused: isFull ? "the disk is full" : nil)
        }
    }

    private mutating func ended(_ name: String, _ isWell: Bool, _ said: String, isExcused excuse: String? = nil) -> Step<Outcome> {
        phase = .next
        guard let before = baseline?.first(where: { $0.name == name }) else { return next(name, isWell ? .passed : .failed, said) }
        if isWell { return next(name, .passed, said) }
        if before.verdict != .passed { return next(name, .ignored, "\(said); it failed before too: \(before.sentence)") }
        if let excuse { return next(name, .ignored, "\(said); \(excuse)") }
        failures += 1
        guard failures >= Self.triesMin, isOver else { return .sleep(Self.pause) }
        book.note(name, .failed, "\(said); before: \(before.sentence)")
        return .done(
            Outcome(
                results: book.results,
                failure: "the health probe \(name) worked before the upgrade (\(before.sentence)) and does not now: \(said)"))
    }

    /// No try can change anything any more. An agent that has ended is for the trial to start again.
    private var isOver: Bool {
        if case .stopped? = try? ports.service.agent() { return true }
        return ports.clock.sinceBoot() >= deadline
    }

    private mutating func next(_ name: String, _ verdict: HealthResult.Verdict, _ said: String) -> Step<Outcome> {
        book.note(name, verdict, said)
        waiting.removeFirst()
        failures = 0
        return .again
    }
}
