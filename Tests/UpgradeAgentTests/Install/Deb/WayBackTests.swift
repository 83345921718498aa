import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeArchive
import UpgradeSimulation

@testable import UpgradeAgent

/// Where the package file of the installed version comes from, with programs that answer as told.
@Suite("deb: the way back is on disk first")
struct WayBackTests {
    private static let ticket = Ticket(high: 7, low: 9)
    private let tree = SimFileTree()
    private let system = SimFileTree()

    init() throws {
        try tree.put(Layout.staged(Self.ticket).appending("packages").appending("new.deb"), try deb("2.0"))
        try system.put(.known("var", "lib", "dpkg", "info", "agent.list"), "/.\n/usr/bin/agent\n")
        try system.put(.known("var", "lib", "dpkg", "info", "agent.md5sums"), "sums of 1.0")
        try system.put(.known("var", "lib", "dpkg", "info", "agent.postinst"), "#!/bin/sh\n")
        try system.put(.known("var", "lib", "dpkg", "status"), "Package: agent\nStatus: x\nVersion: 1.0\nArchitecture: amd64\n")
    }

    /// A package file of the agent.
    private func deb(_ version: String, sums: String? = nil, size: String = "") throws -> [UInt8] {
        let scratch = SimFileTree()
        var control = Tar()
        control.add("./control", "Package: agent\nVersion: \(version)\nArchitecture: amd64\n\(size)")
        control.add("./md5sums", sums ?? "sums of \(version)")
        try scratch.put(.known("control.tar"), control.ended)
        try scratch.put(.known("data.tar"), Tar().ended)
        try DebFile.write(.known("deb"), control: .known("control.tar"), data: .known("data.tar"), in: scratch)
        return try scratch.contents(.known("deb"))
    }

    /// - Parameter state: what dpkg says of the installed package; nil = it does not know it.
    private func make(state: String? = "1.0 amd64 installed", tarWorks: Bool = true, horizon: HorizonAgent? = nil) throws -> (
        list: BackList?, calls: [String], packed: [String: String]
    ) {
        let tree = tree
        let clock = SimClock()
        // The parts are removed in the end.
        let packed = Shared<[String: String]>([:])
        let commands = SimCommands(clock: clock) { command, _ in
            if command.executable == "/usr/bin/dpkg-query" { return state.map { .says($0) } ?? .exits(1, after: .zero) }
            if command.executable == "/usr/bin/md5sum" { return .says("aaaa  \(command.arguments[0])") }
            guard tarWorks, let text = command.arguments.first(where: { $0.hasPrefix("--file=/node/") }),
                let file = TreePath(String(text.dropFirst("--file=/node/".count)))
            else { return .exits(2, after: .milliseconds(5)) }
            for name in ["list", "control/conffiles"] {
                guard let part = TreePath(name), let text = try? tree.text(file.parent.appending(part)) else { continue }
                packed.change { $0[name] = text }
            }
            try? tree.put(file, "archive")
            return .exits(0, after: .milliseconds(5))
        }
        let ports = WayBackPorts(
            tree: tree, stateFolder: "/node", system: system, systemRoot: "", commands: commands, archive: LibArchiveReader())
        var wayBack = WayBack(ticket: Self.ticket, release: 1, ports: ports, horizon: horizon.map { ($0, false) })
        for _ in 0..<1000 {
            switch try wayBack.step() {
            case .done: return (try BackList.read(Self.ticket, in: tree), commands.begun.map { $0.executable }, packed.value)
            case .sleep(let time): clock.advance(by: time)
            case .again, .await: break
            }
        }
        return (nil, [], [:])
    }

    private func back(_ name: String = "agent.deb") throws -> [UInt8]? {
        let path = Layout.back(Self.ticket).appending(name)
        return try tree.entry(path) == nil ? nil : try tree.contents(path)
    }

    private var installed: BackList {
        var list = BackList()
        list.install = ["agent.deb"]
        return list
    }

    @Test("Kept from the last upgrade, if it is the version that is installed")
    func kept() throws {
        try tree.put(Layout.packages(1).appending("old.deb"), try deb("1.0"))
        let found = try make()
        #expect(found.list == installed)
        #expect(try back() == deb("1.0"))
        #expect(!found.calls.contains("/usr/bin/tar"))
    }

