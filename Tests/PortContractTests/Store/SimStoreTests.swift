import Testing
import UpgradePorts
import UpgradeSimulation

/// What only the simulated store can do: fail on request, and be looked at from outside.
@Suite("Simulated store")
struct SimStoreTests {
    private let error = StoreError(.noSpace, "no space left")

    @Test("The commit with the asked number fails, before or after it took effect")
    func faults() throws {
        let database = SimDatabase()
        let store = SimStore(database)
        store.fail(commit: 2, .before(error))
        store.fail(commit: 3, .after(error))
        try store.commit([.owe(StoreSamples.row(1))])
        #expect(throws: error) { try store.commit([.owe(StoreSamples.row(2))]) }
        #expect(throws: error) { try store.commit([.owe(StoreSamples.row(3))]) }
        try store.commit([.owe(StoreSamples.row(4))])
        #expect(store.commits == 4)
        #expect(try SimStore(database).load().outbox.map(\.number) == [1, 3, 4])
    }

    @Test("A memory that was taken earlier brings that moment back")
    func snapshot() throws {
        let store = SimStore()
        try store.commit([.owe(StoreSamples.row(1))])
        let memory = store.memory
        try store.commit([.settle(number: 1)])
        #expect(try SimStore(memory: memory).load().outbox.map(\.number) == [1])
        #expect(store.memory != memory)
    }

    @Test("The images of a node bring all its databases back")
    func images() throws {
        let opener = SimStoreOpener()
        try opener.create(StoreSubject.path).commit([.owe(StoreSamples.row(1))])
        opener.database(StoreSubject.path)?.set(.newer)
        let restored = SimStoreOpener(opener.images)
        #expect(restored.images == opener.images)
        #expect(kindOfError { _ = try restored.open(StoreSubject.path) } == .newer)
        restored.database(StoreSubject.path)?.set(.sound)
        try restored.open(StoreSubject.path).commit([.settle(number: 1)])
        #expect(restored.images != opener.images)
        restored.lose(StoreSubject.path)
        #expect(kindOfError { _ = try restored.open(StoreSubject.path) } == .missing)
    }
}
