import FleetSimulation
import Foundation
import LoadFleet
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeTransfer
import UpgradeTrust
import UpgradeWire

/// Simulated nodes drive a true exchange in real time.
@Suite(.serialized) struct LoadTests {
    private let scratch = Scratch()
    private let hub: TestHub

    init() throws { hub = try TestHub(scratch) }

    /// Polls every other second, one sick build on two of the nodes.
    private static func scenario(nodes: Int) -> Scenario {
        var scenario = Scenario(name: "load")
        scenario.duration = .seconds(6)
        scenario.settling = .seconds(120)
        scenario.fleet = [NodeGroup(name: "edge", count: nodes)]
        scenario.fleet[0].settings = [.pollInterval: "1", .pollIntervalMax: "2", .probePause: "0.5", .retryFirstDelay: "1"]
        scenario.builds = [Build(version: "1.1.0")]
        scenario.builds[0].size = 200_000
        scenario.builds[0].sickness = .unhealthy
        scenario.builds[0].sickOn = ["edge-3", "edge-7"]
        scenario.steps = [ScenarioStep(at: .seconds(3), .publish(Rollout(policy: "p", software: "1.1.0")))]
        let share = Double(nodes - 2) / Double(nodes)
        scenario.expectations = [
            .version("1.1.0", atLeast: share, atMost: share),
            .status(policy: "p", .rollbackSuccessful, atLeast: 1 - share - 0.001, atMost: 1 - share + 0.001, by: nil),
            .bytes(atMost: Int64(nodes) * 200_000),
        ]
        return scenario
    }

    private func order(_ scenario: Scenario) -> LoadOrder {
        LoadOrder(
            scenario: scenario, seed: 1, url: hub.url, org: "demo",
            credentials: Credentials(id: "demo/admin", secret: TestHub.password),
            trust: HubTrust(certificateAuthorityFile: nil, allowInsecureHub: false), isSure: false)
    }

    private var world: LoadWorld {
        LoadWorld(http: CurlHTTPCaller(), transfer: CurlTransfer(), keys: LiveKeyMaker(), makeDigest: { LiveDigest() })
    }

