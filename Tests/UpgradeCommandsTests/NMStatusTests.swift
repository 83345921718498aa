import Glibc
import Testing
import UpgradePorts

@Suite struct NMStatusTests {
    private let list = "GET http://localhost/nodemanagement/status"

    @Test func `the short list is the documented JSON and ends with one blank line`() {
        let body =
            #"{"o/b":{"agentUpgradePolicyStatus":{"status":"download started"}},"o/a":{"agentUpgradePolicyStatus":{"status":"waiting"}}}"#
        let outcome = uplift("nmstatus", "list", replies: [list: [.answer(200, body)]])
        #expect(outcome.output == "{\n  \"o/a\": \"waiting\",\n  \"o/b\": \"download started\"\n}\n\n")
        #expect(outcome.errors == "")
        #expect(outcome.code == 0)
        #expect(outcome.calls.first?.socket == "/nowhere/run/uplift/agent.sock")
    }

    @Test func `the long list shows the documented keys in their order`() {
        let body = """
            {"org/sample-nmp":{"agentUpgradePolicyStatus":{"status":"successful","endTime":"2022-05-24T12:02:00Z",
            "upgradedVersions":{"configVersion":"1.0.0","certVersion":"1.0.0","softwareVersion":"2.30.0"},
            "startTime":"2022-05-24T12:01:00Z","scheduledTime":"2022-05-24T12:00:00Z"}}}
            """
        let expected = """
            {
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


            """
        let outcome = uplift("nmstatus", "ls", "-l", replies: [list: [.answer(200, body)]])
        #expect(outcome.output == expected)
    }

