import FoundationEssentials
import Testing
import UpgradePorts
import UpgradeWire

@Suite struct AgentFilesTests {
    private let versions = "http://hub/v1/orgs/IBM/AgentFileVersion"

    /// A CSS that takes this object.
    private func css(_ type: String, _ id: String) -> [String: [FakeHTTP.Reply]] {
        let object = "PUT http://css/api/v1/objects/IBM/\(type)/\(id)"
        return [object: [.answer(204, "")], object + "/data": [.answer(204, "")]]
    }

    private func merged(_ parts: [String: [FakeHTTP.Reply]]...) -> [String: [FakeHTTP.Reply]] {
        parts.reduce(into: [:]) { $0.merge($1) { _, new in new } }
    }

    @Test func `signs and uploads, then lists the version, newest first`() throws {
        let scratch = try Scratch()
        let file = try scratch.write("agent.tar.gz", "bytes")
        let key = try scratch.write("key", "PRIVATE")
        let listed =
            #"{"agentSoftwareVersions":["2.9.0","odd","2.30.0"],"agentConfigVersions":["1"],"agentCertVersions":[],"lastUpdated":"x"}"#
        let after = #"{"agentSoftwareVersions":["2.30.0","2.10.0","2.9.0","odd"],"agentConfigVersions":["1"],"agentCertVersions":[]}"#
        let outcome = uplift(
            "nodemanagement", "agentfiles", "add", "-t", "agent_software_files", "-V", "2.10.0", "-k", key, "-u", "root/root:pw", file,
            replies: merged(
                css("agent_software_files-2.10.0", "agent.tar.gz"),
                ["GET \(versions)": [.answer(200, listed), .answer(200, after)], "PUT \(versions)": [.answer(201, "{}")]]))
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                Agent file agent.tar.gz of type agent_software_files and version 2.10.0 uploaded to the Management Hub
                Version 2.10.0 of agent_software_files is listed in AgentFileVersion

                """)
        let object = "PUT http://css/api/v1/objects/IBM/agent_software_files-2.10.0/agent.tar.gz"
        #expect(outcome.lines == [object, object + "/data", "GET \(versions)", "PUT \(versions)", "GET \(versions)"])
        #expect(Set(outcome.calls.map(\.user)) == ["root/root:pw"])
        let body = try JSONDecoder().decode(JSONValue.self, from: Data((outcome.body(object) ?? "").utf8))
        #expect(
            body == [
                "meta": [
                    "objectID": "agent.tar.gz", "objectType": "agent_software_files-2.10.0", "destinationOrgID": "IBM", "public": true,
                    "hashAlgorithm": "SHA256", "publicKey": "cHVi", "signature": .string(FakeDigest.hex("bytes")), "objectSize": 5,
                    "version": "2.10.0",
                ], "data": nil,
            ])
        #expect(outcome.calls[1].isFile)
        #expect(outcome.calls[1].body == file)
        #expect(
            outcome.body("PUT \(versions)")
                == #"{"agentCertVersions":[],"agentConfigVersions":["1"],"agentSoftwareVersions":["2.30.0","2.10.0","2.9.0","odd"]}"#)
    }

    @Test func `what somebody else wrote over ours is merged again`() throws {
        let scratch = try Scratch()
        let (file, key) = (try scratch.write("a", "b"), try scratch.write("key", "PRIVATE"))
        let lists = ["[]", #"["2"]"#, #"["2","1"]"#].map { FakeHTTP.Reply.answer(200, #"{"agentSoftwareVersions":\#($0)}"#) }
        let outcome = uplift(
            "nm", "af", "add", "-t", "agent_software_files", "-V", "1", "-k", key, file,
            replies: merged(css("agent_software_files-1", "a"), ["GET \(versions)": lists, "PUT \(versions)": [.answer(201, "")]]))
        #expect(outcome.code == 0)
        #expect(outcome.lines.filter { $0.hasSuffix("AgentFileVersion") }.map { $0.prefix(3) } == ["GET", "PUT", "GET", "PUT", "GET"])
    }

    @Test func `a version that is listed already is not written again, and an empty list is made`() throws {
        let scratch = try Scratch()
        let (file, key) = (try scratch.write("a", "b"), try scratch.write("key", "PRIVATE"))
        let run = { (reply: FakeHTTP.Reply) in
            uplift(
                "nm", "af", "add", "-t", "agent_software_files", "-V", "1.0", "-k", key, file,
                replies: merged(
                    css("agent_software_files-1.0", "a"), ["GET \(versions)": [reply], "PUT \(versions)": [.answer(201, "{}")]]))
        }
        #expect(!run(.answer(200, #"{"agentSoftwareVersions":["1.0"]}"#)).lines.contains("PUT \(versions)"))
        #expect(
            run(.answer(404, "{}")).body("PUT \(versions)")
                == #"{"agentCertVersions":[],"agentConfigVersions":[],"agentSoftwareVersions":["1.0"]}"#)
    }

    @Test func `403 says who may do it and how to go on`() throws {
        let scratch = try Scratch()
        let (file, key) = (try scratch.write("a", "b"), try scratch.write("key", "PRIVATE"))
        let outcome = uplift(
            "nm", "af", "add", "-t", "agent_software_files", "-V", "1.0", "-k", key, file,
            replies: ["PUT http://css/api/v1/objects/IBM/agent_software_files-1.0/a": [.answer(403, "Unauthorized")]])
        #expect(outcome.code == 5)
        for word in ["bad HTTP code 403", "organization IBM", "hub admin or root", "Run the same command again", "1.0 is not listed yet"] {
            #expect(outcome.errors.contains(word), "\(word)")
        }
        #expect(!outcome.errors.contains("secret-pw"))
    }

    @Test func `a failed list says that the files are there`() throws {
        let scratch = try Scratch()
        let (file, key) = (try scratch.write("a", "b"), try scratch.write("key", "PRIVATE"))
        let outcome = uplift(
            "nm", "af", "add", "-t", "agent_software_files", "-V", "1.0", "-k", key, file,
            replies: merged(css("agent_software_files-1.0", "a"), ["GET \(versions)": [.failure(.timeout)]]))
        #expect(outcome.code == 5)
        #expect(outcome.errors.contains("The files are uploaded, but version 1.0 is not listed"))
    }

    @Test func `configuration and certificate need the stamp of their version`() throws {
        let scratch = try Scratch()
        let key = try scratch.write("key", "PRIVATE")
        let plain = try scratch.write("plain.cfg", "A=1\n")
        let add = { (file: String, more: String...) in
            uplift(
                ["nm", "af", "add", "-t", "agent_config_files", "-V", "3", "-k", key, "--name", "agent-install.cfg", file] + more,
                replies: merged(
                    css("agent_config_files-3", "agent-install.cfg"),
                    [
                        "GET \(versions)": [.answer(404, ""), .answer(200, #"{"agentConfigVersions":["3"]}"#)],
                        "PUT \(versions)": [.answer(201, "")],
                    ]))
        }
        let refused = add(plain)
        #expect(refused.code == 1)
        #expect(refused.errors.contains("Its first line must be exactly:\n# uplift: kind=configuration version=3\n"))
        #expect(refused.calls.isEmpty)

        let stamped = add(plain, "--stamp")
        let data = "PUT http://css/api/v1/objects/IBM/agent_config_files-3/agent-install.cfg/data"
        #expect(stamped.code == 0)
        #expect(stamped.body(data) == "# uplift: kind=configuration version=3\nA=1\n")
        #expect(scratch.read("plain.cfg") == "A=1\n")
        #expect(scratch.names() == ["key", "plain.cfg"])

        let right = try scratch.write("right.cfg", "# uplift: kind=configuration version=3\nB=2\n")
        #expect(add(right, "--stamp").body(data) == right)
        for line in ["# uplift: kind=configuration version=4", "# uplift: kind=certificate version=3"] {
            let other = add(try scratch.write("other.cfg", line + "\n"), "--stamp")
            #expect(other.code == 1)
            #expect(other.errors.contains("begins with `\(line)`, expected `# uplift: kind=configuration version=3`"))
        }
    }

    @Test func `a file under another name than nodes look for is noted`() throws {
        let scratch = try Scratch()
        let file = try scratch.write("my.crt", "# uplift: kind=certificate version=1\n")
        let key = try scratch.write("key", "PRIVATE")
        let outcome = uplift(
            "nm", "af", "add", "-t", "agent_cert_files", "-V", "1", "-k", key, file,
            replies: merged(
                css("agent_cert_files-1", "my.crt"),
                [
                    "GET \(versions)": [.answer(404, ""), .answer(200, #"{"agentCertVersions":["1"]}"#)],
                    "PUT \(versions)": [.answer(201, "")],
                ]))
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("nodes look for agent-install.crt"))
    }

    @Test(arguments: ["..", ".", "*", "a/b", "a b", "a\u{1b}b", "ä", ""])
    func `names that the CSS would refuse, or that mean something else, are refused here`(name: String) throws {
        let scratch = try Scratch()
        let (file, key) = (try scratch.write("a", "b"), try scratch.write("key", "PRIVATE"))
        let outcome = uplift("nm", "af", "add", "-t", "agent_software_files", "-V", "1", "-k", key, "--name", name, file)
        #expect(outcome.code == 1)
        #expect(outcome.calls.isEmpty)
        #expect(!outcome.errors.contains("\u{1b}"))
    }

    @Test func `mistakes of the command line come before any call`() throws {
        let scratch = try Scratch()
        let (file, key) = (try scratch.write("a", "b"), try scratch.write("key", "PRIVATE"))
        let base = ["nm", "af", "add", "-k", key]
        let cases: [([String], Int32)] = [
            (["-t", "software", "-V", "1", file], 1), (["-t", "agent_software_files", "-V", "v1", file], 1),
            (["-t", "agent_software_files", "-V", "latest", file], 1), (["-t", "agent_software_files", "-V", "INFINITY", file], 1),
            (["-t", "agent_software_files", "-V", "1", file, file], 1), (["-t", "agent_software_files", "-V", "1"], 1),
            (["-t", "agent_software_files", "-V", "1", "--name", "x", file, file + "2"], 1),
            (["-t", "agent_software_files", "-V", "1", file + "-none"], 4), (["-t", "agent_software_files", "-V", "1", scratch.path], 4),
        ]
        for (more, code) in cases { #expect(uplift(base + more).code == code, "\(more)") }
    }

    @Test func `without a key there is no upload, and the remedy is named`() throws {
        let scratch = try Scratch()
        let file = try scratch.write("a", "b")
        let arguments = ["nm", "af", "add", "-t", "agent_software_files", "-V", "1", file]
        let none = uplift(arguments, environment: ["HOME": scratch.path])
        #expect(none.code == 9)
        #expect(none.errors.contains("uplift key create"))
        #expect(none.calls.isEmpty)
        try scratch.write(".hzn/keys/service.private.key", "garbage")
        let garbage = uplift(arguments, environment: ["HOME": scratch.path])
        #expect(garbage.code == 9)
        #expect(!garbage.errors.contains("garbage"))
        #expect(uplift(arguments, environment: ["HOME": scratch.path, "HZN_PRIVATE_KEY_FILE": scratch.path + "/none"]).code == 4)
    }

    @Test func `the list is sorted by type and version, and narrowed`() {
        let objects = """
            [{"objectID":"a","objectType":"agent_software_files-9.0.0"},{"objectID":"a","objectType":"agent_software_files-10.0.0"},
             {"objectID":"c","objectType":"agent_cert_files-1"},{"objectID":"x","objectType":"agent_upgrade_manifests"},
             {"objectID":"old","objectType":"agent_cert_files-1","deleted":true}]
            """
        let replies: [String: [FakeHTTP.Reply]] = ["GET http://css/api/v1/objects/IBM?filters=true": [.answer(200, objects)]]
        let newest = """
            [
              {
                "fileName": "a",
                "fileType": "agent_software_files",
                "fileVersion": "10.0.0"
              }
            ]

            """
        #expect(uplift("nm", "af", "list", "-t", "agent_software_files", "-V", "latest", replies: replies).output == newest)
        #expect(uplift("nm", "af", "ls", "-V", "[9.5,11)", replies: replies).output == newest)
        let all = uplift("nm", "af", "ls", replies: replies).output
        #expect(all.firstRange(of: "10.0.0").map { $0.lowerBound < (all.firstRange(of: "9.0.0")?.lowerBound ?? $0.lowerBound) } == true)
        #expect(!all.contains("old") && !all.contains("\"x\""))
        let none: [String: [FakeHTTP.Reply]] = ["GET http://css/api/v1/objects/IBM?filters=true": [.answer(404, "")]]
        #expect(uplift("nm", "af", "ls", replies: none).output == "[]\n")
    }
}
