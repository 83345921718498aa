import FleetSimulation
import UpgradeExchange
import UpgradeModel
import UpgradePorts
import UpgradeSystem
import UpgradeWire

/// A scenario's nodes, simulated but for their way to the hub, drive a true exchange in real time.
package struct LoadFleet {
    /// What nodes say of themselves, and policies ask for: nobody else is meant.
    static let property = "upliftLoad"
    /// Nodes are switched on one after the other, this many a second at most, all within a minute.
    private static let startsPerSecond = 50
    /// How often it is looked at what there is to do.
    private static let glance: Duration = .milliseconds(100)

    private let order: LoadOrder
    private let world: LoadWorld
    private let desk: LoadDesk
    private let clock = LoadClock()
    private let meter: LoadMeter
    private let shelf: LoadShelf
    private let words: LoadWords
    private let told: (LoadProgress) -> Void
    /// Part of every node's token.
    private let secret = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined()

    /// Nothing is done yet. Errors: the scenario cannot be tried so.
    /// - Parameter told: called again and again, on the caller's thread.
    package init(_ order: LoadOrder, in world: LoadWorld, told: @escaping (LoadProgress) -> Void = { _ in }) throws(LiveFailure) {
        try LoadLimits.check(order.scenario)
        (self.order, self.world, self.told) = (order, world, told)
        meter = LoadMeter(clock)
        shelf = LoadShelf(order)
        words = LoadWords(clock, prefix: order.prefix, nodes: order.scenario.nodeCount)
        desk = LoadDesk(order, world.http)
    }

    /// Runs to the end, or until a person wants it to end, and takes away what it made. Errors: it could not begin; then too.
    /// - Parameter look: called before anything is taken away.
    package func run(look: () throws -> Void = {}) throws -> LoadReport {
        try desk.check()
        return try Interrupt.listening {
            var report: LoadReport
            do {
                report = try drive()
                try look()
            } catch {
                let left = desk.cleanUp()
                guard let failure = error as? LiveFailure, !left.isEmpty else { throw error }
                throw LiveFailure(failure.kind, ([failure.explanation, "left at the hub:"] + left).joined(separator: "\n"))
            }
            told(progress("cleaning up", report.registered))
            report.leftovers = desk.cleanUp()
            return report
        }
    }

    private func progress(_ phase: String, _ registered: Int) -> LoadProgress {
        var progress = LoadProgress()
        (progress.phase, progress.registered, progress.nodes) = (phase, registered, order.scenario.nodeCount)
        meter.fill(&progress)
        return progress
    }

    // MARK: The run

    private func drive() throws -> LoadReport {
        Machine.raiseDescriptors()
        let sign = try signer()
        let offer = try prepare(sign)
        let registered = try register()
        let spread = min(.seconds(60), .seconds(order.scenario.nodeCount) / LoadFleet.startsPerSecond)
        let begins = Machine.now
        let fleet = try LiveFleet(
            order.scenario, seed: order.seed, workshop: workshop(offer.versions), begins: begins, spread: spread
        ) { [clock] in clock.now }
        let judge = LoadJudge(order: order, nodes: fleet.nodes, words: words, meter: meter)
        let publisher = LoadPublisher(order, desk, shelf, words, begins: begins, sign: sign)
        clock.start()
        let driver = LoadDriver(fleet.nodes, meter)
        defer { driver.stop() }
        let before = Machine.processor
        try play(publisher, judge, registered)
        let time = clock.now
        driver.stop()
        var report = judge.report(open: publisher.open, hub: { [desk] node throws(LiveFailure) in try desk.statuses(of: node) })
        (report.registered, report.time, report.isInterrupted) = (registered, time, Interrupt.isAsked)
        report.processor = Machine.processor - before
        return report
    }

    /// Steps at their instants, looks at theirs, until all is over.
    private func play(_ publisher: LoadPublisher, _ judge: LoadJudge, _ registered: Int) throws {
        let (scenario, bell) = (order.scenario, LiveThreads().makeBell())
        var steps = scenario.steps.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)[...]
        var looks = judge.timed[...]
        var second = -1
        while !Interrupt.isAsked {
            let now = clock.now
            while let step = steps.first, step.at <= now {
                try publisher.carryOut(step.deed, nodes: judge.names)
                steps.removeFirst()
            }
            while let look = looks.first, look.at <= now {
                judge.look(look.expectation, at: look.at, publisher.open)
                looks.removeFirst()
            }
            if second != Int(now.components.seconds) {
                second = Int(now.components.seconds)
                let end = now < scenario.duration ? "of \(Unit.time(scenario.duration))" : "coming to rest"
                told(progress("\(Unit.time(.seconds(second))) \(end)", registered))
                if now >= scenario.duration, judge.isSettled(publisher.open) || now >= scenario.duration + scenario.settling { return }
            }
            bell.wait(atMost: LoadFleet.glance)
        }
    }

    // MARK: Preparation

    private func prepare(_ sign: ([UInt8]) throws -> DetachedSignature) throws -> (
        objects: [ScenarioObject], versions: PerComponent<[String]>
    ) {
        let offer = order.scenario.offer
        for object in offer.objects {
            try goOn()
            told(progress("uploading \(object.type)", 0))
            let item = try shelf.package(object, sign: sign)
            try desk.put(item)
            shelf.add(item)
        }
        return offer
    }

    private func register() throws -> Int {
        var count = 0
        let all = order.scenario.fleet.flatMap { group in (0..<group.count).map { (group: group, name: "\(group.name)-\($0 + 1)") } }
        // In slices, so that progress is told and a wish to end is heard.
        for start in stride(from: 0, to: all.count, by: 100) {
            try goOn()
            let slice = Array(all[start..<min(start + 100, all.count)])
            let failures = InParallel.each(slice) { [desk, order, secret] node throws(LiveFailure) in
                try desk.register(order.prefix + node.name, token: secret + node.name, order.policy(of: node.group))
            }
            if let first = failures.first { throw first }
            count += slice.count
            told(progress("registering", count))
        }
        for (group, members) in order.groups { try desk.addGroup(group, members: members) }
        return count
    }

    private func goOn() throws(LiveFailure) {
        if Interrupt.isAsked { throw LiveFailure(.interrupted, "interrupted before it began; what was made at the hub is removed") }
    }

    private func workshop(_ versions: PerComponent<[String]>) -> NodeWorkshop {
        let (order, shelf, words, secret) = (order, shelf, words, secret)
        let http = MeteredHTTP(inner: world.http, meter: meter)
        let transfer = LoadTransfer(world.transfer, shelf, meter)
        let hub = HubAddress(exchangeURL: order.url + "/v1", objectsURL: order.url, agbotURL: order.url, trust: order.trust)
        var workshop = NodeWorkshop()
        workshop.transferPause = LoadTransfer.pause
        workshop.transfer = { _, _ in transfer }
        workshop.hub = { name, _ in
            LoadClient(
                inner: HTTPExchangeClient(http: http, hub: hub, org: order.org, node: order.prefix + name, token: secret + name),
                name: name, org: order.org, prefix: order.prefix, shelf: shelf, words: words, versions: versions)
        }
        return workshop
    }

    private func signer() throws -> ([UInt8]) throws -> DetachedSignature {
        let (pair, world) = (try world.keys.makeKeyPair(), world)
        return { bytes in
            let running = world.makeDigest()
            running.update(bytes)
            guard let digest = running.current() else { throw LiveFailure(.order, "SHA-256 could not be made") }
            return try world.keys.sign(digest, privateKeyPEM: pair.privateKeyPEM)
        }
    }
}