    @Test func `what probes found is a table, a policy each, and nothing in it acts on the terminal`() {
        let body = """
            {"o/b":{"agentUpgradePolicyStatus":{"status":"waiting"},"x-uplift":{}},
            "o/a":{"agentUpgradePolicyStatus":{"status":"rollback successful"},"x-uplift":{"health":{"job":"1","before":[],"trial":[
            {"name":"readiness","verdict":"passed","sentence":"it answered","at":"2026-01-01T00:00:02Z","seconds":2.5},
            {"name":"10-\\u001b[2J","verdict":"failed","sentence":"exit 3","at":"2026-01-01T00:00:04Z","seconds":0}]}}}}
            """
        let outcome = uplift("nmstatus", "health", replies: [list: [.answer(200, body)]])
        #expect(
            outcome.output == """
                o/a: rollback successful
                  PROBE         RESULT  SECONDS  ENDED                 FOUND
                  readiness     passed  2.5      2026-01-01T00:00:02Z  it answered
                  10-\\u{1b}[2J  failed  0.0      2026-01-01T00:00:04Z  exit 3
                o/b: waiting
                  no results are kept

                """)
        #expect(outcome.code == 0)
        #expect(uplift("nmstatus", "health", "o/a", replies: [list + "/o/a": [.answer(404, "{}")]]).errors.hasPrefix("Note: "))
    }

    @Test func `a policy that the agent does not know is an empty list, and the reason stands beside it`() {
        let missing = #"{"error":"The nmp x cannot be found","input":"management"}"#
        let outcome = uplift("nmstatus", "list", "x", replies: [list + "/x": [.answer(404, missing)]])
        #expect(outcome.output == "{}\n\n")
        #expect(outcome.errors == "Note: The nmp x cannot be found\n")
        #expect(outcome.code == 0)
    }

    @Test(arguments: [
        ("..", "/%2E%2E"), (".", "/%2E"), ("o/..", "/o/%2E%2E"), ("a?b#c", "/a%3Fb%23c"), ("\u{1b}[31m", "/%1B%5B31m"),
        (String(repeating: "n", count: 300), "/" + String(repeating: "n", count: 300)), ("%2e%2e", "/%252e%252e"), ("o/a b", "/o/a%20b"),
    ])
    func `odd names stay one segment of the URL`(name: String, path: String) {
        let outcome = uplift("nmstatus", "list", name, replies: [list + path: [.answer(200, "{}")]])
        #expect(outcome.lines == [list + path])
        #expect(outcome.code == 0)
    }

    @Test(arguments: ["a/b/c", "/", "o/", "/n", "", "../../node"])
    func `names that are no names are refused before anything is asked`(name: String) {
        let outcome = uplift("nmstatus", "list", name)
        #expect(outcome.code == 1)
        #expect(outcome.calls.isEmpty)
    }

    @Test func `control characters of the agent's answer do not reach the terminal`() {
        let body = #"{"o/a\u001b[2J":{"agentUpgradePolicyStatus":{"status":"x\u009by"}}}"#
        let outcome = uplift("nmstatus", "list", replies: [list: [.answer(200, body)]])
        #expect(outcome.output == "{\n  \"o/a\\u001b[2J\": \"x\\u009by\"\n}\n\n")
    }

    @Test func `reset of one policy says so after the agent did it`() {
        let line = "PUT http://localhost/nodemanagement/reset/o/a"
        let done = uplift("nmstatus", "reset", "o/a", replies: [line: [.answer(201, "\"Updated status for NMP o/a.\"")]])
        #expect(done.output == "The following node management policy will be re-evaluated: o/a.\n")
        let refused = uplift("nmstatus", "reset", "o/a", replies: [line: [.answer(409, #"{"error":"an upgrade is on trial","input":""}"#)]])
        #expect(refused.output == "")
        #expect(refused.errors == "Error: bad HTTP code 409 from \(line): an upgrade is on trial\n")
        #expect(refused.code == 5)
    }

    @Test(arguments: [
        (#"{"o/a":{}}"#, "The following node management policy will be re-evaluated: o/a.\n"),
        (#"{"o/b":{},"o/a":{}}"#, "The following node management policies will be re-evaluated: o/a,o/b.\n"),
        ("{}", "The following node management policies will be re-evaluated: .\n"),
    ])
    func `reset of all names them`(statuses: String, text: String) {
        let replies: [String: [FakeHTTP.Reply]] = [
            list: [.answer(200, statuses)], "PUT http://localhost/nodemanagement/reset": [.answer(201, "\"ok\"")],
        ]
        #expect(uplift("nmstatus", "reset", replies: replies).output == text)
    }

    @Test func `reset of a node without policies changes nothing`() {
        let outcome = uplift("nmstatus", "reset", replies: [list: [.answer(404, "{}")]])
        #expect(outcome.output == "No node management policy for this node.\n")
        #expect(outcome.lines == [list])
        #expect(outcome.code == 0)
    }

    @Test func `an agent that does not answer is an error with a remedy`() {
        let outcome = uplift("nmstatus", "list", replies: [list: [.failure(.connect)]])
        #expect(outcome.code == 5)
        #expect(outcome.errors.contains("Is the agent, upliftd, running? its socket is /nowhere/run/uplift/agent.sock"))
    }

    @Test func `a name with a line end forges no line`() {
        let replies: [String: [FakeHTTP.Reply]] = [
            list: [.answer(200, #"{"o/a\nb":{}}"#)], "PUT http://localhost/nodemanagement/reset": [.answer(201, "\"ok\"")],
        ]
        let outcome = uplift("nmstatus", "reset", replies: replies)
        #expect(outcome.output == "The following node management policy will be re-evaluated: o/a\\u{a}b.\n")
    }

    @Test func `a socket that this user may not open is told from an agent that is away`() throws {
        let scratch = try Scratch()
        let (root, socket) = (scratch.path, try scratch.write("run/uplift/agent.sock", ""))
        for folder in ["", "/run", "/run/uplift"] { #expect(chmod(root + folder, 0o755) == 0) }
        let replies: [String: [FakeHTTP.Reply]] = [list: [.failure(.connect)], "GET http://h/nodemanagement/status": [.failure(.connect)]]
        func outcome(_ mode: mode_t, _ environment: [String: String] = [:]) throws -> Outcome {
            #expect(chmod(socket, mode) == 0)
            return try withoutPrivileges { uplift("nmstatus", "list", "--root", root, replies: replies, environment: environment) }
        }
        let denied = try outcome(0)
        #expect(denied.errors.hasSuffix(" may not open the agent's socket \(socket); run this as root, or join group uplift\n"))
        #expect(denied.code == 4)
        let away = try outcome(0o666)
        #expect(away.errors.contains("Is the agent, upliftd, running?"))
        #expect(away.code == 5)
        #expect(try outcome(0, ["HORIZON_URL": "http://h"]).errors.contains("HORIZON_URL is http://h"))
        withExtendedLifetime(scratch) {}
    }

    @Test func `HORIZON_URL replaces the socket`() {
        let outcome = uplift(
            "nmstatus", "list", replies: ["GET http://127.0.0.1:8510/nodemanagement/status": [.answer(200, "{}")]],
            environment: ["HORIZON_URL": "http://127.0.0.1:8510"])
        #expect(outcome.output == "{}\n\n")
        #expect(outcome.calls.first?.socket == nil)
    }

    @Test(arguments: ["not json", "[1]", #"{"o/a":"#])
    func `an answer that is not the JSON it should be is exit code 3`(body: String) {
        #expect(uplift("nmstatus", "list", replies: [list: [.answer(200, body)]]).code == 3)
    }
}
