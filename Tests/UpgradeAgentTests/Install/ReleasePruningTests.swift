import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// Old releases go, and never one that is needed: whatever is open, and wherever it is interrupted.
@Suite struct ReleasePruningTests {
    private static let ticket = Ticket(high: 5, low: 5)

    /// Releases 1 to 5, each whole, the last one running.
    private struct Site {
        let tree = SimFileTree()
        let locks = SimLocks()
        let clock = SimClock()

        init(running: Int = 5, recover: Int? = nil) throws {
            for number in 1...5 {
                let part = ReleaseDocument.Part(version: "1.\(number).0", digest: "")
                let document = ReleaseDocument(software: part, configuration: nil, certificate: nil, strategy: .tree, job: nil)
                try tree.put(Layout.releaseFile(number), document.bytes)
                try tree.put(Layout.program(number), String(repeating: "p", count: 1000))
                try tree.put(Layout.database(number), "d")
            }
            try tree.setLink(Layout.recover, to: Layout.linkText(recover ?? running))
            try tree.setLink(Layout.current, to: Layout.linkText(running))
        }

        func pruning(kept: Int = 2, bytesMax: Int64 = 1 << 30) -> ReleasePruning {
            ReleasePruning(tree: tree, locks: locks, kept: kept, bytesMax: bytesMax)
        }

        func journal(_ steps: [JournalRecord.Step]) throws {
            try tree.makeFolders(Layout.job(ReleasePruningTests.ticket))
            var journal = try Journal.create(Layout.journal(ReleasePruningTests.ticket), in: tree, clock: clock)
            for step in steps { try journal.write(step) }
        }

        var names: [String] { (try? tree.list(Layout.releases)) ?? [] }
    }

    @Test func `the newest stay, by number and by size`() throws {
        var site = try Site()
        #expect(try site.pruning().run() == [1, 2])
        #expect(site.names == ["3", "4", "5"])
        #expect(try site.pruning().run() == [])
        site = try Site()
        #expect(try site.pruning(kept: 4, bytesMax: 2500).run() == [1, 2])
        site = try Site()
        #expect(try site.pruning(kept: 0, bytesMax: 0).run() == [1, 2, 3, 4])
        #expect(site.names == ["5"])
    }

    @Test func `a node that went back keeps what runs`() throws {
        let site = try Site(running: 2)
        #expect(try site.pruning(kept: 0).run() == [1, 3, 4, 5])
        #expect(site.names == ["2"])
    }

    @Test func `nothing goes before a commit`() throws {
        let site = try Site(running: 5, recover: 4)
        #expect(try site.pruning(kept: 0).run() == nil)
        #expect(site.names.count == 5)
    }

    @Test func `nothing goes while a journal is open, unreadable or an installer is there`() throws {
        var site = try Site()
        try site.journal([.begun(oldRelease: 4, newRelease: 6, format: 1)])
        #expect(try site.pruning(kept: 0).run() == nil)
        site = try Site()
        try site.tree.makeFolders(Layout.journal(Self.ticket))
        #expect(try site.pruning(kept: 0).run() == nil)
        site = try Site()
        let lock = site.locks.take(.install)
        #expect(try site.pruning(kept: 0).run() == nil)
        #expect(site.names.count == 5)
        lock?.release()
        try site.journal([.begun(oldRelease: 4, newRelease: 5, format: 1), .switchIntended, .switched, .committed])
        #expect(try site.pruning(kept: 0).run()?.count == 4)
    }

    @Test func `the lock is given back`() throws {
        let site = try Site()
        _ = try site.pruning().run()
        #expect(site.locks.take(.install) != nil)
    }

    /// After every possible first failure: the needed release is whole, the others are whole or have no name that anybody opens, and the next
    /// run comes to the same end.
    @Test func `an interruption leaves no half release under a usable name`() throws {
        let all = try Site()
        let before = all.tree.mutations
        _ = try all.pruning(kept: 1).run()
        let operations = all.tree.mutations - before
        #expect(operations > 20)
        for stop in 1...operations {
            let site = try Site()
            let count = Shared(0)
            site.tree.setFault { _ in
                count.change { $0 += 1 }
                return count.value >= stop ? .other : nil
            }
            _ = try? site.pruning(kept: 1).run()
            site.tree.setFault(nil)
            for name in site.names.compactMap({ Int($0) }) {
                for path in [Layout.releaseFile(name), Layout.program(name), Layout.database(name)] {
                    #expect(try site.tree.entry(path) != nil, "\(path), stopped at \(stop)")
                }
            }
            #expect(site.names.contains("5"))
            _ = try site.pruning(kept: 1).run()
            #expect(site.names == ["4", "5"], "stopped at \(stop)")
        }
    }

    @Test func `what is half there is removed and takes nobody's place`() throws {
        let site = try Site()
        try site.tree.remove(Layout.releaseFile(4))
        #expect(try site.pruning().run() == [1, 4])
        #expect(site.names == ["2", "3", "5"])
    }
}
