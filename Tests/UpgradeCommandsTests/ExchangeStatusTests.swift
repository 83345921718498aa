import Testing

@Suite struct ExchangeStatusTests {
    private let policy = "GET http://hub/v1/orgs/org/managementpolicies/sample-nmp"
    private let nodes = "GET http://hub/v1/orgs/org/nodes"
    private let fleet = "GET http://hub/v1/orgs/org/managementStatus?policy=sample-nmp&limit=1000"
    private let found = #"{"managementPolicy":{"org/sample-nmp":{}}}"#
    private let status = """
        {"managementStatus":{"org/sample-nmp":{"agentUpgradePolicyStatus":{"scheduledTime":"2022-05-24T12:00:00Z",
        "startTime":"2022-05-24T12:01:00Z","endTime":"2022-05-24T12:02:00Z","upgradedVersions":{"softwareVersion":"2.30.0",
        "certVersion":"1.0.0","configVersion":"1.0.0"},"status":"successful","errorMessage":"","lastUpdated":"2022-05-24T12:02:01Z"}}}}
        """

    private var replies: [String: [FakeHTTP.Reply]] {
        [
            policy: [.answer(200, found)], nodes: [.answer(200, #"{"nodes":{"org/sample-node":{"publicKey":"k"},"org/b":{}}}"#)],
            nodes + "/sample-node": [.answer(200, #"{"nodes":{"org/sample-node":{"publicKey":"k"}}}"#)],
            nodes + "/sample-node/managementStatus/sample-nmp": [.answer(200, status)],
            nodes + "/sample-node/managementStatus": [.answer(200, status)],
            fleet: [.answer(404, #"{"code":"not-found","msg":"unrecognized route"}"#)],
            nodes + "/b/managementStatus/sample-nmp": [.answer(404, #"{"managementStatus":{},"lastIndex":0}"#)],
        ]
    }

    @Test func `the status of a policy is the documented example`() {
        let short = uplift("exchange", "nmp", "status", "org/sample-nmp", replies: replies)
        #expect(short.output == "{\n  \"org/sample-node\": \"successful\"\n}\n")
        let long = uplift("ex", "nmp", "status", "org/sample-nmp", "-l", replies: replies)
        #expect(
            long.output == """
                {
                  "org/sample-node": {
                    "org/sample-nmp": {
                      "agentUpgradePolicyStatus": {
                        "scheduledTime": "2022-05-24T12:00:00Z",
                        "startTime": "2022-05-24T12:01:00Z",
                        "endTime": "2022-05-24T12:02:00Z",
                        "upgradedVersions": {
                          "softwareVersion": "2.30.0",
                          "certVersion": "1.0.0",
                          "configVersion": "1.0.0"
                        },
                        "status": "successful"
                      }
                    }
                  }
                }

                """)
    }

    @Test func `an exchange that knows the question is asked once for all nodes, page by page`() {
        func entry(_ node: String, _ word: String) -> String {
            #"{"node":"org/\#(node)","policy":"org/sample-nmp","status":{"agentUpgradePolicyStatus":{"status":"\#(word)","lastUpdated":"t"}}}"#
        }
        var replies = replies
        replies[fleet] = [.answer(200, #"{"statuses":[\#(entry("a", "waiting"))],"next":"a%2F/sample-nmp"}"#)]
        let second = "GET http://hub/v1/orgs/org/managementStatus?policy=sample-nmp&after=a%252F%2Fsample-nmp&limit=1000"
        replies[second] = [.answer(200, #"{"statuses":[\#(entry("sample-node", "successful"))]}"#)]
        let short = uplift("exchange", "nmp", "status", "org/sample-nmp", replies: replies)
        #expect(short.output == "{\n  \"org/a\": \"waiting\",\n  \"org/sample-node\": \"successful\"\n}\n")
        #expect(short.lines == [policy, fleet, second])
        let long = uplift("exchange", "nmp", "status", "org/sample-nmp", "-l", replies: replies)
        #expect(long.output.contains(#""org/sample-nmp": {"#) && !long.output.contains("lastUpdated"))
        replies[fleet] = [.answer(200, #"{"statuses":[]}"#)]
        #expect(uplift("ex", "nmp", "status", "org/sample-nmp", replies: replies).code == 8)
        replies[fleet] = [.answer(500, #"{"code":"internal-error","msg":"no"}"#)]
        #expect(uplift("ex", "nmp", "status", "org/sample-nmp", replies: replies).code != 0)
    }

    @Test(arguments: [400, 403, 404, 405])
    func `an exchange or a proxy that refuses the question is asked node by node`(status: Int) {
        var replies = replies
        replies[fleet] = [.answer(status, "<html>not here</html>")]
        let outcome = uplift("exchange", "nmp", "status", "org/sample-nmp", replies: replies)
        #expect(outcome.output == "{\n  \"org/sample-node\": \"successful\"\n}\n")
        #expect(outcome.code == 0)
    }

    @Test func `one node alone`() {
        let outcome = uplift("ex", "nmp", "status", "sample-nmp", "-o", "org", "--node", "sample-node", "-n", "me:tok", replies: replies)
        #expect(outcome.output == "{\n  \"org/sample-node\": \"successful\"\n}\n")
        #expect(!outcome.lines.contains(nodes))
        #expect(Set(outcome.calls.map(\.user)) == ["org/me:tok"])
    }

    @Test func `what is missing is said, with exit code 8`() {
        var replies = replies
        replies[nodes + "/x"] = [.answer(404, #"{"nodes":{}}"#)]
        replies[nodes + "/b"] = [.answer(200, #"{"nodes":{"org/b":{}}}"#)]
        replies["GET http://hub/v1/orgs/org/managementpolicies/y"] = [.answer(404, "{}")]
        let cases = [
            (["y"], "NMP y not found in org org"), (["sample-nmp", "-N", "x"], "Node x not found in org org"),
            (["sample-nmp", "-N", "b"], "Status for NMP sample-nmp not found for node b in org org"),
        ]
        for (more, text) in cases {
            let outcome = uplift(["ex", "nmp", "status", "-o", "org"] + more, replies: replies)
            #expect(outcome.errors == "Error: \(text)\n")
            #expect(outcome.code == 8)
        }
        replies[nodes + "/sample-node/managementStatus/sample-nmp"] = [.answer(404, "{}")]
        #expect(
            uplift("ex", "nmp", "status", "org/sample-nmp", replies: replies).errors
                == "Error: Status for NMP sample-nmp not found in org org\n")
    }

    @Test func `the statuses of a node`() {
        let base = ["exchange", "node", "management", "status", "org/sample-node"]
        #expect(uplift(base, replies: replies).output == "{\n  \"org/sample-nmp\": \"successful\"\n}\n")
        #expect(uplift(base + ["-p", "sample-nmp", "-l"], replies: replies).output.contains("\"endTime\": \"2022-05-24T12:02:00Z\""))
        let other = uplift(base + ["-p", "z"], replies: replies)
        #expect(other.errors == "Error: Node sample-node does not contain a status for z in org org\n")
        #expect(other.code == 8)
        var replies = replies
        replies[nodes + "/sample-node/managementStatus"] = [.answer(404, "{}")]
        #expect(uplift(base, replies: replies).errors == "Error: Statuses for node sample-node not found in org org\n")
        replies[nodes + "/sample-node"] = [.answer(404, "{}")]
        let gone = uplift(base, replies: replies)
        #expect(gone.errors == "Error: node 'org/sample-node' not found.\n")
        #expect(gone.code == 8)
    }

    @Test(arguments: [["ex", "-o", "org", "node", "mgmt"], ["ex", "node", "mgmt"]])
    func `the organization may stand before the verb and behind it`(words: [String]) {
        let more = words.contains("-o") ? [] : ["-o", "org"]
        let outcome = uplift(words + ["status", "sample-node"] + more, replies: replies)
        #expect(outcome.output == "{\n  \"org/sample-nmp\": \"successful\"\n}\n")
    }

    @Test func `a name with a line end forges no line`() {
        var replies = replies
        replies[nodes + "/sample-node/managementStatus"] = [.answer(200, #"{"managementStatus":{"org/a\nError: forged\u001b[2J":{}}}"#)]
        replies["PUT http://hub/v1/orgs/org/nodes/sample-node/managementStatus/a%0AError%3A%20forged%1B%5B2J"] = [.answer(201, "{}")]
        let outcome = uplift("ex", "node", "mgmt", "reset", "org/sample-node", replies: replies)
        #expect(
            outcome.output == """
                Node management status for org/a\\u{a}Error: forged\\u{1b}[2J is reset.
                The the Horizon agent for node org/sample-node will re-evaluate the management policies.

                """)
        let listed = uplift("ex", "node", "mgmt", "status", "org/sample-node", replies: replies)
        #expect(listed.output == "{\n  \"org/a\\nError: forged\\u001b[2J\": \"\"\n}\n")
        let named = uplift("ex", "node", "mgmt", "status", "org/x\ny", replies: [nodes + "/x%0Ay": [.answer(404, "{}")]])
        #expect(named.errors == "Error: node 'org/x\\u{a}y' not found.\n")
    }

    @Test func `reset writes every status back as reset`() {
        var replies = replies
        let put = "PUT http://hub/v1/orgs/org/nodes/sample-node/managementStatus/sample-nmp"
        replies[put] = [.answer(201, "{}")]
        let outcome = uplift("ex", "node", "mgmt", "reset", "org/sample-node", replies: replies)
        #expect(
            outcome.output == """
                Node management status for org/sample-nmp is reset.
                The the Horizon agent for node org/sample-node will re-evaluate the management policies.

                """)
        #expect(outcome.body(put)?.contains(#""status":"reset""#) == true)
        #expect(outcome.body(put)?.contains("lastUpdated") == false)
    }

    @Test func `the policies of a node`() {
        var replies = replies
        replies[nodes + "/sample-node/policy"] = [.answer(200, #"{"properties":[{"name":"a","value":"b"}]}"#)]
        replies["GET http://hub/v1/orgs/org/managementpolicies"] = [
            .answer(
                200,
                """
                {"managementPolicy":{"org/x":{"enabled":true,"constraints":["a == b"]},"org/y":{"constraints":["a == b"]},
                "org/z":{"enabled":true,"constraints":["a == c"]}}}
                """
            )
        ]
        let base = ["ex", "node", "mgmt", "list", "org/sample-node"]
        #expect(uplift(base, replies: replies).output == "{\n  \"org/x\": \"enabled\"\n}\n")
        #expect(uplift(base + ["-a"], replies: replies).output == "{\n  \"org/x\": \"enabled\",\n  \"org/y\": \"disabled\"\n}\n")
        replies[nodes + "/sample-node"] = [.answer(200, #"{"nodes":{"org/sample-node":{}}}"#)]
        #expect(uplift(base, replies: replies).code == 1)
    }
}
