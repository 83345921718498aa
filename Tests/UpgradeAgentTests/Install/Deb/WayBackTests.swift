import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// Where the package file of the installed version comes from, with programs that answer as told.
@Suite("deb: the way back is on disk first")
struct WayBackTests {
    private static let ticket = Ticket(high: 7, low: 9)
    private let tree = SimFileTree()
    private let system = SimFileTree()

    init() throws {
        try tree.put(Layout.staged(Self.ticket).appending("packages").appending("new.deb"), "new file")
        try system.put(.known("var", "lib", "dpkg", "info", "agent.list"), "/.\n/usr/bin/agent\n")
        try system.put(.known("var", "lib", "dpkg", "info", "agent.md5sums"), "sums of 1.0")
        try system.put(.known("var", "lib", "dpkg", "info", "agent.postinst"), "#!/bin/sh\n")
        try system.put(.known("var", "lib", "dpkg", "status"), "Package: agent\nStatus: x\nVersion: 1.0\nArchitecture: amd64\n")
    }

    /// - Parameters:
    ///   - state: what dpkg says of the installed package; nil = it does not know it.
    ///   - files: what package files say of themselves, by the end of their names.
    ///   - sums: what the cached file's control data hold.
    private func make(
        state: String? = "1.0 amd64 installed", files: [String: String] = [:], sums: String = "sums of 1.0", tarWorks: Bool = true
    ) throws -> (list: BackList?, calls: [String]) {
        let tree = tree
        let clock = SimClock()
        let commands = SimCommands(clock: clock) { command, _ in
            switch (command.executable, command.arguments.first) {
            case ("/usr/bin/dpkg-deb", "--field"):
                let file = command.arguments[1]
                if file.hasSuffix("/new.deb") { return .says("Package: agent Version: 2.0 Architecture: amd64") }
                return files.first { file.hasSuffix($0.key) }.map { .says($0.value) } ?? .exits(2, after: .zero)
            case ("/usr/bin/dpkg-deb", "--control"):
                try? tree.put(Layout.back(Self.ticket).appending("agent.cached").appending("md5sums"), sums)
                return .says("")
            case ("/usr/bin/dpkg-query", _): return state.map { .says($0) } ?? .exits(1, after: .zero)
            case ("/usr/bin/tar", _):
                guard tarWorks, let text = command.arguments.first(where: { $0.hasPrefix("--file=/node/") }),
                    let file = TreePath(String(text.dropFirst("--file=/node/".count)))
                else { return .exits(2, after: .milliseconds(5)) }
                try? tree.put(file, "archive")
                return .exits(0, after: .milliseconds(5))
            default: return .missing
            }
        }
        let ports = WayBackPorts(tree: tree, stateFolder: "/node", system: system, systemRoot: "", commands: commands)
        var wayBack = WayBack(ticket: Self.ticket, release: 1, ports: ports)
        for _ in 0..<1000 {
            switch try wayBack.step() {
            case .done: return (try BackList.read(Self.ticket, in: tree), commands.begun.map { $0.executable })
            case .sleep(let time): clock.advance(by: time)
            case .again, .await: break
            }
        }
        return (nil, [])
    }

    private func back(_ name: String) throws -> String? { try tree.text(Layout.back(Self.ticket).appending(name)) }

    private var installed: BackList {
        var list = BackList()
        list.install = ["agent.deb"]
        return list
    }

    @Test("Kept from the last upgrade, if it is the version that is installed")
    func kept() throws {
        try tree.put(Layout.packages(1).appending("old.deb"), "kept file")
        let found = try make(files: ["/releases/1/software/packages/old.deb": "Package: agent Version: 1.0 Architecture: amd64"])
        #expect(found.list == installed)
        #expect(try back("agent.deb") == "kept file")
        #expect(!found.calls.contains("/usr/bin/tar"))
    }

    @Test("From apt's cache, if fields and sums are those of what is installed")
    func cached() throws {
        try system.put(.known("var", "cache", "apt", "archives", "agent_1.0_amd64.deb"), "cached file")
        let same = "Package: agent Version: 1.0 Architecture: amd64"
        let found = try make(files: ["/archives/agent_1.0_amd64.deb": same])
        #expect(found.list == installed)
        #expect(try back("agent.deb") == "cached file")
        _ = try make(files: ["/archives/agent_1.0_amd64.deb": same], sums: "other sums")
        #expect(try back("agent.deb")?.hasPrefix("!<arch>\n") == true)
        _ = try make(files: ["/archives/agent_1.0_amd64.deb": "Package: agent Version: 1.1 Architecture: amd64"])
        #expect(try back("agent.deb")?.hasPrefix("!<arch>\n") == true)
    }

    @Test("Rebuilt from the installed files, also when another version was kept")
    func rebuilt() throws {
        try tree.put(Layout.packages(1).appending("old.deb"), "kept file")
        let found = try make(files: ["/software/packages/old.deb": "Package: agent Version: 0.9 Architecture: amd64"])
        #expect(found.list == installed)
        let header = { (name: String, length: Int) in
            name.padded(16) + "0".padded(12) + "0".padded(6) + "0".padded(6) + "100644".padded(8) + "\(length)".padded(10) + "`\n"
        }
        let expected =
            "!<arch>\n" + header("debian-binary", 4) + "2.0\n" + header("control.tar", 7) + "archive\n"
            + header("data.tar", 7) + "archive\n"
        #expect(try back("agent.deb") == expected)
        #expect(try tree.entry(Layout.back(Self.ticket).appending("agent.work")) == nil)
    }

    @Test("A package that was not there before is taken away again", arguments: [nil, "1.0 amd64 config-files"])
    func fresh(_ state: String?) throws {
        let found = try make(state: state)
        #expect(found.list?.remove == ["agent"])
        #expect(found.list?.install == [])
    }

    @Test("Without a way back there is no upgrade")
    func none() throws {
        let failure = #expect(throws: ProcedureFailure.self) { try make(tarWorks: false) }
        #expect(failure?.kind == .final(.precheckFailed))
        #expect(failure?.reason.hasPrefix("no way back: /usr/bin/tar") == true)
        #expect(try BackList.read(Self.ticket, in: tree) == nil)
        #expect(throws: ProcedureFailure.self) { try make(state: "1.0 amd64 half-installed") }
        try system.remove(.known("var", "lib", "dpkg", "info", "agent.list"))
        #expect(throws: ProcedureFailure.self) { try make() }
        try tree.removeTree(Layout.staged(Self.ticket))
        #expect(throws: ProcedureFailure.self) { try make() }
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: width - count) }
}
