import Synchronization
import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// Who is asked for the turn, and what its answers mean.
@Suite struct TurnRequestTests {
    private let policy = PolicyID(org: "o", name: "p")

    private func hub(group: String?, refuse: @escaping @Sendable (SimExchange.Call) -> TransferFailure? = { _ in nil }) -> SimExchange {
        var content = SimExchange.Content()
        content.node = NodeRecord(pattern: "", pollMin: 0, pollMax: 0, softwareVersions: [:], group: group)
        return SimExchange(content, refuse: refuse)
    }

    private func answer(_ hub: SimExchange, known: String? = nil) -> Result<String?, ProcedureFailure> {
        var request = TurnRequest(policy: policy, knownGroup: known, client: hub, isWanted: { true }) { false }
        return Result { () throws(ProcedureFailure) in
            guard case .done(let group) = try request.step() else { throw ProcedureFailure(.final(.precheckFailed), "not done") }
            return group
        }
    }

    private func refusal(_ hub: SimExchange, known: String? = nil) throws -> String {
        guard case .failure(let failure) = answer(hub, known: known) else { throw ScratchError() }
        #expect(failure.kind == .transient(retryAfter: nil))
        return failure.reason
    }

    @Test func aNodeInNoGroupAsksNobody() throws {
        let hub = hub(group: nil)
        #expect(try answer(hub, known: "g").get() == nil)
        #expect(hub.content.calls == [.node])
    }

    @Test func theGroupOfTheRecordIsAsked() throws {
        let hub = hub(group: "g")
        #expect(try answer(hub, known: "old").get() == "g")
        #expect(hub.content.calls == [.node, .turn(group: "g", policy)])
    }

    @Test func withoutAHubTheGroupIsTheOneThatWasKnown() throws {
        let alone = hub(group: "g") { _ in SimExchange.away }
        #expect(try answer(alone).get() == nil)
        #expect(try refusal(alone, known: "g").contains("cannot be asked"))
    }

    @Test func olderWordsGoBeforeTheQuestion() throws {
        let hub = hub(group: "g")
        let looks = Mutex(0)
        var request = TurnRequest(policy: policy, knownGroup: nil, client: hub, isWanted: { true }) {
            looks.withLock { looks in
                looks += 1
                return looks < 3
            }
        }
        for _ in 0..<2 {
            guard case .sleep = try request.step() else { throw ScratchError() }
            #expect(hub.content.calls == [.node])
        }
        guard case .done("g") = try request.step() else { throw ScratchError() }
        #expect(hub.content.calls == [.node, .turn(group: "g", policy)])
    }

    @Test func aJobThatIsGoneAsksForNothing() throws {
        let hub = hub(group: "g")
        var request = TurnRequest(policy: policy, knownGroup: nil, client: hub, isWanted: { false }, isOwing: { false })
        #expect(throws: ProcedureFailure.self) { try request.step() }
        #expect(hub.content.calls == [.node])
    }

    @Test func wordsThatDoNotArriveAreARefusal() throws {
        var request = TurnRequest(policy: policy, knownGroup: nil, client: hub(group: "g"), isWanted: { true }) { true }
        let failure = #expect(throws: ProcedureFailure.self) { try Self.exhaust(&request) }
        #expect(failure?.reason == "the exchange has not taken the words that go before the question")
    }

    private static func exhaust(_ request: inout TurnRequest) throws {
        for _ in 0..<1000 { guard case .sleep = try request.step() else { return } }
    }

    @Test func aRefusalNamesTheGroupAndWhy() throws {
        let taken = hub(group: "g") { if case .turn = $0 { SimExchange.status(409) } else { nil } }
        #expect(try refusal(taken) == "another member of the high-availability group g is being upgraded")
        let wrong = hub(group: "g") { if case .turn = $0 { SimExchange.status(400) } else { nil } }
        #expect(try refusal(wrong) == "the agbot does not give the turn of the high-availability group g: HTTP 400")
    }
}
