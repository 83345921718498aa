import Testing

/// `nmp add`: what it refuses, and what it foretells.
@Suite struct PolicyPreviewTests {
    private let hub = "http://hub/v1/orgs/o"
    private let manifest = "http://css/api/v1/objects/o/agent_upgrade_manifests/m"
    private let policy = #"{"constraints":["a == b"],"enabled":true,"agentUpgradePolicy":{"manifest":"m"}}"#

    private func add(_ text: String, _ replies: [String: [FakeHTTP.Reply]], _ more: String...) throws -> Outcome {
        let scratch = try Scratch()
        return uplift(["exchange", "nmp", "add", "spring", "-f", try scratch.write("p.json", text)] + more, replies: replies)
    }

    /// A hub with a node for each fate.
    private var replies: [String: [FakeHTTP.Reply]] {
        let nodes = [
            ("ready", #""arch":"amd64","softwareVersions":{"horizon":"1.0.0"}"#),
            ("done", #""arch":"amd64","softwareVersions":{"horizon":"2.0.0"}"#),
            ("alpine", #""arch":"amd64","softwareVersions":{"horizon":"1.0.0"}"#),
            ("ended", #""arch":"amd64","softwareVersions":{"horizon":"1.0.0"}"#),
            ("burnt", #""arch":"amd64","softwareVersions":{"horizon":"1.0.0"}"#),
            ("other", #""arch":"amd64""#), ("another", #""arch":"amd64""#), ("patterned", #""pattern":"o/p""#),
        ]
        let list = nodes.map { #""o/\#($0.0)":{"publicKey":"k",\#($0.1)}"# } + [#""o/fresh":{"publicKey":""}"#]
        var replies: [String: [FakeHTTP.Reply]] = [
            "GET \(manifest)": [.answer(200, "{}")],
            "GET \(manifest)/data": [.answer(200, #"{"softwareUpgrade":{"version":"latest","files":["*"]}}"#)],
            "GET http://hub/v1/orgs/IBM/AgentFileVersion": [.answer(200, #"{"agentSoftwareVersions":["1.0.0","2.0.0"]}"#)],
            "GET http://css/api/v1/objects/IBM?filters=true": [
                .answer(
                    200,
                    #"[{"objectID":"horizon-agent-linux-deb-amd64.tar.gz","objectType":"agent_software_files-2.0.0"}]"#)
            ],
            "GET \(hub)/nodes": [.answer(200, #"{"nodes":{\#(list.joined(separator: ","))}}"#)],
        ]
        for (name, _) in nodes {
            let value = name.hasSuffix("other") ? "c" : "b"
            let system = name == "alpine" ? "alpine" : "debian"
            replies["GET \(hub)/nodes/\(name)/policy"] = [
                .answer(
                    200,
                    #"{"properties":[{"name":"a","value":"\#(value)"},{"name":"openhorizon.operatingSystem","value":"\#(system)"}]}"#)
            ]
            replies["GET \(hub)/nodes/\(name)/managementStatus"] = [.answer(404, "{}")]
        }
        let versions = #""upgradedVersions":{"softwareVersion":"2.0.0"}"#
        replies["GET \(hub)/nodes/ended/managementStatus"] = [
            .answer(200, #"{"managementStatus":{"o/spring":{"agentUpgradePolicyStatus":{"status":"successful"}}}}"#)
        ]
        replies["GET \(hub)/nodes/burnt/managementStatus"] = [
            .answer(
                200, #"{"managementStatus":{"o/winter":{"agentUpgradePolicyStatus":{"status":"rollback successful",\#(versions)}}}}"#)
        ]
        return replies
    }

    @Test(arguments: ["a == x || ", " a == b", "a!=b", "v in (1.0.0,2.0.0]", "v in [1.0.0,2.0.0)"])
    func `dangerous forms are not sent, unless they are meant`(constraint: String) throws {
        let text = #"{"constraints":["\#(constraint)"]}"#
        let refused = try add(text, [:])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("'constraints[0]', character ") && refused.errors.contains("--allow-quirks"))
        #expect(refused.calls.isEmpty)
        let allowed = try add(text, ["POST \(hub)/managementpolicies/spring": [.answer(201, "{}")]], "--allow-quirks")
        #expect(allowed.code == 0)
        #expect(allowed.errors.hasPrefix("Note: 'constraints[0]', character "))
    }

    @Test func `a dry run sends nothing that changes`() throws {
        let outcome = try add(policy, replies, "--dry-run", "--applies-to")
        #expect(outcome.code == 0)
        #expect(
            outcome.output
                == "[\n  \"o/alpine\",\n  \"o/burnt\",\n  \"o/done\",\n  \"o/ended\",\n  \"o/ready\"\n]\n")
        #expect(outcome.errors == "Note: --dry-run: the policy o/spring was checked, and not sent\n")
        #expect(outcome.lines.allSatisfy { $0.hasPrefix("GET ") })
        let alone = try add(policy, replies, "--dry-run")
        #expect(alone.code == 0 && alone.output.isEmpty)
        #expect(try add(policy, ["GET \(manifest)": [.answer(404, "")]], "--dry-run").code == 1)
    }

    @Test func `the rest is explained, as a table`() throws {
        let outcome = try add(policy, replies, "--dry-run", "--applies-to", "--explain")
        let unmet = "the policy demands 'a == b', which the properties of the node do not satisfy"
        let gap = String(repeating: " ", count: 23)
        #expect(
            outcome.output == """
                NODES  WHAT            WHY
                    1  upgrades        nothing that the Exchange tells speaks against it
                \(gap)o/ready
                    1  nothing to do   it runs what the manifest asks for
                \(gap)o/done
                    1  never           its status of this policy is 'successful' already; reset it to start again
                \(gap)o/ended
                    1  never           there is no package for the operating system 'alpine'; \
                expected ubuntu, debian, raspbian, rhel, centos, fedora, suse or macos
                \(gap)o/alpine
                    1  unknown         software 2.0.0 did not prove itself there before, under o/winter; \
                the node decides whether it tries again
                \(gap)o/burnt
                    1  no match        the node has the pattern 'o/p', and the policy lists no patterns
                \(gap)o/patterned
                    2  no match        \(unmet)
                \(gap)o/another, o/other
                    1  not registered  its agent has published no key
                \(gap)o/fresh
                The Exchange does not tell: the install strategy of packages and nodes, free space, and versions that a node \
                refuses because it ran a higher one.

                """)
        #expect(outcome.lines.allSatisfy { $0.hasPrefix("GET ") })
    }

    @Test func `the rest is explained, as JSON`() throws {
        let outcome = try add(policy, replies, "--dry-run", "--applies-to", "--explain", "--json")
        #expect(outcome.output.contains(#""fate": "never""#))
        #expect(outcome.output.hasPrefix("{\n  \"appliesTo\": [\n    \"o/alpine\",\n"))
        #expect(outcome.code == 0)
    }

    @Test(arguments: [
        (#"{"constraints":["a == b"],"agentUpgradePolicy":{"manifest":"m"}}"#, "nothing to do   the policy is not enabled"),
        (#"{"constraints":["a == b"],"enabled":true}"#, "nothing to do   the policy names no manifest"),
    ])
    func `a policy that does nothing says so`(text: String, words: String) throws {
        #expect(try add(text, replies, "--dry-run", "--applies-to", "--explain").output.contains("    5  " + words))
    }

    @Test func `a version that cannot be had stops all nodes`() throws {
        var replies = replies
        replies["GET http://hub/v1/orgs/IBM/AgentFileVersion"] = [.answer(404, "")]
        let outcome = try add(policy, replies, "--dry-run", "--applies-to", "--explain")
        #expect(outcome.output.contains("    5  never           the manifest asks for the latest software"))
    }

    @Test(arguments: [["--explain"], ["--applies-to", "--json"]])
    func `flags that say nothing alone`(flags: [String]) throws {
        let scratch = try Scratch()
        let outcome = uplift(["exchange", "nmp", "add", "spring", "-f", try scratch.write("p.json", policy)] + flags)
        #expect(outcome.code == 1 && outcome.calls.isEmpty)
    }
}
