import FaultServers
import Foundation
import Testing
import UpgradeWire

/// The agent dies while it downloads or unpacks.
@Suite(.serialized) struct KillDuringDownloadTests {
    private static let checkpoint = 4 << 20

    @Test func theAgentResumesAtItsCheckpoint() throws {
        var made: FaultProxy?
        let lane = try KillLane { hub in
            let proxy = try FaultProxy(upstreamPort: UInt16(hub.port))
            made = proxy
            return proxy.url
        }
        let proxy = try #require(made)
        let object = "/data"
        proxy.add(FaultRule(.throttle(bytesPerSecond: 12 << 20), pathContains: object))
        func fetches() -> [ProxiedRequest] {
            proxy.requests.filter { $0.target.contains("agent_software_files") && $0.target.contains(object) && $0.bytesForwarded > 0 }
        }
        func forwarded() -> Int { fetches().reduce(0) { $0 + $1.bytesForwarded } }
        var attempt = try lane.begin(sick: false, ballast: 32 << 20)
        let length = try lane.objectLength(attempt)
        do {
            try eventually("half of the download") { forwarded() >= length / 2 }
            try lane.strike(.agent, &attempt)
            try eventually("the end of the first transfer") { lane.node.agentPID != nil }
            proxy.clearRules()
            try lane.judge(attempt)
        } catch {
            throw lane.explained(error, "agent killed in the middle of a download")
        }
        let requests = fetches()
        #expect(requests.count == 2)
        let resumed = requests.last?.head.header("Range") ?? "none"
        print("object of \(length) bytes; \(requests.map(\.bytesForwarded)) forwarded; resumed with Range: \(resumed)")
        // What the proxy had handed to the kernel and the agent never read is counted too: at the throttled rate that is one portion of the
        // proxy and what the transfer library and the agent take at once.
        let inFlight = 1 << 20
        #expect(forwarded() <= length + Self.checkpoint + inFlight)
        #expect(forwarded() > length / 2, "the proxy saw the download")
    }

    @Test func theAgentGoesOnAfterADeathWhileUnpacking() throws {
        let lane = try KillLane()
        for place in ["downloaded", "staged"] {
            var attempt = try lane.begin(sick: false, ballast: 24 << 20)
            do {
                try eventually("the state \(place)") {
                    if place == "downloaded" { return try lane.node.word(attempt.policy) == "downloaded" }
                    let jobs = try FileManager.default.contentsOfDirectory(atPath: lane.node.state + "/jobs")
                    return jobs.contains { FileManager.default.fileExists(atPath: "\(lane.node.state)/jobs/\($0)/staged/share") }
                }
                try lane.strike(.agent, &attempt)
                try lane.judge(attempt)
            } catch {
                throw lane.explained(error, "agent killed at \(place)")
            }
        }
    }
}

extension KillLane {
    /// Bytes of the package that the attempt installs.
    func objectLength(_ attempt: Attempt) throws -> Int {
        let path = HubPath.object("IBM", "agent_software_files-\(attempt.version)", Publisher.packageName)
        guard let length = try hub.call("GET", path)?[member: "objectSize"]?.integer else { throw Trouble("no length of the object") }
        return Int(length)
    }
}
