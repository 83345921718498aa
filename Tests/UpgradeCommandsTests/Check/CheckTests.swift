import Testing

/// `check constraint`, `check version`, `check match` and `check plan`.
@Suite struct CheckTests {
    private func checkConstraint(_ expressions: String..., properties: String, options: [String] = []) throws -> Outcome {
        let scratch = try Scratch()
        let outcome = uplift(
            ["check", "constraint", "--properties", try scratch.write("p.json", properties)] + options + ["--root", "/nowhere", "--"]
                + expressions)
        #expect(outcome.calls.isEmpty)
        return outcome
    }

    private let kiosk = #"[{"name":"purpose","value":"kiosk"},{"name":"cpu","type":"int","value":4}]"#

    @Test func `constraints that hold`() throws {
        let outcome = try checkConstraint("purpose == kiosk", "cpu >= 4 && cpu < 5", properties: kiosk)
        #expect(outcome.output == "\"satisfied\"\n")
        #expect(outcome.errors == "" && outcome.code == 0)
        let policy = try checkConstraint("cpu > 3", properties: #"{"label":"n","properties":[{"name":"cpu","value":4}]}"#)
        #expect(policy.output == "\"satisfied\"\n")
    }

    @Test func `constraints that do not hold, each named`() throws {
        let outcome = try checkConstraint("purpose == kiosk", "cpu > 4", "memory > 1", properties: kiosk)
        #expect(outcome.output == "\"not_satisfied\"\n")
        #expect(outcome.errors == "Error: the properties do not satisfy 'cpu > 4'\nthe properties do not satisfy 'memory > 1'\n")
        #expect(outcome.code == 1)
    }

    @Test func `constraints that cannot be read, with the position`() throws {
        let outcome = try checkConstraint("cpu > 9", "purpose kiosk", properties: kiosk)
        #expect(outcome.output == "\"invalid\"\n")
        #expect(
            outcome.errors.hasPrefix("Error: constraint 'purpose kiosk', character 8, at ' kiosk': expected an operator after 'purpose'; "))
        #expect(outcome.code == 1)
    }

    @Test func `a constraint that means something else is refused, unless it is allowed`() throws {
        let refused = try checkConstraint("cpu == 9 || ", properties: kiosk)
        #expect(refused.output == "\"satisfied\"\n")
        #expect(refused.errors.hasPrefix("Error: character ") && refused.errors.contains("--allow-quirks"))
        #expect(refused.code == 1)
        let allowed = try checkConstraint("cpu == 9 || ", properties: kiosk, options: ["--allow-quirks"])
        #expect(allowed.output == "\"satisfied\"\n")
        #expect(allowed.errors.hasPrefix("Note: character ") && allowed.code == 0)
    }

