import Glibc
import Testing
import UpgradePorts

@testable import UpgradeSystem

@Suite("systemd: notifications and the passed socket")
struct ServiceNotifierTests {
    private let scratch: Scratch
    private let inbox: Descriptor

    init() throws {
        scratch = try Scratch()
        inbox = Descriptor(owning: socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(scratch.path("notify").utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(inbox.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }

    /// What came, or nil.
    private func message() -> String? {
        var buffer = [UInt8](repeating: 0, count: 1000)
        let count = recv(inbox.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }

    @Test("Readiness, and a watchdog that is never stricter than the unit's own")
    func messages() {
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": scratch.path("notify")])
        notifier.ready(status: "version 1.0.0")
        #expect(message() == "READY=1\nSTATUS=version 1.0.0")
        notifier.alive(nextWithin: .milliseconds(200))
        #expect(message() == "WATCHDOG=1\nWATCHDOG_USEC=900000000")
        notifier.alive(nextWithin: .milliseconds(100))
        #expect(message() == "WATCHDOG=1")
        notifier.alive(nextWithin: .seconds(3600))
        #expect(message() == "WATCHDOG=1\nWATCHDOG_USEC=10803000000")
        notifier.alive(nextWithin: nil)
        #expect(message() == "WATCHDOG=1\nWATCHDOG_USEC=0")
    }

    @Test("Without a socket, or with one that nobody reads, nothing happens", arguments: ["", "relative", "/nowhere/notify", "@gone"])
    func silence(_ name: String) {
        let notifier = ServiceNotifier(environment: name.isEmpty ? [:] : ["NOTIFY_SOCKET": name])
        notifier.ready(status: "")
        notifier.alive(nextWithin: .seconds(1))
        #expect(message() == nil)
    }

    @Test("A job that is handed over through the passed socket")
    func door() throws {
        let listener = try UnixSocket.listen(folder: try folder(), name: "supervisor.sock")
        let environment = ["LISTEN_PID": "5", "LISTEN_FDS": "1"]
        #expect(throws: ProcessFailure.self) { try InstallDoor(environment: environment, process: 6) }
        let door = try InstallDoor(environment: environment, process: 5, passed: dup(listener.number))
        #expect(door.next(atMost: .milliseconds(1)) == nil)
        let client = SupervisorClient(root: scratch.folder, timeout: .seconds(20))
        let (asked, refused) = (Flag(), Flag())
        LiveThreads().start("client") { [client] in
            do { try client.stopAgent() } catch let error as ServiceFailure { if error.kind == .refused { refused.raise() } } catch {
                return
            }
            do { try client.handOver(SupervisorRig.ticket) } catch { return }
            asked.raise()
        }
        #expect(door.next(atMost: .seconds(20)) == SupervisorRig.ticket)
        #expect(eventually { asked.isRaised && refused.isRaised })
    }

    private func folder() throws -> String {
        let folder = scratch.folder + "/run/uplift"
        try #require(mkdir(scratch.folder + "/run", 0o700) == 0 && mkdir(folder, 0o700) == 0)
        return folder
    }
}
