import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// One moment's commands, one after the other, within their time.
@Suite struct HookRunTests {
    private let clock = SimClock()

    private func command(_ name: String) -> Command {
        Command(executable: "/hooks/\(name)", arguments: ["a"], directory: "/", environment: [:], timeout: .seconds(9999))
    }

    /// Runs to the end; how long it took, and what was begun.
    private func run(
        _ names: [String], time: Duration = .seconds(60), _ decide: @escaping @Sendable (Command, Int) -> SimCommands.Outcome
    ) throws -> (report: HookRun.Report, time: Duration, begun: [Command]) {
        let commands = SimCommands(clock: clock, decide: decide)
        var run = HookRun("the before-install hook", names.map(command), time: time, runner: commands, clock: clock)
        let start = clock.sinceBoot()
        for _ in 0..<10_000 {
            switch run.step() {
            case .done(let report): return (report, clock.sinceBoot() - start, commands.begun)
            case .sleep(let pause): clock.advance(by: pause)
            case .again, .await: break
            }
        }
        throw TooManySteps()
    }

    @Test func `no command is no work`() throws {
        let outcome = try run([]) { _, _ in .hangs }
        #expect(outcome.report == HookRun.Report() && outcome.time == .zero)
    }

    @Test func `all are run in order, each in what is left of the time`() throws {
        let outcome = try run(["1", "2", "3"]) { _, _ in .exits(0, after: .seconds(5)) }
        #expect(outcome.report.failure == nil)
        #expect(outcome.begun.map(\.executable) == ["/hooks/1", "/hooks/2", "/hooks/3"])
        #expect(outcome.begun.allSatisfy { $0.timeout <= .seconds(60) } && outcome.begun[2].timeout <= .seconds(50))
        #expect(outcome.report.lines.count == 3)
        #expect(outcome.report.lines[0] == "the before-install hook /hooks/1 a ended well")
    }

    @Test func `the first failure ends it and says what was heard`() throws {
        let outcome = try run(["1", "2", "3"]) { _, number in number == 2 ? .exits(3, after: .zero) : .exits(0, after: .zero) }
        #expect(outcome.begun.count == 2)
        #expect(outcome.report.failure == "the before-install hook /hooks/2 a failed: exit 3 (not healthy)")
        #expect(outcome.report.lines.last == outcome.report.failure)
    }

    @Test func `who dies, hangs or is not there has failed`() throws {
        for (outcome, words) in [
            (SimCommands.Outcome.dies(11), "signal 11"), (.missing, "could not be started"), (.hangs, "did not come to its end in time"),
        ] {
            let result = try run(["1", "2"]) { _, _ in outcome }
            #expect(result.report.failure?.contains(words) == true)
            #expect(result.begun.count == 1)
            #expect(result.time <= .seconds(61))
        }
    }

    @Test func `exit 21 asks for another run, and gets so many`() throws {
        let patient = try run(["1", "2"]) { _, number in number < 4 ? .exits(21, after: .zero) : .exits(0, after: .zero) }
        #expect(patient.report.failure == nil)
        #expect(patient.begun.map(\.executable) == Array(repeating: "/hooks/1", count: 4) + ["/hooks/2"])
        let stubborn = try run(["1"]) { _, _ in .exits(21, after: .zero) }
        #expect(stubborn.begun.count == HookRun.triesMax)
        #expect(stubborn.report.failure?.contains("asked 5 times to be run again (exit 21)") == true)
    }

    @Test func `the time is one for all runs`() throws {
        let outcome = try run(["1"], time: .seconds(10)) { _, _ in .exits(21, after: .seconds(4)) }
        #expect(outcome.begun.count == 2)
        #expect(outcome.report.failure?.contains("did not come to its end in time") == true)
        #expect(outcome.time <= .seconds(11))
    }

    @Test func `scripts that are not believed fail without being run`() {
        var run = HookRun(refused: "no", runner: SimCommands(clock: clock), clock: clock)
        guard case .done(let report) = run.step() else {
            Issue.record("it went on")
            return
        }
        #expect(report == HookRun.Report(failure: "no", lines: ["no"]))
    }
}

/// Where hooks come from.
@Suite struct HookSourceTests {
    private let folder = TreePath.known("etc", "uplift", "hooks.d", "before-install")

    private func scripts(_ tree: SimFileTree) throws -> [String] {
        try SettingsReader(root: tree, rootPath: "/r", state: SimFileTree(), user: 1000).hookScripts(.beforeInstall)
    }

