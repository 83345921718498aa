import Testing

@Suite struct PolicyTests {
    private let policy = "http://hub/v1/orgs/o/managementpolicies/spring"
    private let manifest = "GET http://css/api/v1/objects/o/agent_upgrade_manifests/m"
    private let text =
        #"{"label":"s","constraints":["a == b"],"patterns":[],"enabled":true,"agentUpgradePolicy":{"manifest":"m"},"owner":"x"}"#

    private func add(_ text: String, _ replies: [String: [FakeHTTP.Reply]], _ more: String...) throws -> Outcome {
        let scratch = try Scratch()
        let file = try scratch.write("p.json", text)
        return uplift(["exchange", "nmp", "add", "spring", "-f", file] + more, replies: replies)
    }

    @Test func `a new policy is posted without what the exchange refuses`() throws {
        let outcome = try add(text, [manifest: [.answer(200, "{}")], "POST \(policy)": [.answer(201, "{}")]])
        #expect(outcome.output == "Node management policy o/spring added in the Horizon Exchange\n")
        #expect(
            outcome.body("POST \(policy)")
                == #"{"agentUpgradePolicy":{"allowDowngrade":false,"manifest":"m"},"constraints":["a == b"],"#
                + #""enabled":true,"label":"s","start":"now"}"#
        )
    }

    @Test func `a policy that exists is replaced, because the exchange says 403 for that`() throws {
        let outcome = try add(
            text,
            [
                manifest: [.answer(200, "{}")], "POST \(policy)": [.answer(403, #"{"code":"already-exists","msg":"x"}"#)],
                "PUT \(policy)": [.answer(201, "{}")],
            ])
        #expect(outcome.output == "Node management policy o/spring updated in the Horizon Exchange\n")
        #expect(outcome.body("PUT \(policy)") == outcome.body("POST \(policy)"))
    }

    @Test func `403 twice is a matter of rights`() throws {
        let denied = FakeHTTP.Reply.answer(403, #"{"code":"access-denied","msg":"Access denied: 'o/u'"}"#)
        let outcome = try add(
            text, [manifest: [.answer(200, "{}")], "POST \(policy)": [denied], "PUT \(policy)": [denied]])
        #expect(outcome.code == 5)
        #expect(outcome.errors.hasPrefix("Error: bad HTTP code 403 from PUT \(policy): access-denied, Access denied: 'o/u'\n"))
        #expect(outcome.errors.contains("admin of the organization o"))
    }

    @Test func `a manifest must exist`() throws {
        let outcome = try add(text, [manifest: [.answer(404, "")]])
        #expect(outcome.code == 1)
        #expect(
            outcome.errors == "Error: An AgentAutoUpgradePolicy was defined with manifest 'm' which does not exist in org o.\n")
    }

    @Test(arguments: [
        ("{", 3), ("[]", 1), ("{}", 1), (#"{"constraints":["a ="]}"#, 1), (#"{"constraints":["a == b"],"start":"tomorrow"}"#, 1),
        (#"{"constraints":["a == b"],"startwindow":3}"#, 1), (#"{"constraints":["a == b"],"agentUpgradePolicy":{}}"#, 1),
        (#"{"constraints":["a == b"],"properties":[{"name":"x","value":[]}]}"#, 1), (#"{"constraints":"a == b"}"#, 1),
    ])
    func `a policy with mistakes is not sent`(text: String, code: Int32) throws {
        let outcome = try add(text, [:])
        #expect(outcome.code == code)
        #expect(outcome.calls.isEmpty)
    }

    @Test func `a policy for everybody must be meant`() throws {
        #expect(try add(#"{"label":"x"}"#, [:]).errors.contains("--no-constraints"))
        #expect(try add(#"{"label":"x"}"#, ["POST \(policy)": [.answer(201, "{}")]], "--no-constraints").code == 0)
    }

    @Test func `the nodes that it applies to are shown`() throws {
        let nodes =
            """
            {"nodes":{"o/n2":{"publicKey":"k"},"o/n1":{"publicKey":"k"},"o/n3":{"publicKey":""},
            "o/n4":{"publicKey":"k","pattern":"o/p"}}}
            """
        let fits = #"{"properties":[{"name":"a","value":"b"}]}"#
        let outcome = try add(
            #"{"constraints":["a == b"]}"#,
            [
                "POST \(policy)": [.answer(201, "{}")], "GET http://hub/v1/orgs/o/nodes": [.answer(200, nodes)],
                "GET http://hub/v1/orgs/o/nodes/n1/policy": [.answer(200, fits)],
                "GET http://hub/v1/orgs/o/nodes/n2/policy": [.answer(404, "")],
                "GET http://hub/v1/orgs/o/nodes/n4/policy": [.answer(200, fits)],
            ], "--applies-to")
        #expect(outcome.output == "Node management policy o/spring added in the Horizon Exchange\n[\n  \"o/n1\"\n]\n")
    }

    @Test func `list`() {
        let all = "GET http://hub/v1/orgs/o/managementpolicies"
        let body = #"{"managementPolicy":{"o/b":{"label":"b"},"o/a":{"label":"a"}},"lastIndex":0}"#
        #expect(uplift("ex", "nmp", "ls", replies: [all: [.answer(200, body)]]).output == "[\n  \"o/a\",\n  \"o/b\"\n]\n")
        #expect(uplift("ex", "nmp", "ls", replies: [all: [.answer(404, #"{"managementPolicy":{}}"#)]]).output == "[]\n")
        #expect(uplift("ex", "nmp", "ls", "--nodes", replies: [all: [.answer(404, "{}")]]).output == "{}\n")
        let missing = uplift("ex", "nmp", "ls", "spring", replies: ["GET \(policy)": [.answer(404, "{}")]])
        #expect(missing.errors == "Error: NMP spring not found in org o\n")
        #expect(missing.code == 8)
        // Some servers answer with another policy of the organization.
        #expect(uplift("ex", "nmp", "ls", "spring", replies: ["GET \(policy)": [.answer(200, body)]]).code == 8)
    }

    @Test func `remove`() {
        let question =
            "Are you sure you want to remove node management policy spring for org o from the Horizon Exchange? [y/N]: "
        let no = uplift("ex", "nmp", "rm", "spring")
        #expect(no.output == question + "Exiting.\n")
        #expect(no.code == 0)
        let yes = uplift("ex", "nmp", "remove", "spring", replies: ["DELETE \(policy)": [.answer(204, "")]], typed: ["y"])
        #expect(yes.output == question + "Node management policy o/spring removed from the Horizon Exchange.\n")
        let gone = uplift("ex", "nmp", "rm", "-f", "spring", replies: ["DELETE \(policy)": [.answer(404, "")]])
        #expect(gone.errors == "Error: Node management policy spring not found in org o\n")
        #expect(gone.code == 8)
    }

    @Test func `enable and disable write the policy back under its own organization`() {
        let url = "http://hub/v1/orgs/other/managementpolicies/spring"
        let body =
            """
            {"managementPolicy":{"other/spring":{"label":"s","description":"s","enabled":false,"constraints":["a == b"],"patterns":[],
            "properties":[],"start":"now","startWindow":0,"owner":"x/y","created":"t","lastUpdated":"t",
            "agentUpgradePolicy":{"manifest":"","allowDowngrade":false}}}}
            """
        let replies: [String: [FakeHTTP.Reply]] = ["GET \(url)": [.answer(200, body)], "PUT \(url)": [.answer(201, "{}")]]
        let on = uplift("ex", "nmp", "enable", "other/spring", "-w", "60", "-s", "2026-01-02T03:04:05Z", replies: replies)
        #expect(on.output == "Node management policy other/spring enabled in the Horizon Exchange\n")
        #expect(
            on.body("PUT \(url)")
                == #"{"constraints":["a == b"],"description":"s","enabled":true,"label":"s","#
                + #""start":"2026-01-02T03:04:05Z","startWindow":60}"#
        )
        let off = uplift("ex", "nmp", "disable", "other/spring", replies: replies)
        #expect(off.output == "Node management policy other/spring is already disabled in the Horizon Exchange\n")
        #expect(!off.lines.contains("PUT \(url)"))
        #expect(uplift("ex", "nmp", "enable").code == 1)
        #expect(uplift("ex", "nmp", "enable", "spring", "-s", "soon").code == 1)
        #expect(uplift("ex", "nmp", "enable", "spring", replies: ["GET \(policy)": [.answer(404, "")]]).code == 8)
    }
}