    @Test("From apt's cache, if fields and sums are those of what is installed")
    func cached() throws {
        let path = TreePath.known("var", "cache", "apt", "archives", "agent_1.0_amd64.deb")
        try system.put(path, try deb("1.0"))
        let found = try make()
        #expect(found.list == installed)
        #expect(try back() == deb("1.0"))
        #expect(!found.calls.contains("/usr/bin/tar"))
        for other in [try deb("1.0", sums: "other sums"), try deb("1.1"), Array("no package".utf8), Array(try deb("1.0").prefix(100))] {
            try system.remove(path)
            try system.put(path, other)
            #expect(try make().calls.contains("/usr/bin/tar"))
        }
    }

    @Test("Rebuilt from the installed files, also when another version was kept")
    func rebuilt() throws {
        try tree.put(Layout.packages(1).appending("old.deb"), try deb("0.9"))
        let found = try make()
        #expect(found.list == installed)
        let header = { (name: String, length: Int) in
            name.padded(16) + "0".padded(12) + "0".padded(6) + "0".padded(6) + "100644".padded(8) + "\(length)".padded(10) + "`\n"
        }
        let expected =
            "!<arch>\n" + header("debian-binary", 4) + "2.0\n" + header("control.tar", 7) + "archive\n"
            + header("data.tar", 7) + "archive\n"
        #expect(try back() == Array(expected.utf8))
        #expect(try tree.entry(Layout.back(Self.ticket).appending("agent.work")) == nil)
    }

    @Test("Changed and lost configuration files stay out: they are the operator's")
    func configuration() throws {
        let status = TreePath.known("var", "lib", "dpkg", "status")
        try system.remove(status)
        let text =
            "Package: agent\nStatus: x\nConffiles:\n /etc/same aaaa\n /etc/changed bbbb\n /etc/lost aaaa\n /etc/old cccc obsolete\n"
            + "Version: 1.0\nArchitecture: amd64\n"
        try system.put(status, text)
        for name in ["same", "changed"] { try system.put(.known("etc", name), name) }
        let package = DebIdentity(name: "agent", version: "1.0", architecture: "amd64")
        #expect(DebRebuild.configurationFiles(of: package, in: text).map(\.file) == ["/etc/same", "/etc/changed", "/etc/lost"])
        let info = TreePath.known("var", "lib", "dpkg", "info")
        try system.remove(info.appending("agent.list"))
        try system.put(info.appending("agent.list"), "/.\n/etc/same\n/etc/changed\n/etc/lost\n")
        try system.put(info.appending("agent.conffiles"), "/etc/same\n/etc/changed\n/etc/lost\n")
        let found = try make()
        #expect(found.list == installed)
        #expect(found.packed["list"] == "./.\n./etc/same\n")
        #expect(found.packed["control/conffiles"] == "/etc/same\n")
    }

    @Test("A package that was not there before is taken away again", arguments: [nil, "1.0 amd64 config-files"])
    func fresh(_ state: String?) throws {
        let found = try make(state: state)
        #expect(found.list?.remove == ["agent"])
        #expect(found.list?.install == [])
    }

    @Test("What dpkg is going to unpack must have room below the system's root", arguments: [nil, HorizonAgent.word])
    func space(_ managed: String?) throws {
        let horizon = managed.map { _ in
            HorizonAgent(system: system, systemRoot: "", http: SimNeighbour { _ in nil }, settings: Settings(layers: []))
        }
        let staged = Layout.staged(Self.ticket)
        let folder = horizon == nil ? staged.appending("packages") : staged
        try tree.remove(staged.appending("packages").appending("new.deb"))
        try tree.put(folder.appending("new.deb"), try deb("2.0", size: "Installed-Size: 1000\n"))
        system.setCapacity(Int64.max)
        let used = Int64.max - (try system.freeBytes())
        system.setCapacity(used + 1_023_999)
        let failure = #expect(throws: ProcedureFailure.self) { try make(horizon: horizon) }
        #expect(failure?.kind == .final(.precheckFailed))
        #expect(failure?.reason.hasPrefix("too little space to install: found 1023999 bytes free, expected at least 1024000 (") == true)
        #expect(try tree.entry(Layout.back(Self.ticket)) == nil)
        guard horizon == nil else { return }
        system.setCapacity(used + 1_024_000)
        #expect(try make().list == installed)
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
        try tree.remove(Layout.staged(Self.ticket).appending("packages").appending("new.deb"))
        #expect(throws: ProcedureFailure.self) { try make() }
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: width - count) }
}
