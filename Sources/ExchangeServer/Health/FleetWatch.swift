import ExchangeModel
import Logging
import NIOConcurrencyHelpers
import UpgradeModel
import UpgradeWire

/// Looks at all registered nodes from time to time, and when one registers or goes, and keeps what it found for the report.
///
/// It reads a page of nodes at a time, so that nobody waits for a look, and writes when somebody is otherwise. Source: seed `dataone-uc10-mn-status-reports.rst`.
final class FleetWatch: Sendable {
    /// So many nodes are read at once.
    private static let pageNodes = 1_000
    /// Shortest pause behind a look, which takes what has come meanwhile together.
    private static let restMin = Duration.milliseconds(100)
    /// A hub on which nodes come and go all the time spends a tenth of a core on looking.
    private static let restShare = 9

    /// What is known.
    struct Findings: Sendable {
        var look: FleetLook?
        var history = FleetHistory()
    }

    /// When it began to watch: when the hub was started.
    let since: UTCInstant
    private let store: any HubStore
    private let options: WatchOptions
    private let pings: FleetPings?
    private let now: @Sendable () -> UTCInstant
    private let logger: Logger
    private struct State {
        var findings = Findings()
        var absence: HubAbsence?
        /// What was found before this start, until the first look is held against it.
        var record: FleetRecord?
        /// Who was well at the last look before this start.
        var wellBefore: Set<HubNodePlace> = []
        /// Number of the last change in the store; nil when nobody knows.
        var kept: Int?
        /// The store has no state of any node.
        var owesStates = false
    }

    private let box = NIOLockedValueBox(State())
    private let bell = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(store: any HubStore, options: WatchOptions, now: @escaping @Sendable () -> UTCInstant, logger: Logger) {
        (self.store, self.options, self.now, self.logger) = (store, options, now, logger)
        pings = options.ping.map { FleetPings(pause: options.interval / 2, now: now, get: $0) }
        since = now()
    }

    var findings: Findings { box.withLockedValue { $0.findings } }

    /// A node was registered, or is not any more. Returns at once.
    func registrationChanged() { bell.continuation.yield() }

    /// The first look, before anybody can be heard: nobody is blamed for the time in which the hub was not there.
    func begin() async {
        do {
            let kept = try await store.read { try $0.fleetRecord() }
            box.withLockedValue {
                $0.findings.history = FleetHistory(kept.changes)
                ($0.record, $0.kept) = (kept, kept.changes.last?.number ?? 0)
                $0.owesStates = kept.look(at: since) == nil
                $0.wellBefore = Set(kept.states.filter { $0.value == .ok }.keys)
            }
        } catch {
            logger.error("what was known of the nodes cannot be read; changes are kept in memory alone", metadata: ["error": "\(error)"])
        }
        await look { [since] rows in
            let lastHeard = rows.compactMap(\.lastHeartbeat).filter { $0 < since }.max()
            return lastHeard.flatMap { HubAbsence(from: $0, until: since) }
        }
    }

    /// Goes on until it is cancelled.
    func run() async {
        var timer = wakeUp()
        for await _ in bell.stream {
            timer.cancel()
            let took = await look()
            askSilentNodes()
            try? await Task.sleep(for: max(Self.restMin, took * Self.restShare))
            timer = wakeUp()
        }
        timer.cancel()
    }

    /// Beside the looks. What is new is looked at without waiting for the interval.
    private func askSilentNodes() {
        guard let pings, let look = findings.look else { return }
        Task { [bell] in if await pings.ask(look) { bell.continuation.yield() } }
    }

    /// Rings after the interval, a tenth more or less: hubs that were started together do not stay together.
    private func wakeUp() -> Task<Void, any Error> {
        Task { [bell, interval = options.interval] in
            try await Task.sleep(for: interval * Double.random(in: 0.9...1.1))
            bell.continuation.yield()
        }
    }

