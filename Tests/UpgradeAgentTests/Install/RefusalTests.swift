import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// What the installer refuses before the switch, and what it leaves then: nothing.
@Suite struct RefusalTests {
    /// A job that must be refused, and a word of the reason.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let words: String
        let change: @Sendable (inout Fixture) -> Void

        init(_ name: String, _ words: String, _ change: @escaping @Sendable (inout Fixture) -> Void) {
            (self.name, self.words, self.change) = (name, words, change)
        }

        var testDescription: String { name }
    }

    private static func staged(_ name: String) -> TreePath { Layout.staged(Fixture.ticket).appending(TreePath(name) ?? .root) }

    private static func overwrite(_ tree: SimFileTree, _ path: TreePath, _ text: String) throws {
        try tree.open(path, for: .writing).write(Array(text.utf8), at: 0)
    }

    static let cases: [Case] = [
        Case("software signed by a stranger", "software.file") { $0.signedByStranger = .software },
        Case("configuration signed by a stranger", "signature") {
            $0.scenario.components = Scenario.everything
            $0.signedByStranger = .configuration
        },
        Case("certificate signed by a stranger", "signature") {
            $0.scenario.components = [.certificate]
            $0.signedByStranger = .certificate
        },
        Case("another version in the descriptor", "says version 1.0.9, expected 1.1.0") { $0.version = "1.0.9" },
        Case("another architecture", "says architecture arm64") { $0.architecture = "arm64" },
        Case("another strategy", "says strategy deb") { $0.strategy = "deb" },
        Case("another name", "says name other") { $0.name = "other" },
        Case("another stamp", "says version 3, expected 2") {
            $0.scenario.components = Scenario.configuration
            $0.stampVersion = "3"
        },
        Case("an unpacked file was changed", "share/doc/readme") { $0.tamper = { try overwrite($0, staged("share/doc/readme"), "X") } },
        Case("an unpacked file is longer", "share/doc/readme") {
            $0.tamper = { try $0.open(staged("share/doc/readme"), for: .writing).write([65], at: 1000) }
        },
        Case("an unpacked file has another mode", "mode") { $0.tamper = { try $0.setMode(staged("bin/health"), mode: 0o777) } },
        Case("a file too many", "bin/extra") { $0.tamper = { try $0.put(staged("bin/extra"), "x") } },
        Case("a folder too many", "more") { $0.tamper = { try $0.makeDirectory(staged("more"), mode: 0o755) } },
        Case("a file is missing", "share/empty") { $0.tamper = { try $0.remove(staged("share/empty")) } },
        Case("a link instead of a file", "neither file nor folder") {
            $0.tamper = { tree in
                try tree.remove(staged("share/empty"))
                try tree.symbolicLink("/etc/passwd", at: staged("share/empty"))
            }
        },
        Case("nothing was unpacked", "staged") { $0.tamper = { try $0.removeTree(Layout.staged(Fixture.ticket)) } },
        Case("the verified package was changed", "software.file") {
            $0.tamper = { try overwrite($0, Layout.verified(Fixture.ticket).appending("software"), "\u{0}") }
        },
        Case("the verified configuration is longer", "bytes") {
            $0.scenario.components = Scenario.configuration
            $0.tamper = { try $0.open(Layout.verified(Fixture.ticket).appending("configuration"), for: .writing).write([65], at: 100) }
        },
        Case("a verified file is missing", "configuration") {
            $0.scenario.components = Scenario.configuration
            $0.tamper = { try $0.remove(Layout.verified(Fixture.ticket).appending("configuration")) }
        },
        Case("the plan promises software and brings none", "plan") {
            $0.changePlan = { JobPlan(versions: $0.versions, files: []) }
        },
        Case("the plan brings a file under another version", "plan") {
            $0.scenario.components = Scenario.configuration
            $0.changePlan = { JobPlan(versions: [.configuration: "9"], files: $0.files) }
        },
        Case("the plan brings a file that it does not promise", "plan") {
            $0.scenario.components = Scenario.everything
            $0.changePlan = { JobPlan(versions: [.software: "1.1.0"], files: $0.files) }
        },
        Case("the plan builds over the running release", "release 1") { $0.newRelease = 1 },
        Case("the plan was made on another release", "does not name release 5") {
            ($0.oldRelease, $0.newRelease) = (5, 6)
            $0.tamper = { tree in
                try tree.makeFolders(Layout.software(5))
                for name in ["upgrade-package.json"] {
                    try tree.put(Layout.software(5).appending(name), try tree.contents(Layout.software(1).appending(name)))
                }
            }
        },
        Case("the running release cannot be read", "release 1 cannot be read") {
            $0.tamper = { try overwrite($0, Layout.configuration(1), "? no stamp") }
        },
        Case("the database of the running release is gone", "agent.db") { $0.tamper = { try $0.remove(Layout.database(1)) } },
    ]

    @Test(arguments: cases)
    func `ends before the switch`(refusal: Case) throws {
        var fixture = Fixture()
        refusal.change(&fixture)
        let node = try SimNode.prepared(fixture)
        let before = try contents(node.inner, Layout.release(1))
        try node.run()
        guard case .refused(let reason)? = node.records.last else {
            Issue.record("found \(node.records)")
            return
        }
        #expect(reason.contains(refusal.words))
        #expect(try node.inner.release(at: Layout.current) == 1)
        #expect(try node.inner.release(at: Layout.recover) == 1)
        #expect(try contents(node.inner, Layout.release(1)) == before)
        #expect(try node.inner.list(Layout.releases).filter { $0 != "1" && $0 != "5" } == [])
        #expect(node.agent.image.starts[2] == nil)
        #expect(node.agent.image.process?.program.release == 1 || refusal.name == "the running release cannot be read")
        #expect(node.wrong == [])
        #expect(try node.inner.list(.root).contains { $0.hasSuffix(".new") || $0.hasSuffix(".back") } == false)
    }

    /// Every file of a release but its database.
    private func contents(_ tree: SimFileTree, _ top: TreePath) throws -> [TreePath: [UInt8]] {
        var (found, folders): ([TreePath: [UInt8]], [TreePath]) = ([:], [top])
        while let folder = folders.popLast() {
            for name in try tree.list(folder) where name != "agent.db" {
                let path = folder.appending(name)
                if try tree.entry(path)?.kind == .directory { folders.append(path) } else { found[path] = try tree.contents(path) }
            }
        }
        return found
    }

    @Test func `a plan that is for another job is given back`() throws {
        let node = try SimNode.prepared(Fixture())
        try node.inner.replace(Layout.plan(Fixture.ticket), with: Array("{}".utf8))
        var installer = Installer(ticket: Fixture.ticket, ports: node.ports)
        try finish { try installer.step() }
        #expect(node.reading == nil)
        #expect(node.agent.image.givenBack.count == 1)
        #expect(node.agent.image.process?.program.release == 1)
    }

    @Test func `a job that is gone is no job`() throws {
        let node = try SimNode.prepared(Fixture())
        try node.inner.removeTree(Layout.job(Fixture.ticket))
        let mutations = node.inner.mutations
        var installer = Installer(ticket: Fixture.ticket, ports: node.ports)
        try finish { try installer.step() }
        #expect(node.inner.mutations == mutations)
        #expect(node.agent.image.givenBack == [])
    }

    @Test func `a journal that cannot be made gives the job back`() throws {
        let node = try SimNode.prepared(Fixture())
        node.inner.setCapacity(node.inner.disk.used + 1000)
        var installer = Installer(ticket: Fixture.ticket, ports: node.ports)
        try finish { try installer.step() }
        #expect(node.reading?.records.isEmpty != false)
        #expect(node.agent.image.givenBack.first?.contains("journal") == true)
        #expect(node.agent.image.process?.program.release == 1)
    }
}

