import FoundationEssentials
import Testing
import UpgradeWire

/// `check nmp`, `check manifest`, and the refusals of the commands that send such documents.
@Suite struct DocumentReviewTests {
    private func check(_ kind: String, _ text: String, _ more: String...) throws -> Outcome {
        let scratch = try Scratch()
        let outcome = uplift(["check", kind, try scratch.write("d.json", text)] + more)
        #expect(outcome.calls.isEmpty)
        return outcome
    }

    /// `field@position`, or `field@line:column`, of each mistake.
    private func places(_ outcome: Outcome, _ key: String = "mistakes") throws -> [String] {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(outcome.output.utf8))
        return try (try #require(value[member: key]?.array)).map { mistake in
            #expect(mistake[member: "message"]?.string?.isEmpty == false && mistake[member: "remedy"]?.string?.isEmpty == false)
            let field = try #require(mistake[member: "field"]?.string)
            if let line = mistake[member: "line"]?.integer, let column = mistake[member: "column"]?.integer {
                return "\(field)@\(line):\(column)"
            }
            return field + (mistake[member: "position"]?.integer.map { "@\($0)" } ?? "")
        }
    }

    @Test func `a valid policy`() throws {
        let outcome = try check(
            "nmp",
            """
            {"label":"s","description":"","constraints":["a == b",""],"patterns":[],"properties":[{"name":"x","type":"int","value":1}],
            "enabled":true,"start":"2026-01-02T03:04:05Z","startWindow":0,"agentUpgradePolicy":{"manifest":"o/m"},"owner":"o/u"}
            """)
        #expect(outcome.output == "{\n  \"mistakes\": [],\n  \"valid\": true\n}\n")
        #expect(outcome.errors.isEmpty && outcome.code == 0)
    }

    @Test func `every mistake of a policy, with its field`() throws {
        let outcome = try check(
            "nmp",
            """
            {"label":1,"constraints":["a =","a == b",3],"patterns":["p"],"properties":[{"name":"x","type":"int","value":1.5},{"nam":"y"},4],
            "enabled":"yes","start":"2026-01-02t03:04:05z","startWindow":-1,"agentUpgradePolicy":{"manifest":"a/b/c","allowDowngrade":1},
            "startwindow":3}
            """)
        #expect(
            try places(outcome) == [
                "startwindow", "label", "properties[0]", "properties[1].nam", "properties[2]", "constraints[2]", "constraints[0]@4",
                "patterns", "enabled", "start", "startWindow", "agentUpgradePolicy.allowDowngrade", "agentUpgradePolicy.manifest",
            ])
        #expect(outcome.code == 1)
        #expect(outcome.errors.split(separator: "\n").count == 13)
        #expect(outcome.errors.contains("'constraints[0]', character 4: "))
    }

    @Test(arguments: [
        ("[]", [""]), ("{}", [""]), (#"{"constraints":[" "],"patterns":[""]}"#, ["patterns[0]@1", "patterns", ""]),
        (#"{"constraints":["a == b"],"agentUpgradePolicy":{}}"#, ["agentUpgradePolicy.manifest"]),
        (#"{"constraints":["a == b"],"agentUpgradePolicy":{"manifest":"x y"}}"#, ["agentUpgradePolicy.manifest"]),
        (#"{"constraints":["a == b"],"agentUpgradePolicy":"m"}"#, ["agentUpgradePolicy"]),
        (#"{"constraints":"a == b"}"#, ["constraints", ""]), (#"{"patterns":["o/*"]}"#, ["patterns[0]@3"]),
        (#"{"constraints":["a == b"],"start":"2026-01-02T3:04:05Z"}"#, ["start"]),
        (#"{"constraints":["a == b"],"start":"2026-01-02T03:04:05Z[UTC]"}"#, ["start"]),
        (#"{"constraints":["a == b"],"startWindow":1.5}"#, ["startWindow"]),
    ])
    func `policies that nobody should send`(text: String, expected: [String]) throws {
        let outcome = try check("nmp", text)
        #expect(try places(outcome) == expected)
        #expect(outcome.code == 1)
    }

    @Test func `a policy for everybody must be meant`() throws {
        #expect(try check("nmp", #"{"label":"x"}"#, "--no-constraints").code == 0)
    }

    @Test(arguments: [
        ("{", "@1:2"), ("{\"a\": 1,\n \"b\": }", "@2:7"), ("{\"a\":1,}", "@1:8"), ("{'a':1}", "@1:2"), ("{\"a\":01}", "@1:7"), ("", "@1:1"),
        ("{\"a\":\"x\ny\"}", "@1:8"), ("{\"ä\":tru}", "@1:6"), ("{} {}", "@1:4"), ("{\"a\":1,\"a\":2}", "@1:8"), ("[1,]", "@1:4"),
        ("{\"a\":\"\\q\"}", "@1:8"), ("{\"a\":1.}", "@1:8"), ("\u{FEFF}{}", "@1:1"),
    ])
    func `mistakes of JSON have line and column`(text: String, expected: String) throws {
        for kind in ["nmp", "manifest"] {
            let outcome = try check(kind, text)
            #expect(try places(outcome) == [expected])
            #expect(outcome.code == 1)
        }
    }

    @Test func `what nests too deep is refused, and costs little`() throws {
        let deep = String(repeating: "[", count: 200_000)
        #expect(try places(try check("nmp", deep)) == ["@1:501"])
    }

    @Test func `dangerous forms are mistakes with a place, or warnings when they are allowed`() throws {
        let text = #"{"constraints":["a == x || "," a == b","v in [1.0.0,2.0.0)"]}"#
        let refused = try check("nmp", text)
        #expect(try places(refused) == ["constraints[0]@8", "constraints[1]@1", "constraints[2]@18"])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("--allow-quirks"))
        let allowed = try check("nmp", text, "--allow-quirks")
        #expect(try places(allowed) == [])
        #expect(try places(allowed, "warnings") == ["constraints[0]@8", "constraints[1]@1", "constraints[2]@18"])
        #expect(allowed.code == 0)
        #expect(allowed.errors.split(separator: "\n").count == 3)
    }

    @Test func `every mistake of a manifest, with its field`() throws {
        let outcome = try check(
            "manifest",
            """
            {"softwareUpgrade":{"version":"v1","files":["a/b","*"],"x":1},"certificateUpgrade":{"version":"1.0","files":["my.crt"]},
            "configurationUpgrade":{"version":"Latest"},"other":{}}
            """)
        #expect(
            try places(outcome) == [
                "other", "softwareUpgrade.x", "softwareUpgrade.files[0]", "certificateUpgrade.files", "configurationUpgrade.version",
                "configurationUpgrade.files",
            ])
        #expect(outcome.code == 1)
    }

    @Test(arguments: [
        ("{}", [""]), ("[]", [""]), (#"{"softwareUpgrade":{"version":""}}"#, [""]), (#"{"softwareUpgrade":[]}"#, ["softwareUpgrade"]),
        (#"{"softwareUpgrade":{"files":["*"]}}"#, ["softwareUpgrade.version"]),
        (#"{"softwareUpgrade":{"version":"INFINITY","files":["*"]}}"#, ["softwareUpgrade.version"]),
        (#"{"softwareUpgrade":{"version":"[1.0,2.0]","files":["*"]}}"#, ["softwareUpgrade.version@1"]),
        (#"{"softwareUpgrade":{"version":"[1.0,2.0)","files":["*"]}}"#, ["softwareUpgrade.version@1", "softwareUpgrade.version@9"]),
    ])
    func `manifests that nobody should send`(text: String, expected: [String]) throws {
        let outcome = try check("manifest", text)
        #expect(try places(outcome) == expected)
        #expect(outcome.code == 1)
    }

    @Test func `a range in a manifest can be meant`() throws {
        let text = #"{"softwareUpgrade":{"version":"[1.0,2.0]","files":["*"]},"certificateUpgrade":{"version":"latest","files":["*"]}}"#
        let outcome = try check("manifest", text, "--allow-quirks")
        #expect(outcome.code == 0)
        #expect(try places(outcome, "warnings") == ["softwareUpgrade.version@1"])
    }

    @Test func `a file that is not there is no verdict`() {
        let outcome = uplift("check", "nmp", "/nowhere/x.json")
        #expect(outcome.code == 4)
        #expect(outcome.output.isEmpty)
    }
}
