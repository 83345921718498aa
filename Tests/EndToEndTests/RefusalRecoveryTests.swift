import FaultServers
import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Faults that pass: the same ones that end an upgrade when they stay, once. Versions rise on one node.
@Suite(.serialized) struct RefusalRecoveryTests {
    @Test func faultsThatPass() throws {
        let bench = try HubBench(proxied: true, settings: ["retry-tries": "4"])
        let proxy = try #require(bench.proxy)
        let flipped = try upgrade(bench, "1.1.0", [FaultRule(.flipBit(atByte: 100_000), pathContains: path, times: 1)])
        #expect(flipped.map(\.offset) == [0, 0], "wrong bytes are fetched afresh")

        let cut = try upgrade(bench, "1.2.0", [FaultRule(.cut(afterBytes: 90_000), pathContains: path, times: 1)])
        #expect(cut.count == 2)
        #expect((1...90_000).contains(cut.last?.offset ?? 0), "resumed where it was cut, from \(cut)")

        let truncated = try upgrade(bench, "1.3.0", [FaultRule(.truncate(toBytes: 90_000), pathContains: path, times: 1)])
        #expect(truncated.count == 2)

        let ignored = try upgrade(
            bench, "1.4.0",
            [FaultRule(.cut(afterBytes: 90_000), pathContains: path, times: 1), FaultRule(.ignoreRange, pathContains: path)])
        #expect(ignored.count == 2)
        #expect((ignored.last?.offset ?? 0) > 0, "asked for a part, was given the whole")
        proxy.clearRules()

        let busy = try upgrade(
            bench, "1.5.0",
            [FaultRule(.status(429, retryAfter: "1"), pathContains: path, times: 1)])
        #expect(busy.count == 2)
    }

    /// The hub says when to come back, and the node does not come before.
    @Test func aWaitThatTheHubAsksForIsKept() throws {
        let bench = try HubBench(proxied: true)
        let proxy = try #require(bench.proxy)
        try bench.publish("1.1.0")
        proxy.add(FaultRule(.status(503, retryAfter: "3"), pathContains: path, times: 1))
        try bench.node.publisher.publishPolicy(bench.hub, "patient", software: "1.1.0")
        try eventually("the first request") { requests(proxy).count == 1 }
        let refused = Date()
        try eventually("the second request") { requests(proxy).count == 2 }
        #expect(Date().timeIntervalSince(refused) > 2.5)
        #expect(try bench.hub.awaitWord("successful", "patient") == Course.successful)
    }

    private var path: String { Publisher.packageName + "/data" }

    private struct Request {
        let offset: Int
    }

    private func requests(_ proxy: FaultProxy) -> [Request] {
        proxy.requests.filter { $0.target.hasSuffix(path) }.map { request in
            let range = request.head.header("Range") ?? "bytes=0-"
            return Request(offset: Int(range.dropFirst("bytes=".count).split(separator: "-").first ?? "0") ?? -1)
        }
    }

    private func upgrade(_ bench: HubBench, _ version: String, _ rules: [FaultRule]) throws -> [Request] {
        let proxy = try #require(bench.proxy)
        try bench.publish(version)
        let before = requests(proxy).count
        rules.forEach { proxy.add($0) }
        let policy = "to-\(version)"
        try bench.node.publisher.publishPolicy(bench.hub, policy, software: version)
        #expect(try bench.hub.awaitWord("successful", policy) == Course.successful)
        #expect(try bench.node.evidence().version == version)
        return Array(requests(proxy).dropFirst(before))
    }
}
