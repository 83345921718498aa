import Testing
import UpgradePorts

@Suite struct UsageTests {
    @Test(arguments: [
        ["bogus"], ["nmstatus", "list", "--bogus"], ["key", "create"], ["exchange", "nmp", "add", "x"], ["nmstatus", "list", "a", "b"],
    ])
    func `mistakes of usage are exit code 1`(arguments: [String]) {
        let outcome = uplift(arguments)
        #expect(outcome.code == 1)
        #expect(outcome.errors.hasPrefix("Error: "))
        #expect(outcome.output == "")
    }

    @Test(arguments: [
        ["--help"], ["nmstatus", "--help"], ["nm", "af", "add", "--help"], ["help", "register"], ["--version"], ["exchange"],
    ])
    func `help and version are answers`(arguments: [String]) {
        let outcome = uplift(arguments)
        #expect(outcome.code == 0)
        #expect(!outcome.output.isEmpty)
        #expect(outcome.errors == "")
    }

    @Test func `settings come from the environment, then from etc/uplift, then from etc/default/horizon`() throws {
        let scratch = try Scratch()
        try scratch.write("etc/default/horizon", "HZN_EXCHANGE_URL=http://a/v1\nHZN_ORG_ID=file\nHZN_EXCHANGE_USER_AUTH=\"f:pw\"\n")
        try scratch.write("etc/uplift/10.conf", "HZN_ORG_ID=conf\n")
        try scratch.write("etc/uplift/ignored.txt", "HZN_ORG_ID=wrong\n")
        let unset = ["HZN_EXCHANGE_URL": "", "HZN_ORG_ID": "", "HZN_EXCHANGE_USER_AUTH": ""]
        let list = { (more: [String], environment: [String: String], line: String) in
            uplift(
                ["ex", "nmp", "ls", "--root", scratch.path] + more, replies: [line: [.answer(404, "{}")]],
                environment: unset.merging(environment) { _, new in new })
        }
        let files = list([], [:], "GET http://a/v1/orgs/conf/managementpolicies")
        #expect(files.calls.map(\.user) == ["conf/f:pw"])
        #expect(list([], ["HZN_ORG_ID": "env"], "GET http://a/v1/orgs/env/managementpolicies").code == 0)
        #expect(list(["-o", "flag"], ["HZN_ORG_ID": "env"], "GET http://a/v1/orgs/flag/managementpolicies").code == 0)
    }

    @Test func `what is not set is named`() {
        let unset = ["HZN_EXCHANGE_URL": "", "HZN_ORG_ID": "", "HZN_EXCHANGE_USER_AUTH": ""]
        #expect(uplift("ex", "nmp", "ls", environment: unset).errors.contains("-u USER:PW"))
        #expect(uplift("ex", "nmp", "ls", "-u", "a:pw", environment: unset).errors.contains("HZN_ORG_ID"))
        #expect(uplift("ex", "nmp", "ls", "-u", "o/a:pw", "-o", "o", environment: unset).errors.contains("HZN_EXCHANGE_URL"))
        #expect(uplift("ex", "nmp", "ls", "-o", "a/b").code == 1)
        #expect(uplift("ex", "nmp", "ls", "-o", "").code == 1)
    }

    @Test func `options of a group may stand before its commands`() {
        let line = "GET http://hub/v1/orgs/x/managementpolicies"
        let outcome = uplift(
            "--root", "/elsewhere", "exchange", "-o", "x", "-u", "a:pw", "nmp", "list", replies: [line: [.answer(404, "{}")]])
        #expect(outcome.output == "[]\n")
        #expect(outcome.calls.map(\.user) == ["x/a:pw"])
    }

    @Test func `secrets that a server repeats are not shown`() {
        let line = "GET http://hub/v1/orgs/o/managementpolicies"
        let outcome = uplift("ex", "nmp", "ls", replies: [line: [.answer(400, "you said o/u:secret-pw\u{1b}[31m")]])
        #expect(outcome.errors == "Error: bad HTTP code 400 from \(line), output: you said o/u:***\\u{1b}[31m\n")
        #expect(outcome.code == 5)
    }

    @Test func `credentials in an address are not shown`() {
        let outcome = uplift(
            "ex", "nmp", "ls", replies: ["GET http://me:hidden@hub/v1/orgs/o/managementpolicies": [.failure(.connect)]],
            environment: ["HZN_EXCHANGE_URL": "http://me:hidden@hub/v1"])
        #expect(outcome.code == 5)
        #expect(!outcome.errors.contains("hidden"))
    }

    @Test(arguments: [("o", "..", "orgs/o/managementpolicies/%2E%2E"), ("..", "x", "orgs/%2E%2E/managementpolicies/x")])
    func `odd organizations and names stay segments`(org: String, name: String, path: String) {
        let outcome = uplift("ex", "nmp", "ls", "-o", org, name, replies: ["GET http://hub/v1/\(path)": [.answer(404, "{}")]])
        #expect(outcome.code == 8)
    }
}