    @Test func theWordsAtTheHubAreTheModels() throws {
        let scenario = Self.scenario(nodes: 20)
        let model = try FleetRun(scenario, seed: 1).run()
        #expect(model.outcome == .passed, "\(model.misses) \(model.stuck)")
        var found: [String: [String]] = [:]
        let report = try LoadFleet(order(scenario), in: world).run {
            for node in model.courses.words.keys { found[node] = folded(try hub.words("load-1-p", node: "load-1-" + node)) }
        }
        let verdict = report.verdict
        #expect(verdict.outcome == .passed, "\(verdict.misses) \(verdict.stuck.prefix(3)) \(verdict.violations.prefix(3))")
        #expect(model.courses.words.count == 20)
        for (node, policies) in model.courses.words { #expect(found[node] == policies["p"]?.map(StatusWord.word), "\(node)") }
        #expect(verdict.courses == model.courses)
        #expect(report.registered == 20 && report.downloads.count == 20 && verdict.figures.bytes == 4_000_000)
        #expect(report.polls > 40 && verdict.figures.requests > report.polls && report.errors.isEmpty, "\(report.answers)")
        #expect(report.calls.p50 > .zero && report.calls.p50 <= report.calls.p99 && report.calls.p99 <= report.calls.max)
        #expect(report.lastWords["p"] ?? .zero > .zero && report.leftovers.isEmpty)
        try expectNothingLeft()
    }

    /// Words without those that follow themselves.
    private func folded(_ words: [String]) -> [String] {
        words.enumerated().filter { $0.offset == 0 || words[$0.offset - 1] != $0.element }.map(\.element)
    }

    /// Every list of the organization is empty, which the hub says with 404.
    private func expectNothingLeft() throws {
        for path in ["v1/orgs/demo/nodes", "v1/orgs/demo/managementpolicies", "v1/orgs/demo/hagroups", "api/v1/objects/demo?filters=true"] {
            let answer = try? hub.call("GET", path)
            #expect(answer == nil || answer?.array?.isEmpty == true, "\(path): \(String(describing: answer))")
        }
    }

    // MARK: The command line

    private func file(_ text: String) throws -> String {
        let path = scratch.path + "/load.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private static let small = """
        name: small
        duration: 4s
        fleet:
        - name: edge
          count: 4
          high-availability: 2
          settings: {poll-interval-seconds: 1, poll-interval-max-seconds: 1, turn-pause-seconds: 1}
        builds: [{version: 1.1.0, size: 1MB}]
        steps: [{at: 1s, publish: p, software: latest}]
        expect: [{version: 1.1.0}, {status: successful, policy: p}]
        """

    private func simulate(_ path: String, _ more: String..., accept: Int32) throws -> String {
        try tool(
            [Programs.path("uplift"), "simulate", path, "--against", hub.url + "/v1", "-o", "demo", "-u", "admin:" + TestHub.password]
                + more, accept: [accept])
    }

    @Test func theCommandLineTellsFiguresAndCleansUp() throws {
        let (path, json) = (try file(Self.small), scratch.path + "/load.json")
        let told = try simulate(path, "--json", json, accept: 0)
        #expect(told.contains("Note: publishes to \(hub.url): 4 nodes") && told.contains("all of it is removed at the end"), "\(told)")
        #expect(told.contains("4 registered, 0 without an end") && told.contains("4 successful; last final word"), "\(told)")
        let value = try JSONDecoder().decode(JSONValue.self, from: try Data(contentsOf: URL(fileURLWithPath: json)))
        #expect(value[member: "verdict"]?.string == "passed" && value[member: "calls"]?[member: "p99Milliseconds"] != nil)
        #expect(value[member: "statuses"]?[member: "p"]?[member: "successful"] == .number(4), "\(value)")
        try expectNothingLeft()
        let missed = try simulate(try file(Self.small.replacing("{version: 1.1.0},", with: "{version: 1.0.0},")), accept: 20)
        #expect(missed.contains("missed: 0 of 4 nodes run 1.0.0"), "\(missed)")
        try expectNothingLeft()
    }

    @Test func whoIsInterruptedCleansUpToo() throws {
        let path = try file(Self.small.replacing("duration: 4s", with: "duration: 1h"))
        let log = scratch.path + "/interrupted.log"
        let running = try Running(
            Programs.path("uplift"),
            ["simulate", path, "--against", hub.url, "-o", "demo", "-u", "admin:" + TestHub.password], log: log)
        try eventually("a word at the hub") { try hub.words("load-1-p", node: "load-1-edge-1").last == "successful" }
        kill(running.pid, SIGINT)
        try eventually("the end after the interrupt") { !running.isRunning }
        #expect(running.killNow() == 7)
        let told = try String(contentsOfFile: log, encoding: .utf8)
        #expect(told.contains("interrupted; what was made at the hub is removed"), "\(told)")
        try expectNothingLeft()
    }

    @Test func aGuestIsRefused() throws {
        let path = try file(Self.small)
        try hub.call(
            "PUT", "v1/orgs/demo/nodes/load-1-edge-4",
            ["token": "abc", "name": "n", "nodeType": "device", "pattern": "", "publicKey": ""])
        #expect(try simulate(path, accept: 1).contains("demo has 'load-1-edge-4' already"))
        try hub.call(
            "PUT", "v1/orgs/demo/nodes/truck", ["token": "abc", "name": "n", "nodeType": "device", "pattern": "", "publicKey": ""])
        #expect(try simulate(path, "--seed", "2", accept: 1).contains("such as 'truck'"))
        let told = try simulate(path, "--seed", "2", "--yes", accept: 0)
        #expect(told.contains("small, seed 2, against \(hub.url): passed"), "\(told)")
        #expect(try hub.call("GET", "v1/orgs/demo/nodes")?[member: "nodes"]?.object?.keys.sorted() == ["demo/load-1-edge-4", "demo/truck"])
    }

    @Test func aHubThatIsNotThereIsTold() throws {
        let path = try file(Self.small)
        hub.stop()
        let told = try simulate(path, accept: 5)
        #expect(told.contains("Error: GET \(hub.url)/v1/orgs/demo/nodes failed"), "\(told)")
        try hub.start()
        let refused = try tool(
            [Programs.path("uplift"), "simulate", path, "--against", hub.url, "-o", "demo", "-u", "admin:wrong-password"], accept: [5])
        #expect(refused.contains("HTTP 401") && refused.contains("-u must be an administrator of organization demo"), "\(refused)")
    }
}
