import Foundation
import Testing
import UpgradePorts

/// Large packages pass through bounded memory.
@Suite struct MemoryTests {
    /// 256 MiB are downloaded, verified, unpacked and installed with agent and installer under 64 MiB each.
    @Test(.enabled(if: Programs.releaseFolder != nil, "SKIPPED: no release build (UPLIFT_RELEASE_BIN); memory is measured on that"))
    func aLargePackageStaysBounded() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url, program: .release)
        try node.start()
        try node.register(hub)
        let package = try TestPackage.make(
            in: try scratch.folder("p"), version: "1.1.0", deadline: 120, ballast: 256 << 20, program: .release)
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: package)
        try node.publisher.publishPolicy(hub, "large", software: "1.1.0")
        var agent = 0
        var installer = 0
        try eventually("the success of a large package", within: 240) {
            for pid in node.children("run") { agent = max(agent, Processes.peak(pid) ?? 0) }
            for pid in node.children("install") { installer = max(installer, Processes.peak(pid) ?? 0) }
            return try hub.words("large").last == "successful"
        }
        print("peak memory with a package of 256 MiB: agent \(agent >> 20) MiB, installer \(installer >> 20) MiB")
        #expect(agent > 0 && agent < 64 << 20, "agent \(agent >> 20) MiB")
        #expect(installer > 0 && installer < 64 << 20, "installer \(installer >> 20) MiB")
    }
}
