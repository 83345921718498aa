import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

@Suite("deb: what dpkg is asked to do")
struct PackageRunTests {
    private let clock = SimClock()
    private let dpkg = Dpkg(root: "")

    /// What the run ended with, and the words that tell its calls apart.
    private func run(_ make: (SimCommands) -> PackageRun, _ decide: @escaping @Sendable (Command, Int) -> SimCommands.Outcome) -> (
        trouble: String?, calls: [String]
    ) {
        let commands = SimCommands(clock: clock, decide: decide)
        var run = make(commands)
        for _ in 0..<1000 {
            switch run.step() {
            case .done(let trouble): return (trouble, commands.begun.compactMap { $0.arguments.last })
            case .sleep(let time): clock.advance(by: time)
            case .again, .await: break
            }
        }
        return ("it did not end", [])
    }

    private func install(_ commands: SimCommands) -> PackageRun {
        PackageRun([dpkg.install(["/a.deb"])], repair: dpkg.finish(), commands: commands)
    }

    @Test("One call where all is well")
    func good() {
        let (trouble, calls) = run(install) { _, _ in .exits(0, after: .seconds(3)) }
        #expect(trouble == nil)
        #expect(calls == ["/a.deb"])
    }

    @Test("What an interruption left is finished before another try")
    func repair() {
        let (trouble, calls) = run(install) { _, number in number == 1 ? .dies(9) : .exits(0, after: .zero) }
        #expect(trouble == nil)
        #expect(calls == ["/a.deb", "--pending", "/a.deb"])
    }

    @Test("A repair that fails is no reason not to try again: what is broken may be what is replaced")
    func repairFails() {
        let (trouble, calls) = run(install) { _, number in number <= 2 ? .exits(1, after: .zero) : .exits(0, after: .zero) }
        #expect(trouble == nil)
        #expect(calls == ["/a.deb", "--pending", "/a.deb"])
    }

    @Test("Three tries, then the call and what it said are told")
    func fails() {
        let (trouble, calls) = run(install) { _, _ in .exits(1, after: .zero) }
        #expect(calls.filter { $0 == "/a.deb" }.count == 3)
        #expect(trouble?.hasPrefix("/usr/bin/dpkg --force-confdef --force-confold --install /a.deb failed: exit 1 (not healthy)") == true)
    }

    @Test("Without a repair a failing call is a failing run", arguments: [SimCommands.Outcome.missing, .dies(9), .exits(2, after: .zero)])
    func noRepair(_ outcome: SimCommands.Outcome) {
        let (trouble, _) = run({ PackageRun([dpkg.finish()], commands: $0) }, { _, _ in outcome })
        #expect(trouble != nil)
    }
}

@Suite("deb: small texts")
struct DebTextTests {
    @Test("A list is whole or nothing")
    func list() {
        var list = BackList()
        list.install = ["a.deb", "b.deb"]
        list.remove = ["c"]
        #expect(BackList(text: list.text) == list)
        #expect(BackList(text: "end 0\n") == BackList())
        for text in [
            "", "install a.deb\n", "end 1\n", "install ../a\nend 1\n", "install -a\nend 1\n", "purge a\nend 1\n", "install a\nend 2\n",
        ] { #expect(BackList(text: text) == nil, "\(text)") }
        for count in 0..<(list.text.count - 1) { #expect(BackList(text: String(list.text.prefix(count))) == nil, "\(count)") }
    }

    @Test("Who a package is")
    func identity() {
        let identity = DebIdentity(
            control: "Package: uplift-agent\nVersion: 1:2.0-1\nArchitecture: amd64\nDescription: a: b\n Version: 7\n")
        #expect(identity == DebIdentity(name: "uplift-agent", version: "1:2.0-1", architecture: "amd64"))
        #expect(identity?.cacheName == "uplift-agent_1%3a2.0-1_amd64.deb")
        #expect(DebIdentity(control: "Package: ../x\nVersion: 1\nArchitecture: amd64") == nil)
        #expect(DebIdentity(control: "Package: -x\nVersion: 1\nArchitecture: amd64") == nil)
        #expect(DebIdentity(control: "Package: x\nVersion: 1\nArchitecture:") == nil)
    }

    @Test("A package's fields without what dpkg only notes")
    func stanza() {
        let status = """
            Package: other
            Status: install ok installed
            Version: 1
            Architecture: amd64

            Package: agent
            Status: install ok installed
            Conffiles:
             /etc/agent.conf 0123
             /etc/other.conf 4567
            Version: 2
            Architecture: amd64
            Description: short
             long

            """
        let agent = DebIdentity(name: "agent", version: "2", architecture: "amd64")
        let expected = "Package: agent\nVersion: 2\nArchitecture: amd64\nDescription: short\n long\n"
        #expect(DebRebuild.stanza(of: agent, in: status) == expected)
        let absent = DebIdentity(name: "agent", version: "3", architecture: "amd64")
        #expect(DebRebuild.stanza(of: absent, in: status) == nil)
    }
}
