import Testing
import UpgradeModel
import UpgradePorts

/// What every opener promises.
@Suite("Store opener contract")
struct StoreOpenerContract {
    private let path = StoreSubject.path

    @Test("Opening never makes a database", arguments: StoreKind.allCases)
    func missing(kind: StoreKind) throws {
        let subject = try StoreSubject(kind)
        for _ in 1...2 { #expect(kindOfError { _ = try subject.opener.open(path) } == .missing) }
        #expect(kindOfError { try subject.opener.copy(path, to: .known("copy.db")) } == .missing)
        #expect(kindOfError { _ = try subject.opener.setAside(path) } == .missing)
    }

    @Test("Creating never replaces a database", arguments: StoreKind.allCases)
    func exists(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit([.set(.softwareFloor, "org/node")])
        #expect(kindOfError { _ = try subject.opener.create(path) } == .exists)
        try subject.damage(path)
        #expect(kindOfError { _ = try subject.opener.create(path) } == .exists)
    }

    @Test("A damaged database is named so, kept, and makes room", arguments: StoreKind.allCases)
    func damaged(kind: StoreKind) throws {
        let subject = try StoreSubject(kind)
        for number in 1...2 {
            _ = try subject.opener.create(path)
            try subject.damage(path)
            #expect(kindOfError { _ = try subject.opener.open(path) } == .damaged)
            #expect(kindOfError { try subject.opener.copy(path, to: .known("copy.db")) } == .damaged)
            let aside = try subject.opener.setAside(path)
            #expect(aside == .known("agent.db.damaged-\(number)"))
            #expect(kindOfError { _ = try subject.opener.open(aside) } == .damaged)
            #expect(kindOfError { _ = try subject.opener.open(path) } == .missing)
        }
        #expect(try subject.opener.create(path).load().jobs.isEmpty)
    }

    @Test("A copy holds what was committed, lives by itself, and is replaced by the next", arguments: StoreKind.allCases)
    func copy(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        let target = TreePath.known("copy.db")
        try store.commit([.owe(StoreSamples.row(1))])
        try subject.opener.copy(path, to: target)
        try subject.opener.open(target).commit([.owe(StoreSamples.row(2))])
        #expect(try subject.opener.open(target).load().outbox.map(\.number) == [1, 2])
        #expect(try store.load().outbox.map(\.number) == [1])
        try store.commit([.owe(StoreSamples.row(3))])
        try subject.opener.copy(path, to: target)
        #expect(try subject.opener.open(target).load().outbox.map(\.number) == [1, 3])
    }

    @Test("A database set aside keeps its rows", arguments: StoreKind.allCases)
    func setAsideKeepsRows(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit([.owe(StoreSamples.row(1))])
        let aside = try subject.opener.setAside(path)
        #expect(try subject.opener.open(aside).load().outbox == [StoreSamples.row(1)])
    }
}

/// The kind of the store error that a body throws; nil when it throws none.
func kindOfError(_ body: () throws -> Void) -> StoreError.Kind? {
    do { try body() } catch { return (error as? StoreError)?.kind }
    return nil
}
