import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// The plan of a job is lost while nobody runs. Its journal alone must lead the node to a whole release and the agent to a true word.
@Suite struct PlanLostTests {
    enum Loss: String, CaseIterable, Sendable {
        case missing, damaged, link

        func happen(to tree: SimFileTree) throws {
            let plan = Layout.plan(Fixture.ticket)
            try tree.remove(plan)
            switch self {
            case .missing: break
            case .damaged: try tree.put(plan, "{")
            case .link: try tree.symbolicLink("journal", at: plan)
            }
        }
    }

    static let lost = "the plan of the job cannot be read: "

    /// The node before and after its recovery, for a loss just after the record and for one just before the next.
    private func recovered(
        _ scenario: Scenario, after last: String, _ loss: Loss, _ check: (_ node: SimNode, _ before: [JournalRecord.Step]) throws -> Void
    ) throws {
        for isLate in [false, true] {
            let start = try SimNode.prepared(Fixture(scenario: scenario)).image(after: last, isLate: isLate)
            let node = try SimNode(scenario, start.afterPowerCut)
            let before = node.records
            try loss.happen(to: node.inner)
            try node.run()
            try check(node, before)
        }
    }

    @Test(arguments: ["switchIntended", "switched", "startIntended", "ready"], Loss.allCases)
    func `beyond the switch the job goes back and says why`(last: String, loss: Loss) throws {
        try recovered(Scenario(components: Scenario.everything), after: last, loss) { node, before in
            let end = try Outcome(node: node, about: "\(last), \(loss)").check()
            #expect(end == .rolledBack)
            let cause = try #require(node.reading?.firstCause)
            #expect(cause.hasPrefix(Self.lost))
            #expect(node.records == before + [.rollbackIntended(cause: cause), .rolledBack])
            #expect(try node.inner.entry(Layout.release(2)) == nil)
        }
    }

    @Test(arguments: Loss.allCases) func `a commit is brought to its end`(loss: Loss) throws {
        try recovered(Scenario(components: Scenario.everything), after: "commitIntended", loss) { node, _ in
            let end = try Outcome(node: node, about: "\(loss)").check()
            #expect(end == .committed)
        }
    }

    @Test(arguments: ["rollbackIntended", "rollbackFailed"], Loss.allCases)
    func `a job on its way back keeps its first cause`(last: String, loss: Loss) throws {
        let scenario = Scenario(sickness: .healthFails, comeback: .exits(times: 4))
        try recovered(scenario, after: last, loss) { node, before in
            let end = try Outcome(node: node, about: "\(last), \(loss)").check()
            #expect(end == .rolledBack)
            #expect(node.reading?.firstCause.contains("exit 7") == true)
            #expect(node.records.starts(with: before))
        }
    }

    @Test(arguments: ["begun", "stopIntended"], Loss.allCases)
    func `before the switch the job ends and the agent hears of it`(last: String, loss: Loss) throws {
        try recovered(Scenario(components: Scenario.everything), after: last, loss) { node, before in
            guard case .refused(let reason) = try Outcome(node: node, about: "\(last), \(loss)").check() else {
                Issue.record("found \(node.records)")
                return
            }
            #expect(reason.hasPrefix(Self.lost))
            #expect(node.records.dropLast() == before[...])
            #expect(try node.inner.list(Layout.releases) == ["1"])
        }
    }

    @Test(arguments: Loss.allCases) func `after the last record nothing is written any more`(loss: Loss) throws {
        let node = try SimNode.prepared(Fixture())
        try node.run()
        let before = node.records
        try loss.happen(to: node.inner)
        try node.run()
        #expect(node.records == before)
    }
}

/// The journal of a job that has switched is lost or cannot be read: nobody knows how far the trial was, so nothing may be said to be well.
@Suite struct JournalLostTests {
    enum Loss: CaseIterable, Sendable {
        case missing, unreadable, firstRecord, switchRecord, planToo