    private func tree(owner: UInt32 = 0) throws -> SimFileTree {
        let tree = SimFileTree(owner: owner)
        for (name, mode) in [("20-b", 0o755), ("10-a.sh", 0o700), ("README", 0o644), (".hidden", 0o755)] as [(String, UInt16)] {
            try tree.put(folder.appending(name), "#!/bin/sh\n", mode: mode)
        }
        return tree
    }

    @Test func `the operator's scripts come by name`() throws {
        #expect(try scripts(try tree()) == ["10-a.sh", "20-b"].map { "/r/etc/uplift/hooks.d/before-install/\($0)" })
        #expect(try scripts(SimFileTree()) == [])
    }

    @Test func `what somebody else may change is not run`() throws {
        #expect(throws: ReleaseError.self) { try scripts(try tree(owner: 4711)) }
        let file = try tree()
        try file.setMode(folder.appending("20-b"), mode: 0o777)
        #expect(throws: ReleaseError.self) { try scripts(file) }
        let above = try tree()
        try above.setMode(.known("etc", "uplift", "hooks.d"), mode: 0o777)
        #expect(throws: ReleaseError.self) { try scripts(above) }
        let link = try tree()
        try link.symbolicLink("/tmp/x", at: folder.appending("30-link"))
        #expect(throws: ReleaseError.self) { try scripts(link) }
    }

    @Test func `health probes keep the same rules, and are only so many`() throws {
        let folder = TreePath.known("etc", "uplift", "health.d")
        let tree = SimFileTree()
        let reader = SettingsReader(root: tree, rootPath: "/r", state: SimFileTree(), user: 1000)
        #expect(try reader.healthProbes() == [])
        for number in 10..<42 { try tree.put(folder.appending("\(number)"), "#!/bin/sh\n", mode: 0o755) }
        try tree.put(folder.appending("README"), "")
        #expect(try reader.healthProbes().first == "/r/etc/uplift/health.d/10")
        #expect(try reader.healthProbes().count == 32)
        try tree.put(folder.appending("42"), "#!/bin/sh\n", mode: 0o755)
        #expect(throws: ReleaseError.self) { try reader.healthProbes() }
        try tree.remove(folder.appending("42"))
        try tree.setMode(folder, mode: 0o777)
        #expect(throws: ReleaseError.self) { try reader.healthProbes() }
    }

    @Test func `the package's command comes last, from its own folder, and knows its moment`() throws {
        let (tree, clock) = (SimFileTree(), SimClock())
        let commands = SimCommands(clock: clock)
        let settings = HookSettings(scripts: { _ in ["/r/one"] }, time: .seconds(5), environment: ["PATH": "/bin"])
        let hooks = Hooks(tree: tree, stateFolder: "/r/state", runner: commands, clock: clock, settings: settings)
        let ticket = Ticket(high: 1, low: 2)
        let descriptor = PackageDescriptor(
            name: "uplift", version: "1", architecture: "amd64", strategy: .tree, hooks: [.afterCommit: ["bin/hook", "x y"]])
        for event in [HookEvent.afterCommit, .beforeCommit] {
            var run = hooks.run(event, ticket: ticket, release: 7, descriptor: descriptor)
            hooks.keep(try finish { run.step() }, of: ticket)
        }
        let begun = commands.begun
        #expect(begun.map(\.executable) == ["/r/one", "/r/state/releases/7/software/bin/hook", "/r/one"])
        #expect(begun[1].arguments == ["x y"] && begun[1].directory == "/r/state/releases/7/software")
        #expect(
            begun[1].environment == [
                "PATH": "/bin", "UPLIFT_HOOK": "after-commit", "UPLIFT_JOB": ticket.text, "UPLIFT_RELEASE": "7",
            ])
        #expect(HookLog.lines(ticket, in: tree).count == 3)
    }

    @Test func `what was said is kept, within bounds`() throws {
        let tree = SimFileTree()
        try tree.makeFolders(Layout.jobs)
        let clock = SimClock()
        let hooks = Hooks(tree: tree, stateFolder: "/s", runner: SimCommands(clock: clock), clock: clock, settings: .none)
        let ticket = Ticket(high: 1, low: 2)
        for number in 0..<100 { hooks.keep(HookRun.Report(failure: nil, lines: ["line \(number)"]), of: ticket) }
        let lines = HookLog.lines(ticket, in: tree)
        #expect(lines.count == 64 && lines.last == "line 99")
    }
}