    @Test(arguments: [
        ("v in [1.0.0,2.0.0)", "1.5.0", 0), ("v in [1.0.0,2.0.0)", "2.0.0-rc1", 1), ("v in [1.0.0,2.0.0)", "02.0.0", 1),
        ("v in (1.0.0,2.0.0]", "01.0.0", 1), ("v in (1.0.0,2.0.0]", "2.0.0", 0), ("v == 1.0.0 && ", "1.0.0", 0), ("()", "1.0.0", 1),
        ("v != '1.0.0'", "1.0.0", 1), (" v == 1.0.0", "1.0.0", 1),
    ])
    func `an odd form is refused where it makes the answer`(constraint: String, version: String, code: Int32) throws {
        let outcome = try checkConstraint(constraint, properties: #"[{"name":"v","value":"\#(version)"}]"#)
        #expect(outcome.code == code)
        #expect(outcome.errors.contains("character "), "\(outcome.errors)")
    }

    @Test func `files without properties are refused; properties with a mistake are noted`() throws {
        #expect(try checkConstraint("a == b", properties: #"{"constraints":[]}"#).code == 3)
        #expect(try checkConstraint("a == b", properties: "[1]").code == 3)
        #expect(uplift("check", "constraint", "--properties", "/nowhere/p.json", "a == b").code == 4)
        let outcome = try checkConstraint("a == x", properties: #"[{"name":"a","type":"int","value":"x"}]"#)
        #expect(outcome.code == 0 && outcome.errors.hasPrefix("Note: property 'a' holds a string but declares 'int'"))
    }

    @Test(arguments: [
        (["valid", "2.31.0-rc.1"], "true", 0), (["valid", "v2"], "false", 1), (["compare", "2.0.0-rc1", "2"], "-1", 0),
        (["compare", "2", "2.0.0"], "0", 0), (["compare", "INFINITY", "9"], "1", 0), (["compare", "1", "x"], "\"invalid\"", 1),
        (["in", "[1.0.0,2.0.0)", "1.5"], "true", 0), (["in", "[1.0.0,2.0.0)", "2"], "false", 1), (["in", "1.0", "7"], "true", 0),
        (["in", "[1.0.0, 2.0.0)", "1.5"], "false", 1), (["in", "[1.0.0,2.0.0)", "x"], "false", 1),
    ])
    func `versions and ranges`(arguments: [String], output: String, code: Int32) {
        let outcome = uplift(["check", "version"] + arguments)
        #expect(outcome.output == output + "\n")
        #expect(outcome.code == code)
        #expect(outcome.errors.isEmpty == (code == 0))
    }

    @Test func `why a version is not inside, or is none`() {
        #expect(uplift("check", "version", "in", "[1,2]", "3").errors == "Error: 3 lies outside of [1.0.0,2.0.0]\n")
        let both = uplift("check", "version", "in", "[1", "v3").errors
        #expect(both.contains("'[1' is no range") && both.contains("\n'v3' is no version"))
    }

    private func match(nmp: String, node: String, _ more: String...) throws -> Outcome {
        let scratch = try Scratch()
        return uplift(
            ["check", "match", "--nmp", try scratch.write("nmp.json", nmp), "--node-policy", try scratch.write("node.json", node)] + more)
    }

    @Test func `a policy that is for the node`() throws {
        let outcome = try match(
            nmp: #"{"label":"s","constraints":["purpose == kiosk"],"enabled":false}"#,
            node: #"{"properties":[{"name":"purpose","value":"test"}],"management":{"properties":[{"name":"purpose","value":"kiosk"}]}}"#)
        #expect(
            outcome.output == """
                {
                  "compatible": true,
                  "reasons": [
                    "the policy demands 'purpose == kiosk', which the properties of the node satisfy"
                  ]
                }

                """)
        #expect(outcome.errors == "the policy demands 'purpose == kiosk', which the properties of the node satisfy\n" && outcome.code == 0)
    }

    @Test func `a policy that is not for the node, with everything that stands in the way`() throws {
        let outcome = try match(
            nmp: #"{"constraints":["purpose == kiosk","a b"]}"#, node: #"{"properties":[],"constraints":["owner == me"]}"#)
        #expect(outcome.code == 1 && outcome.output.contains("\"compatible\": false"))
        #expect(outcome.errors.split(separator: "\n").count == 3)
        #expect(outcome.errors.hasPrefix("Error: the node demands 'owner == me', which the properties of the policy do not satisfy\n"))
    }

    @Test func `patterns decide where there are any`() throws {
        #expect(try match(nmp: #"{"patterns":["kiosk"]}"#, node: "{}", "--node-pattern", "o/kiosk").code == 0)
        #expect(try match(nmp: #"{"patterns":["o/kiosk"]}"#, node: "{}", "--node-pattern", "kiosk").code == 1)
        #expect(try match(nmp: #"{"patterns":["o/kiosk"]}"#, node: "{}").errors.contains("this node has none"))
    }

    private static let offered = #"{"agentSoftwareVersions":["2.30.0","2.31.0"],"agentConfigVersions":["1.0.0"],"agentCertVersions":[]}"#

    private func plan(manifest: String, node: String, _ more: String...) throws -> Outcome {
        let scratch = try Scratch()
        return uplift(
            [
                "check", "plan", "--manifest", try scratch.write("m.json", manifest), "--versions",
                try scratch.write("v.json", Self.offered), "--node", try scratch.write("n.json", node),
            ] + more)
    }

    @Test func `a plan names versions, files and reasons`() throws {
        let outcome = try plan(
            manifest: #"{"softwareUpgrade":{"version":"latest","files":["*"]},"configurationUpgrade":{"version":"1.0.0","files":["*"]}}"#,
            node: #"""
                {"nodeType":"device","operatingSystem":"debian","architecture":"amd64","containerized":false,
                 "versions":{"softwareVersion":"2.30.0","configVersion":"1.0.0","certVersion":""},
                 "allowDowngrade":true,"others":[{"softwareVersion":"2.31.0"}]}
                """#)
        #expect(
            outcome.output == """
                {
                  "softwareVersion": "2.31.0",
                  "certVersion": "",
                  "configVersion": "",
                  "files": [
                    {
                      "fileName": "horizon-agent-linux-deb-amd64.tar.gz",
                      "fileType": "agent_software_files",
                      "fileVersion": "2.31.0"
                    },
                    {
                      "fileName": "agent-install.sh",
                      "fileType": "agent_software_files",
                      "fileVersion": "2.31.0"
                    }
                  ],
                  "outcome": "upgrade",
                  "reasons": [
                    "software 2.31.0 replaces 2.30.0",
                    "the node has configuration 1.0.0 already",
                    "the manifest asks for no certificate"
                  ]
                }

                """)
        #expect(outcome.code == 0)
    }

    @Test func `a downgrade needs the policy and the node, and no later policy`() throws {
        let manifest = #"{"softwareUpgrade":{"version":"2.30.0","files":["*"]}}"#
        func node(_ more: String) -> String { #"{"operatingSystem":"debian","versions":{"softwareVersion":"2.31.0"}"# + more + "}" }
        #expect(try plan(manifest: manifest, node: node(""), "--allow-downgrade").code == 0)
        let bare = try plan(manifest: manifest, node: "{}")
        #expect(bare.code == 0 && bare.errors.hasSuffix("the node names no operating system, so no package for its host is fetched\n"))
        for (outcome, reason) in [
            (try plan(manifest: manifest, node: node("")), "a downgrade is not allowed"),
            (try plan(manifest: manifest, node: node(#","allowDowngrade":false"#), "--allow-downgrade"), "downgrade refused here"),
            (
                try plan(manifest: manifest, node: node(#","others":[{"softwareVersion":"2.31.0"}]"#), "--allow-downgrade"),
                "a policy with a later schedule"
            ),
        ] {
            #expect(outcome.code == 1 && outcome.output.contains("\"outcome\": \"no action required\""))
            #expect(outcome.errors.hasPrefix("Error: software 2.30.0 is older than 2.31.0") && outcome.errors.contains(reason))
        }
    }

    @Test(arguments: [
        (#"{"certificateUpgrade":{"version":"latest","files":["*"]}}"#, "{}", "the exchange lists no certificate version"),
        (#"{"softwareUpgrade":{"version":"2.x","files":["*"]}}"#, "{}", "'2.x'"),
        (#"{"softwareUpgrade":{"version":"latest","files":["*"]}}"#, #"{"operatingSystem":"alpine"}"#, "'alpine'"),
        (#"{"softwareUpgrade":{"version":"latest","files":["x"]}}"#, #"{"operatingSystem":"debian","architecture":"arm"}"#, "armhf.tar.gz"),
        (
            #"{"softwareUpgrade":{"version":"latest","files":["*"]}}"#, #"{"versions":{"softwareVersion":"nightly"}}"#,
            "the current software version of this node is 'nightly'"
        ),
    ])
    func `what ends in a failed precheck`(manifest: String, node: String, reason: String) throws {
        let outcome = try plan(manifest: manifest, node: node)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("\"outcome\": \"precheck failed\"") && outcome.output.contains("\"files\": []"))
        #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.contains(reason))
    }

    @Test(arguments: [
        ["check"], ["check", "constraint"], ["check", "version"], ["check", "match"], ["check", "plan"], ["check", "batch"],
        ["check", "version", "in"],
    ])
    func `help shows examples and exit codes`(command: [String]) {
        let outcome = uplift(command + ["--help"])
        #expect(outcome.code == 0 && outcome.errors == "")
        if command != ["check", "version"] { #expect(outcome.output.contains("uplift check ") && outcome.output.contains("xit codes: 0")) }
    }
}
