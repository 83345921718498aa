import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Files come whole, resumed and believed, or not at all.
@Suite struct FetcherTests {
    private static let small = FetchSite.noise(700_000)
    private static let large = FetchSite.noise(9 << 20)

    @Test func `a whole file`() throws {
        let site = try FetchSite(Self.small)
        try site.fetch()
        #expect(try site.tree.contents(site.file) == Self.small)
        #expect(try site.tree.list(Layout.partial(FetchSite.ticket)) == [])
        #expect(site.transfer.requests.map(\.offset) == [0])
        #expect(site.transfer.requests.first?.ifRange == nil)
        #expect(site.transfer.requests.first?.bytesMax == 700_000)
        try site.fetch()
        #expect(site.transfer.requests.count == 1)
    }

    @Test(arguments: [1, (4 << 20) - 1, (4 << 20) + 1, (9 << 20) - 1])
    func `after a restart at most one checkpoint is fetched again`(bytes: Int) throws {
        let site = try FetchSite(Self.large)
        do {
            var dropped = try site.fetcher()
            while site.transfer.bytes < bytes { _ = try dropped.step() }
        }
        let before = site.transfer.bytes
        try site.fetch()
        #expect(try site.tree.contents(site.file, max: 16 << 20) == Self.large)
        #expect(site.transfer.bytes - Self.large.count <= 4 << 20)
        if before > 4 << 20 { #expect(site.transfer.requests.last?.ifRange == "\"one\"") }
    }

    @Test func `broken connections cost nothing that was received`() throws {
        let site = try FetchSite(Self.small, manners: .init(cut: { $0 < 6 ? 100_000 : nil }))
        for _ in 0..<5 {
            let failure = try #require(try site.failure())
            #expect(failure.kind == .transient(retryAfter: nil))
        }
        try site.fetch()
        #expect(try site.tree.contents(site.file) == Self.small)
        #expect(site.transfer.bytes == Self.small.count)
        #expect(site.transfer.requests.map(\.offset) == [0, 100_000, 200_000, 300_000, 400_000, 500_000])
    }

    @Test func `the whole file in answer to a range is taken from its front`() throws {
        let site = try FetchSite(Self.small, manners: .init(ignoresRange: true, cut: { $0 == 1 ? 300_000 : nil }))
        #expect(try site.failure() != nil)
        try site.fetch()
        #expect(site.transfer.requests.last?.offset == 300_000)
        #expect(try site.tree.contents(site.file) == Self.small)
    }

    @Test func `another object under the same name is fetched from its front`() throws {
        let site = try FetchSite(Self.small, manners: .init(cut: { $0 == 1 ? 300_000 : nil }))
        #expect(try site.failure() != nil)
        site.manners.change { $0.etag = "\"two\"" }
        try site.fetch()
        #expect(site.transfer.requests.last?.ifRange == "\"one\"")
        #expect(try site.tree.contents(site.file) == Self.small)
    }

    @Test(arguments: [nil, "W/\"one\""])
    func `without a strong validator nothing is resumed`(etag: String?) throws {
        let site = try FetchSite(Self.small, manners: .init(etag: etag, cut: { $0 == 1 ? 300_000 : nil }))
        #expect(try site.failure() != nil)
        try site.fetch()
        #expect(site.transfer.requests.map(\.offset) == [0, 0])
        #expect(try site.tree.contents(site.file) == Self.small)
    }

    @Test func `a wrong length is worth one fresh try`() throws {
        for announces: Int64 in [1, 699_999, 700_001] {
            let site = try FetchSite(Self.small, manners: .init(announces: .some(announces)))
            let failure = try #require(try site.failure())
            #expect(failure.kind == .distrusted)
            #expect(failure.reason.contains("\(announces)"))
            #expect(site.transfer.cancelled == 1)
        }
    }

    @Test func `a body that is longer than promised is broken off`() throws {
        let site = try FetchSite(Self.small, manners: .init(announces: .some(nil)), length: 500_000)
        let failure = try #require(try site.failure())
        #expect(failure.kind == .final(.downloadFailed))
        #expect(site.transfer.bytes < 800_000)
        #expect(try site.tree.entry(site.file) == nil)
    }

    @Test func `a body that ends early is tried again`() throws {
        let site = try FetchSite(Self.small, manners: .init(cut: { $0 == 1 ? 10 : nil }, endsQuietly: true))
        #expect(try site.failure()?.kind == .transient(retryAfter: nil))
        try site.fetch()
        #expect(try site.tree.contents(site.file) == Self.small)
    }

    @Test func `a flipped bit is not believed, and nothing of it is kept`() throws {
        let site = try FetchSite(Self.small)
        site.server.change { $0[350_000] ^= 1 }
        let failure = try #require(try site.failure())
        #expect(failure.kind == .distrusted)
        #expect(try site.tree.list(Layout.partial(FetchSite.ticket)) == [])
        #expect(try site.tree.entry(site.file) == nil)
        site.server.change { $0[350_000] ^= 1 }
        try site.fetch()
        #expect(site.transfer.requests.map(\.offset) == [0, 0])
    }

    @Test func `bytes that are not believed twice end the job`() throws {
        let site = try FetchSite(Self.small)
        site.server.change { $0[0] ^= 1 }
        let terms = JobTerms(manifest: "m", allowDowngrade: false, start: "now", startWindow: 0)
        let facts = JobFacts(terms: terms, scheduled: Fixture.start)
        var state: JobState? = .downloading(
            facts, Attempt(ticket: FetchSite.ticket, deadline: Fixture.start.adding(.seconds(9000))), site.plan)
        var context = JobContext(
            now: Fixture.start, freshTicket: Fixture.ticket, chance: 0, currentRelease: 1, freshRelease: 2, limits: JobLimits())
        for round in 1...2 {
            guard case .downloading(_, let attempt, _)? = state else { break }
            let failure = try #require(try site.failure())
            guard case .moved(let move) = JobMachine.transition(state, .procedureFailed(attempt.runID, failure), context) else { break }
            state = move.state
            if round == 2 { break }
            context.now = context.now.adding(.seconds(60))
            guard let wake = state?.wake, case .moved(let again) = JobMachine.transition(state, .woke(wake), context) else { break }
            state = again.state
        }
        guard case .ended(_, let ending)? = state else {
            Issue.record("found \(String(describing: state))")
            return
        }
        #expect(ending.outcome == .downloadFailed)
        #expect(site.transfer.requests.count == 2)
    }

    @Test func `what is not signed with SHA-256 by a pinned key is final`() throws {
        let good = try Publisher.shared.get().sign(Self.small)
        for (hash, key, signature) in [("", "", ""), ("SHA1", good.publicKey, good.signature), ("SHA256", good.publicKey, "")] {
            let site = try FetchSite(Self.small, signature: .init(hashAlgorithm: hash, publicKey: key, signature: signature))
            #expect(try site.failure()?.kind == .final(.downloadFailed), "\(hash)")
            #expect(try site.tree.entry(site.file) == nil)
        }
        let stranger = try Publisher.shared.get().sign(Self.small, asStranger: true)
        #expect(try FetchSite(Self.small, signature: stranger).failure()?.kind == .distrusted)
    }

    @Test func `what the server says decides whether to try again`() throws {
        for code in [400, 403, 404, 410] {
            let site = try FetchSite(Self.small, manners: .init(failure: { _ in SimExchange.status(code) }))
            #expect(try site.failure()?.kind == .final(.downloadFailed), "\(code)")
        }
        for code in [401, 408, 429, 500, 502] {
            let site = try FetchSite(Self.small, manners: .init(failure: { _ in SimExchange.status(code) }))
            #expect(try site.failure()?.kind == .transient(retryAfter: nil), "\(code)")
        }
        let busy = try FetchSite(Self.small, manners: .init(failure: { _ in SimExchange.status(503, retryAfter: .seconds(77)) }))
        #expect(try busy.failure()?.kind == .transient(retryAfter: .seconds(77)))
        let away = try FetchSite(Self.small, manners: .init(failure: { _ in SimExchange.away }))
        #expect(try away.failure()?.kind == .transient(retryAfter: nil))
    }

    @Test func `the stamp of a configuration must say what the plan asked for`() throws {
        let texts = ["# uplift: kind=configuration version=3\nA=1\n", "# uplift: kind=certificate version=2\n", "A=1\n"]
        for text in texts {
            let site = try FetchSite(Array(text.utf8), component: .configuration, version: "2")
            #expect(try site.failure()?.kind == .final(.precheckFailed), "\(text)")
            #expect(try site.tree.entry(site.file) == nil)
        }
        let site = try FetchSite(Array("# uplift: kind=configuration version=2\nA=1\n".utf8), component: .configuration, version: "2")
        try site.fetch()
        #expect(try site.tree.entry(site.file) != nil)
    }

    @Test func `bytes beyond the checkpoint are not believed`() throws {
        let site = try FetchSite(Self.small, manners: .init(cut: { $0 == 1 ? 300_000 : nil }))
        #expect(try site.failure() != nil)
        try site.tree.open(site.partial, for: .writing).write([UInt8](repeating: 0xEE, count: 50_000), at: 300_000)
        try site.fetch()
        #expect(site.transfer.requests.last?.offset == 300_000)
        #expect(try site.tree.contents(site.file) == Self.small)
    }

    @Test func `a partial file shorter than its checkpoint, or with a damaged one, is fetched as far as needed`() throws {
        let short = try FetchSite(Self.small, manners: .init(cut: { $0 == 1 ? 300_000 : nil }))
        #expect(try short.failure() != nil)
        try short.tree.open(short.partial, for: .writing).truncate(to: 1000)
        try short.fetch()
        #expect(short.transfer.requests.last?.offset == 1000)
        #expect(try short.tree.contents(short.file) == Self.small)
        let damaged = try FetchSite(Self.small, manners: .init(cut: { $0 == 1 ? 300_000 : nil }))
        #expect(try damaged.failure() != nil)
        let note = damaged.partial.parent.appending(damaged.partial.name + ".checkpoint")
        try damaged.tree.replace(note, with: Array("{".utf8))
        try damaged.fetch()
        #expect(damaged.transfer.requests.last?.offset == 0)
        #expect(try damaged.tree.contents(damaged.file) == Self.small)
    }

    @Test func `a full disk is waited for, and what was received stays`() throws {
        let site = try FetchSite(Self.small)
        site.tree.setCapacity(400_000)
        #expect(try site.failure()?.kind == .transient(retryAfter: nil))
        #expect(site.transfer.cancelled == 1)
        site.tree.setCapacity(1 << 30)
        try site.fetch()
        #expect(try site.tree.contents(site.file) == Self.small)
    }

    /// Every changing file operation fails once: a later try always brings the file, and nothing unverified is ever called verified.
    @Test func `one failed file operation costs one try`() throws {
        let content = FetchSite.noise(400_000)
        var number = 0
        while true {
            number += 1
            let site = try FetchSite(content)
            site.tree.failMutation(number, with: .noSpace)
            let failure = try site.failure()
            if site.tree.mutations < number { break }
            if let failure { #expect(failure.kind == .transient(retryAfter: nil), "operation \(number)") }
            site.tree.setFault(nil)
            try site.fetch()
            #expect(try site.tree.contents(site.file) == content, "operation \(number)")
        }
        #expect(number > 20)
    }

    @Test func `a stopped fetcher leaves no transfer behind`() throws {
        let site = try FetchSite(Self.small)
        var fetcher = try site.fetcher()
        while site.transfer.bytes < 300_000 { _ = try fetcher.step() }
        fetcher.stop()
        #expect(site.transfer.cancelled == 1)
        try site.fetch()
        #expect(try site.tree.contents(site.file) == Self.small)
    }
}
