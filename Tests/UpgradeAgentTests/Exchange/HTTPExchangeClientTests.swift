import Foundation
import Testing
import UpgradeCore
import UpgradeExchange
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// The exchange's wire as one node speaks it. Source: contract 1 and 2.
@Suite struct HTTPExchangeClientTests {
    private func client(_ http: SimHTTP, org: String = "acme", node: String = "n1") -> HTTPExchangeClient {
        let trust = HubTrust(certificateAuthorityFile: "/ca.pem", allowInsecureHub: false)
        let hub = HubAddress(
            exchangeURL: "https://hub/v1", objectsURL: "https://css/", agbotURL: "https://agbot/", trust: trust, timeout: .seconds(7))
        return HTTPExchangeClient(http: http, hub: hub, org: org, node: node, token: "secret")
    }

    private func url(_ call: (HTTPExchangeClient) throws -> Void, _ status: Int = 500, org: String = "acme", node: String = "n1") -> String?
    {
        let http = SimHTTP(status)
        try? call(client(http, org: org, node: node))
        return http.requests.last.map { "\($0.method) \($0.url)" }
    }

    @Test func `every call has its path`() {
        let policy = PolicyID(org: "acme", name: "p")
        #expect(url { _ = try $0.node() } == "GET https://hub/v1/orgs/acme/nodes/n1")
        #expect(url { _ = try $0.nodePolicy() } == "GET https://hub/v1/orgs/acme/nodes/n1/policy")
        #expect(url { _ = try $0.policies() } == "GET https://hub/v1/orgs/acme/managementpolicies")
        #expect(url { _ = try $0.hasPolicy(policy) } == "GET https://hub/v1/orgs/acme/managementpolicies/p")
        #expect(url { _ = try $0.statuses() } == "GET https://hub/v1/orgs/acme/nodes/n1/managementStatus")
        #expect(url { try $0.deleteStatus(policy) } == "DELETE https://hub/v1/orgs/acme/nodes/n1/managementStatus/p")
        #expect(url { try $0.patchPattern("acme/p") } == "PATCH https://hub/v1/orgs/acme/nodes/n1")
        #expect(url { try $0.patchPublicKey("k") } == "PATCH https://hub/v1/orgs/acme/nodes/n1")
        #expect(url { _ = try $0.agentFileVersions() } == "GET https://hub/v1/orgs/IBM/AgentFileVersion")
        #expect(url { _ = try $0.maxChangeID() } == "GET https://hub/v1/changes/maxchangeid")
        #expect(url { _ = try $0.changes(from: 5) } == "POST https://hub/v1/orgs/acme/changes")
        #expect(url { try $0.askTurn(of: "g", for: policy) } == "POST https://agbot/org/acme/hagroup/g/nodemanagement/n1/p")
        #expect(url { _ = try $0.object(org: "IBM", type: "t-1", id: "a.gz") } == "GET https://css/api/v1/objects/IBM/t-1/a.gz")
        #expect(url { _ = try $0.objectData(org: "IBM", type: "t", id: "a", max: 1) } == "GET https://css/api/v1/objects/IBM/t/a/data")
    }

    @Test(arguments: ["../x", "a/b", "a b", "ä", "a?b#c", "%2F", "..", "a+b"])
    func `odd names stay one segment`(name: String) throws {
        let policy = PolicyID(org: name, name: name)
        let paths = [
            url({ _ = try $0.node() }, node: name), url({ _ = try $0.node() }, org: name), url { try $0.deleteStatus(policy) },
            url { _ = try $0.hasPolicy(policy) }, url { try $0.askTurn(of: name, for: policy) },
            url { _ = try $0.object(org: name, type: name, id: name) },
        ]
        for path in paths {
            let text = try #require(path)
            let segments = text.dropFirst(text.hasPrefix("DELETE") ? 7 : 4).split(separator: "/", omittingEmptySubsequences: false)
            #expect(!text.contains("?") && !text.contains("#") && !text.hasSuffix("/.."))
            #expect(segments.allSatisfy { $0 != ".." && $0 != "." })
            #expect(segments.contains { $0.removingPercentEncoding == name }, "\(text)")
        }
    }