/// Cancelling is a race that only the installer decides.
@Suite struct CancelTests {
    @Test(arguments: [Scenario.software, Scenario.configuration, Scenario.everything])
    func `a job can be cancelled at every step before switch-intended and at none after`(components: Set<Component>) throws {
        let start = try SimNode.prepared(Fixture(scenario: Scenario(components: components))).image
        var (cancelled, committed) = (0, 0)
        for moment in 0..<1000 {
            let node = try SimNode(Scenario(components: components), start)
            var (step, wasBeyond, isThere) = (0, false, false)
            func ask(_ node: SimNode) throws {
                guard step == moment else { return }
                isThere = true
                wasBeyond = node.records.contains(.switchIntended)
                try node.inner.put(Layout.cancel(Fixture.ticket), "")
            }
            try ask(node)
            try node.run {
                step += 1
                try ask($0)
            }
            guard isThere else { break }
            let last = try Outcome(node: node, about: "cancelled at step \(moment)").check()
            #expect(last == (wasBeyond ? .committed : .cancelled), "step \(moment)")
            if last == .cancelled {
                cancelled += 1
                #expect(try node.inner.entry(Layout.release(2)) == nil)
            } else {
                committed += 1
            }
        }
        #expect(cancelled > 5)
        #expect(committed > 5)
    }
}