        func happen(to tree: SimFileTree) throws {
            let journal = Layout.journal(Fixture.ticket)
            switch self {
            case .missing: try tree.remove(journal)
            case .firstRecord: try tree.open(journal, for: .writing).write([0], at: 0)
            case .switchRecord: try tree.open(journal, for: .writing).write([0], at: 2048)
            case .unreadable, .planToo:
                try tree.remove(journal)
                try tree.symbolicLink("elsewhere", at: journal)
                if self == .planToo { try tree.remove(Layout.plan(Fixture.ticket)) }
            }
        }
    }

    @Test(arguments: ["switched", "startIntended", "ready", "commitIntended"], Loss.allCases)
    func `a release that nobody committed goes back`(last: String, loss: Loss) throws {
        let scenario = Scenario(components: Scenario.everything)
        let node = try SimNode(scenario, try SimNode.prepared(Fixture(scenario: scenario)).image(after: last).afterPowerCut)
        try loss.happen(to: node.inner)
        let boot = BootPath(tree: node.inner, stateFolder: "/node")
        let open = try boot.openJob()
        #expect(open?.ticket == Fixture.ticket && open?.installer.path == "/node/releases/1/software/bin/upliftd")
        try node.run()
        #expect(try Outcome(node: node, about: "\(last), \(loss)").check() == .rolledBack)
        #expect(node.reading?.firstCause.contains("journal") == true)
        #expect(try boot.openJob() == nil)
    }

    /// A full disk leaves no room for another journal: the job stays open, and nobody says that it ended before the switch.
    @Test func `without space for a new journal it is tried again`() throws {
        let node = try SimNode(Scenario(), try SimNode.prepared(Fixture()).image(after: "ready").afterPowerCut)
        try Loss.missing.happen(to: node.inner)
        let capacity = node.inner.disk.capacity
        node.inner.setCapacity(0)
        var installer = Installer(ticket: Fixture.ticket, ports: node.ports)
        #expect(throws: FileError.self) { try installer.step() }
        #expect(node.agent.image.givenBack == [])
        node.inner.setCapacity(capacity)
        try node.run()
        #expect(try Outcome(node: node, about: "space again").check() == .rolledBack)
    }

    /// What no installer can bring to an end must not keep the agent from running.
    @Test func `a trial without its folder, or with a last record, is not recovered`() throws {
        let image = try SimNode.prepared(Fixture()).image(after: "ready")
        let (gone, final) = (try SimNode(Scenario(), image), try SimNode(Scenario(), image))
        try gone.inner.removeTree(Layout.job(Fixture.ticket))
        var journal = try #require(try Journal.open(Layout.journal(Fixture.ticket), in: final.inner, clock: final.clock))
        try journal.write(.cancelled)
        for node in [gone, final] { #expect(try BootPath(tree: node.inner, stateFolder: "/node").openJob() == nil) }
    }

    @Test(arguments: ["begun", "stopIntended"]) func `before the switch the job is given back and the agent runs`(last: String) throws {
        let node = try SimNode(Scenario(), try SimNode.prepared(Fixture()).image(after: last))
        try Loss.unreadable.happen(to: node.inner)
        #expect(try BootPath(tree: node.inner, stateFolder: "/node").openJob() == nil)
        try node.run()
        #expect(node.agent.image.givenBack.first?.contains("the journal of the job cannot be read") == true)
        #expect(node.agent.image.process?.program.release == 1)
        #expect(try node.inner.release(at: Layout.current) == 1)
    }
}

extension SimNode {
    /// The node when this record was the last one: before anything was done after it, or just before the next record.
    func image(after name: String, isLate: Bool = false) throws -> NodeImage {
        let seen = Shared<NodeImage?>(nil)
        inner.setFault { [unowned self] mutation in
            let last = records.last.map { "\($0)" } ?? ""
            if isLate || seen.value == nil, last.hasPrefix(name), mutation.path.name != "agent.db" {
                let image = image
                seen.change { $0 = image }
            }
            return nil
        }
        try run()
        inner.setFault(nil)
        return try #require(seen.value)
    }
}
