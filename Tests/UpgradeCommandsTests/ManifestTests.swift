import FoundationEssentials
import Testing
import UpgradeWire

@Suite struct ManifestTests {
    private let manifest = "http://css/api/v1/objects/o/agent_upgrade_manifests/spring"
    private let list = "GET http://css/api/v1/objects/IBM?filters=true"
    private let objects = """
        [{"objectID":"a.tar.gz","objectType":"agent_software_files-2.31.0"},
         {"objectID":"agent-install.cfg","objectType":"agent_config_files-1"}]
        """
    private let text =
        #"{ "softwareUpgrade": {"version":"2.31.0","files":["a.tar.gz"]}, "configurationUpgrade":{"version":"1","files":["*"]} }"#

    private func add(
        _ text: String, _ replies: [String: [FakeHTTP.Reply]] = [:], id: String = "spring", more: [String] = []
    ) throws -> Outcome {
        let scratch = try Scratch()
        let (file, key) = (try scratch.write("m.json", text), try scratch.write("key", "PRIVATE"))
        return uplift(
            ["nm", "manifest", "add", "-t", "agent_upgrade_manifests", "-i", id, "-f", file, "-k", key] + more,
            replies: replies.merging([list: [.answer(200, objects)]]) { given, _ in given })
    }

    private func hub(_ present: Int) -> [String: [FakeHTTP.Reply]] {
        ["GET \(manifest)": [.answer(present, "{}")], "PUT \(manifest)": [.answer(204, "")], "PUT \(manifest)/data": [.answer(204, "")]]
    }

    @Test(arguments: [(404, "added to"), (403, "added to"), (200, "updated in")])
    func `checks, signs the bytes as they are, and uploads`(present: Int, words: String) throws {
        let outcome = try add(text, hub(present))
        #expect(
            outcome.output == """
                Digital sign with SHA256 will be performed for data integrity.
                Digital sign finished.
                Manifest o/spring \(words) the Management Hub

                """)
        #expect(outcome.body("PUT \(manifest)/data") == text)
        let body = try JSONDecoder().decode(JSONValue.self, from: Data((outcome.body("PUT \(manifest)") ?? "").utf8))
        #expect(body[member: "meta"]?[member: "signature"] == .string(FakeDigest.hex(text)))
        #expect(body[member: "meta"]?[member: "destinationPolicy"] != nil)
        #expect(body[member: "meta"]?[member: "objectType"] == "agent_upgrade_manifests")
        #expect(body.object?["data"] == .null)
    }

    @Test func `files that are not there are named, word for word`() throws {
        let outcome = try add(
            #"{"softwareUpgrade":{"version":"latest","files":["a.tar.gz","b"]},"certificateUpgrade":{"version":"2","files":["*"]}}"#)
        #expect(outcome.code == 1)
        #expect(
            outcome.errors == """
                Error: The following files were specified in the manifest file but do not exist in the Management Hub:
                File "b" version "latest" of type "agent_software_files".
                File "*" version "2" of type "agent_cert_files".
                Run 'uplift nodemanagement agentfiles list' to get a list of valid files.

                """)
    }

    @Test func `a range is not sent, unless it is meant`() throws {
        let text = #"{"softwareUpgrade":{"version":"[2.0,2.99]","files":["a.tar.gz"]}}"#
        let refused = try add(text)
        #expect(refused.code == 1 && refused.calls.isEmpty)
        #expect(refused.errors.contains("'softwareUpgrade.version', character 1: ") && refused.errors.contains("--allow-quirks"))
        #expect(try add(text, hub(404), more: ["--allow-quirks"]).code == 0)
    }

    @Test func `a range finds only versions inside, an exact version only itself`() throws {
        for version in ["[3.0,4.0]", "2.31", "2.30.0"] {
            let outcome = try add(#"{"softwareUpgrade":{"version":"\#(version)","files":["a.tar.gz"]}}"#, more: ["--allow-quirks"])
            #expect(outcome.errors.contains("do not exist in the Management Hub"), "\(version)")
        }
        #expect(try add(#"{"softwareUpgrade":{"version":"2.31.0","files":["a.tar.gz"]}}"#, hub(404)).code == 0)
    }

    @Test func `all mistakes of the shape at once`() throws {
        let outcome = try add(
            """
            {"softwareUpgrad":{},"softwareUpgrade":{"version":"v2","files":[]},"certificateUpgrade":{"version":1,"files":"*"},
            "configurationUpgrade":{"files":["x"]}}
            """
        )
        #expect(outcome.code == 1)
        #expect(outcome.calls.isEmpty)
        #expect(outcome.errors.split(separator: "\n").count == 7)
        #expect(try add("{}").errors.contains("nothing is upgraded"))
        #expect(try add("[]").code == 1)
        #expect(try add("{").code == 3)
    }

    @Test(arguments: [("a/b/c", 1), ("..", 1), ("o/x y", 1)])
    func `names that cannot be are refused`(id: String, code: Int32) throws {
        #expect(try add(text, id: id).code == code)
    }

    @Test func `403 says who may do it`() throws {
        var replies = hub(404)
        replies["PUT \(manifest)"] = [.answer(403, "Unauthorized")]
        let outcome = try add(text, replies)
        #expect(outcome.code == 5)
        #expect(outcome.errors.contains("admin of the organization o"))
        #expect(!outcome.output.contains("added to"))
    }

    @Test func `other types do not exist`() {
        let outcome = uplift("nm", "man", "list", "-t", "agent_files")
        #expect(outcome.errors == "Error: Invalid manifest type specified. Valid types include: agent_upgrade_manifests\n")
        #expect(outcome.code == 1)
    }

    @Test func `list and remove`() {
        let line = "GET http://css/api/v1/objects/o?filters=true&objectType=agent_upgrade_manifests"
        let body = #"[{"objectID":"b","objectType":"agent_upgrade_manifests"},{"objectID":"a","objectType":"agent_upgrade_manifests"}]"#
        #expect(
            uplift("nm", "man", "ls", replies: [line: [.answer(200, body)]]).output == """
                [
                  {
                    "manifestID": "o/a",
                    "manifestType": "agent_upgrade_manifests"
                  },
                  {
                    "manifestID": "o/b",
                    "manifestType": "agent_upgrade_manifests"
                  }
                ]

                """)
        #expect(uplift("nm", "man", "ls", replies: [line: [.answer(404, "")]]).output == "[]\n")
        let gone = uplift("nm", "man", "rm", "-i", "spring", "-f", replies: ["DELETE \(manifest)": [.answer(404, "")]])
        #expect(gone.errors == "Error: Manifest 'o/spring' of type 'agent_upgrade_manifests' not found in the Management Hub\n")
        #expect(gone.code == 8)
        let removed = uplift("nm", "man", "rm", "-i", "spring", replies: ["DELETE \(manifest)": [.answer(204, "")]], typed: ["Y"])
        #expect(
            removed.output
                == "Are you sure you want to remove manifest o/spring from the Management Hub? [y/N]: "
                + "Manifest o/spring deleted from the Management Hub\n")
    }
}
