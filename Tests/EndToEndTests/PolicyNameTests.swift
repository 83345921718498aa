import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Names come from the exchange and never become paths. Source: architecture, "Bytes and trust".
@Suite(.serialized) struct PolicyNameTests {
    @Test func oddNamesWorkOrAreRefusedCleanly() throws {
        let bench = try HubBench()
        try bench.publish("1.1.0")
        try bench.publishManifest("nothing", HubBench.manifest("1.0.0"))
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))
        let outside = try listing(bench)
        for name in names {
            do { try bench.policy(name, manifest: "nothing") } catch {
                #expect("\(error)".contains("HTTP 4"), "\(name) is refused by the exchange in an unclean way: \(error)")
                continue
            }
            let words = try bench.hub.awaitWord("no action required", name)
            #expect(words == Course.started + ["no action required"], "\(name)")
            #expect(try bench.localWord(name) == "no action required", "\(name)")
            let reset = try bench.node.local("PUT", "nodemanagement/reset/demo/" + HubPath.segment(name))
            #expect(reset.status == 201, "\(name): \(reset)")
            try eventually("the second run of \(name)") { try bench.hub.words(name).count == 2 * words.count }
            try bench.deletePolicy(name)
            try bench.awaitVanished(name)
        }
        // One of them all the way.
        try bench.policy("..%2F..%2F..%2Fescape", manifest: "m")
        #expect(try bench.hub.awaitWord("successful", "..%2F..%2F..%2Fescape") == Course.successful)
        #expect(try bench.node.link("recover") == 2)
        #expect(try listing(bench) == outside)
    }

    private let names = [
        "..", ".", "a b", " ", "%2F", "x%2F..%2F..%2Fetc", "../../../../etc/passwd", "a/b", "Grüße", "日本", "quote\"and\\back",
        "semi;colon&amp?x=1#y", "new\nline", "nul\u{1}", String(repeating: "n", count: 200), String(repeating: "ü", count: 200),
        "$(reboot)", "*",
    ]

    /// Every file and folder of the scratch but what belongs to state, hub and logs.
    private func listing(_ bench: HubBench) throws -> String {
        try tool([
            "sh", "-c",
            """
            cd '\(bench.scratch.path)' && find . -path ./node1/var/lib/uplift -prune -o -path ./hub -prune -o -path ./manifests -prune \
            -o -path ./small -prune -o -path ./packages -prune -o -print | LC_ALL=C sort
            """,
        ])
    }
}