    @Test func `credentials, trust, time and type go with every call`() throws {
        let http = SimHTTP(201)
        try client(http).patchPublicKey("pem")
        let request = try #require(http.requests.first)
        #expect(request.credentials == Credentials(id: "acme/n1", secret: "secret"))
        #expect(request.trust.certificateAuthorityFile == "/ca.pem")
        #expect(request.timeout == .seconds(7))
        #expect(request.headers.contains { $0 == ("Content-Type", "application/json") })
        guard case .bytes(let body) = request.body else {
            Issue.record("no body")
            return
        }
        #expect(String(decoding: body, as: UTF8.self) == #"{"publicKey":"pem"}"#)
        let transfer = client(http).objectRequest(org: "IBM", type: "t", id: "a b", bytesMax: 9)
        #expect(transfer.url == "https://css/api/v1/objects/IBM/t/a%20b/data")
        #expect(transfer.credentials == request.credentials)
        #expect(transfer.bytesMax == 9)
    }

    @Test func `404 is an empty list, for an object 403 too`() throws {
        let missing = client(SimHTTP(404))
        #expect(try missing.policies().isEmpty)
        #expect(try missing.statuses().isEmpty)
        #expect(try missing.nodePolicy() == NodePolicy())
        #expect(try missing.agentFileVersions() == PerComponent(software: [], configuration: [], certificate: []))
        #expect(try missing.hasPolicy(PolicyID(org: "a", name: "b")) == false)
        try missing.deleteStatus(PolicyID(org: "a", name: "b"))
        for code in [403, 404] { #expect(try client(SimHTTP(code)).object(org: "o", type: "t", id: "i") == nil) }
        #expect(throws: TransferFailure.self) { try missing.node() }
        #expect(throws: TransferFailure.self) { try missing.objectData(org: "o", type: "t", id: "i", max: 9) }
    }

    @Test func `other codes are failures with code and wish`() throws {
        let http = SimHTTP(503, "\u{1b}[31mbusy", retryAfter: .seconds(12))
        let failure = #expect(throws: TransferFailure.self) { try client(http).policies() }
        #expect(failure?.kind == .status(503))
        #expect(failure?.retryAfter == .seconds(12))
        #expect(failure?.explanation.contains("busy") == true)
        #expect(failure?.explanation.contains("\u{1b}") == false)
        for code in [401, 403, 500] {
            let failure = #expect(throws: TransferFailure.self) { try client(SimHTTP(code)).statuses() }
            #expect(failure?.kind == .status(code))
        }
        #expect(throws: TransferFailure.self) { try client(SimHTTP(200)).patchPublicKey("x") }
    }

    @Test func `answers are read with what is there`() throws {
        let node = try client(SimHTTP(200, #"{"nodes":{"acme/n1":{"pattern":"IBM/p","token":"***","novel":[1]}},"lastIndex":0}"#)).node()
        #expect(node.pattern == "IBM/p")
        #expect(node.pollMin == 0)
        #expect(node.softwareVersions.isEmpty)
        let words =
            #"{"managementStatus":{"acme/p":{"agentUpgradePolicyStatus":{"status":"reset"}},"acme/q":{},"odd":{},"acme/r":{"agentUpgradePolicyStatus":{"status":"novel"}}}}"#
        let statuses = try client(SimHTTP(200, words)).statuses()
        #expect(statuses.keys.sorted().map(\.text) == ["acme/p", "acme/q", "acme/r"])
        #expect(statuses[PolicyID(org: "acme", name: "p")] == .some(.some(.reset)))
        #expect(statuses[PolicyID(org: "acme", name: "r")] == .some(.none))
        let versions = try client(SimHTTP(200, #"{"agentSoftwareVersions":["1"],"agentConfigVersions":null}"#)).agentFileVersions()
        #expect(versions == PerComponent(software: ["1"], configuration: [], certificate: []))
        let object = try client(SimHTTP(200, #"{"objectSize":12,"hashAlgorithm":"SHA256","publicKey":"p","signature":"s"}"#))
            .object(org: "o", type: "t", id: "i")
        #expect(object == ObjectRecord(length: 12, signature: .init(hashAlgorithm: "SHA256", publicKey: "p", signature: "s")))
    }

    @Test(arguments: ["", "[]", "<html>", "{\"nodes\":7}", "{\"nodes\":{}}", "{\"nodes\":{\"other/n\":{}}}"])
    func `an answer that is something else is a failure, not a guess`(body: String) {
        #expect(throws: TransferFailure.self) { try client(SimHTTP(200, body)).node() }
        #expect(client(SimHTTP(200, body)).probe().succeeded == false)
    }

    @Test func `changes of other nodes do not concern this one`() throws {
        let body = """
            {"changes":[{"orgId":"acme","resource":"node","id":"n2"},{"orgId":"acme","resource":"nodepolicies","id":"n1"},
             {"orgId":"acme","resource":"mgmtpolicy","id":"p"}],"mostRecentChangeId":41,"hitMaxRecords":true,"exchangeVersion":"2"}
            """
        let page = try client(SimHTTP(201, body)).changes(from: 30)
        #expect(page.resources == ["nodepolicies", "mgmtpolicy"])
        #expect(page.next == 42)
        #expect(page.hasMore)
        #expect(try client(SimHTTP(201, "{}")).changes(from: 30).next == 30)
        // The largest number that a hub can write is no reason to end.
        #expect(try client(SimHTTP(201, "{\"mostRecentChangeId\":9223372036854775807}")).changes(from: 30).next == .max)
    }

    @Test func `a status as the exchange takes it`() throws {
        let http = SimHTTP(201)
        let terms = JobTerms(manifest: "m", allowDowngrade: false, start: "now", startWindow: 0)
        var facts = JobFacts(terms: terms, scheduled: Fixture.start)
        facts.versions = [.software: "1.1.0"]
        try client(http).putStatus(Fixture.policy, StatusReport(status: .downloadFailed, facts: facts, reason: "why"))
        let request = try #require(http.requests.first)
        #expect(request.method == "PUT")
        guard case .bytes(let body) = request.body else {
            Issue.record("no body")
            return
        }
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.contains(#""status":"download failed""#))
        #expect(text.contains(#""errorMessage":"why""#))
        #expect(text.contains(#""softwareVersion":"1.1.0""#))
        #expect(text.contains(#""scheduledTime":"2026-01-01T00:00:00Z""#))
    }

    @Test(arguments: [200, 204, 400, 401, 404, 409, 500])
    func `a turn is granted by 201 alone`(status: Int) throws {
        let policy = PolicyID(org: "acme", name: "p")
        try client(SimHTTP(201)).askTurn(of: "g", for: policy)
        let error = #expect(throws: TransferFailure.self) { try client(SimHTTP(status)).askTurn(of: "g", for: policy) }
        #expect(error?.kind == .status(status))
    }

    @Test func `an address that is not set says which setting`() {
        let hub = HubAddress(exchangeURL: "", objectsURL: "", trust: HubTrust(certificateAuthorityFile: nil, allowInsecureHub: false))
        let client = HTTPExchangeClient(http: SimHTTP(200), hub: hub, org: "o", node: "n", token: "t")
        let one = #expect(throws: TransferFailure.self) { try client.node() }
        let two = #expect(throws: TransferFailure.self) { try client.objectData(org: "o", type: "t", id: "i", max: 1) }
        let three = #expect(throws: TransferFailure.self) { try client.askTurn(of: "g", for: PolicyID(org: "o", name: "p")) }
        #expect(three?.explanation.contains("HZN_AGBOT_URL") == true)
        #expect(one?.explanation.contains("HZN_EXCHANGE_URL") == true)
        #expect(two?.explanation.contains("HZN_FSS_CSSURL") == true)
    }
}