    /// One look. A store that does not answer leaves the findings as they were: the report says from when they are.
    @discardableResult
    func look(absence: @Sendable ([HubHealthRow]) -> HubAbsence? = { _ in nil }) async -> Duration {
        let (began, start) = (now(), ContinuousClock().now)
        do {
            let orgs = try await store.read { try $0.orgs().mapValues(\.heartbeatIntervals) }
            let rows = try await rows()
            if let absence = absence(rows) { box.withLockedValue { $0.absence = absence } }
            let known = box.withLockedValue { $0 }
            let members = rows.map { row in
                let pause = options.bounds.longestPause(node: row.intervals, org: orgs[row.org])
                let wasWell = known.wellBefore.contains(HubNodePlace(org: row.org, id: row.id))
                let health = NodeHealthRule.judge(
                    row, longestPause: pause, bounds: options.bounds, absence: known.absence, wellBefore: wasWell ? since : nil, at: began)
                return FleetLook.Member(node: row, health: pings?.judged(health, row, at: began) ?? health)
            }
            let took = ContinuousClock().now - start
            let found = FleetLook(number: (known.findings.look?.number ?? 0) + 1, began: began, took: took, members: members)
            keep(found)
            await write(found)
        } catch {
            if !Task.isCancelled { logger.error("cannot look at the nodes", metadata: ["error": "\(error)"]) }
        }
        return ContinuousClock().now - start
    }

    private func rows() async throws -> [HubHealthRow] {
        var (rows, place): ([HubHealthRow], HubNodePlace?) = ([], .begin)
        while let after = place {
            let page = try await store.read { try $0.healthRows(after: after, limit: Self.pageNodes) }
            rows += page
            place = page.count < Self.pageNodes ? nil : page.last.map { HubNodePlace(org: $0.org, id: $0.id) }
        }
        return rows
    }

    /// There is one who looks, so nobody else has kept anything meanwhile.
    private func keep(_ look: FleetLook) {
        box.withLockedValue { state in
            let before = state.findings.look ?? state.record?.look(at: look.began)
            if let before { state.findings.history.note(look, after: before) }
            (state.findings.look, state.record) = (look, nil)
        }
    }

    /// What the store does not have yet; once it takes writes again, all of it.
    private func write(_ look: FleetLook) async {
        let news = box.withLockedValue { state in
            state.kept.map { last in
                let changes = state.findings.history.changes.filter { $0.number > last }
                // What was forgotten before it was written shows in the states alone.
                let isGap = changes.first.map { $0.number > last + 1 } ?? false
                return FleetRecord(changes: changes, states: state.owesStates || isGap ? look.states : [:])
            }
        }
        let isNews = news.map { !$0.changes.isEmpty || !$0.states.isEmpty } ?? false
        guard isNews || look.number == 1 else { return }
        let record = HubOperationRule.own(Operation(look, changes: news?.changes.count ?? 0, at: now()))
        do {
            try await store.write { tables in
                if isNews, let news { try tables.keepFleet(news) }
                try tables.putOperation(record)
                try tables.trimOperations(of: nil, activity: Operation.Activity.monitor.rawValue, to: HubOperationRule.rowsMax)
            }
        } catch {
            if !Task.isCancelled { logger.error("cannot keep what changed of the nodes", metadata: ["error": "\(error)"]) }
            return
        }
        guard let news else { return }
        box.withLockedValue { state in
            state.kept = news.changes.last?.number ?? state.kept
            state.owesStates = false
        }
    }
}

extension Operation {
    /// The record of a look that found something, or of the first one.
    fileprivate init(_ look: FleetLook, changes: Int, at: UTCInstant) {
        let found =
            "\(look.members.count) nodes, \(look.members.count { $0.health.state != .ok }) of them not well, \(changes) otherwise than before"
        self.init(hub: .monitor, begun: look.began, at: at, .completed, found)
    }
}
