import Testing

@Suite struct RegisterTests {
    private let node = "http://hub/v1/orgs/o/nodes/n1"
    private let unconfigured = FakeHTTP.Reply.answer(200, #"{"id":"x","configstate":{"state":"unconfigured"}}"#)

    private var fresh: [String: [FakeHTTP.Reply]] {
        [
            "GET http://localhost/node": [unconfigured], "GET \(node)": [.answer(404, "{}")],
            "PUT \(node)": [.answer(201, #"{"code":"ok","msg":"node added or updated"}"#)],
            "PUT \(node)/policy": [.answer(201, "{}")], "POST http://localhost/node": [.answer(201, "{}")],
            "PUT http://localhost/node/configstate": [.answer(201, "{}")],
        ]
    }

    @Test func `a missing node is created by the user, then the agent is told`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write("policy.json", #"{"properties":[{"name":"purpose","value":"kiosk"}]}"#)
        let outcome = uplift(
            "register", "-o", "o", "-n", "n1:tok:en", "-u", "adm:pw", "-p", "pat", "--policy", policy, replies: fresh)
        #expect(
            outcome.output == """
                Node o/n1 created in the Exchange.
                Node policy of o/n1 updated in the Exchange.
                The agent knows that it is o/n1.
                Node o/n1 is registered.

                """)
        #expect(outcome.code == 0)
        #expect(
            outcome.lines == [
                "GET http://localhost/node", "GET \(node)", "PUT \(node)", "PUT \(node)/policy", "POST http://localhost/node",
                "PUT http://localhost/node/configstate",
            ])
        #expect(outcome.calls.map(\.user) == [nil, "o/adm:pw", "o/adm:pw", "o/n1:tok:en", nil, nil])
        #expect(
            outcome.body("PUT \(node)")
                == #"{"arch":"amd64","name":"n1","nodeType":"device","pattern":"o/pat","publicKey":"","token":"tok:en"}"#)
        #expect(
            outcome.body("POST http://localhost/node")
                == #"{"id":"n1","name":"n1","nodeType":"device","organization":"o","pattern":"o/pat","token":"tok:en"}"#)
        #expect(outcome.body("PUT http://localhost/node/configstate") == #"{"state":"configured"}"#)
    }

    @Test func `a registered node is left alone`() {
        let body = #"{"id":"n0","organization":"o","configstate":{"state":"configured"}}"#
        let outcome = uplift("register", "-n", "n1:tok", replies: ["GET http://localhost/node": [.answer(200, body)]])
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("already registered as o/n0"))
        #expect(outcome.errors.contains("uplift unregister"))
        #expect(outcome.calls.count == 1)
    }

    @Test func `a node that exists must let its token in`() {
        var replies = fresh
        replies["GET \(node)"] = [.answer(200, "{}"), .answer(401, "{}")]
        let refused = uplift("register", "-n", "n1:tok", "-u", "adm:pw", replies: replies)
        #expect(refused.code == 5)
        #expect(refused.errors.contains("exists with another token"))
        #expect(!refused.lines.contains("POST http://localhost/node"))

        replies["GET \(node)"] = [.answer(200, "{}")]
        let taken = uplift("register", "-n", "n1:tok", "-u", "adm:pw", replies: replies)
        #expect(taken.code == 0)
        #expect(!taken.lines.contains("PUT \(node)"))
    }

    @Test func `without a user a missing node is an error with a remedy`() {
        var replies = fresh
        replies["GET \(node)"] = [.answer(401, "{}")]
        let outcome = uplift("register", "-n", "n1:tok", replies: replies, environment: ["HZN_EXCHANGE_USER_AUTH": ""])
        #expect(outcome.code == 5)
        #expect(outcome.errors.contains("-u USER:PW"))
    }

    @Test func `a failure says what is left and how to undo it`() {
        var replies = fresh
        replies["PUT http://localhost/node/configstate"] = [.answer(500, #"{"error":"no key pair","input":""}"#)]
        let late = uplift("register", "-n", "n1:tok", "-u", "adm:pw", replies: replies)
        #expect(late.code == 5)
        #expect(late.errors.contains("no key pair"))
        #expect(late.errors.contains("To undo that: uplift unregister -f"))
        #expect(late.errors.contains("The node o/n1 stays in the Exchange."))

        replies["PUT \(node)"] = [.answer(403, #"{"code":"access-denied","msg":"no room for tok"}"#)]
        let early = uplift("register", "-n", "n1:tok", "-u", "adm:pw", replies: replies)
        #expect(early.errors == "Error: bad HTTP code 403 from PUT \(node): access-denied, no room for ***\nNothing is left behind.\n")
    }

    @Test func `a policy with mistakes is refused before anything is asked, all at once`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write(
            "p.json", #"{"properties":[{"name":"a","value":"x","type":"int"},{"name":""}],"constraints":["a =="],"propertys":[]}"#)
        let outcome = uplift("register", "-n", "n1:tok", "-u", "adm:pw", "--policy", policy)
        #expect(outcome.code == 1)
        #expect(outcome.calls.isEmpty)
        for word in ["'propertys': is not known", "'properties[0]'", "a property has no name", "constraint 'a =='"] {
            #expect(outcome.errors.contains(word), "\(word)")
        }
        #expect(uplift("register", "-n", "n1:tok", "--policy", try scratch.write("q.json", "{")).code == 3)
        #expect(uplift("register", "-n", "n1:tok", "--policy", scratch.path + "/none").code == 4)
    }

    @Test(arguments: ["n1", "n1:", ":tok", "a/b/c:tok"])
    func `credentials that are none are refused and not repeated`(text: String) {
        let outcome = uplift("register", "-n", text)
        #expect(outcome.code == 1)
        #expect(!outcome.errors.contains("tok"))
    }

    @Test(arguments: [("..", "%2E%2E"), ("a b", "a%20b"), (String(repeating: "n", count: 300), String(repeating: "n", count: 300))])
    func `odd node names stay one segment`(name: String, segment: String) {
        let url = "http://hub/v1/orgs/o/nodes/\(segment)"
        var replies = fresh
        replies["GET \(url)"] = [.answer(404, "{}")]
        replies["PUT \(url)"] = [.answer(201, "{}")]
        #expect(uplift("register", "-n", name + ":tok", "-u", "adm:pw", replies: replies).code == 0)
    }

    @Test func `unregister asks first`() {
        let body = #"{"id":"n1","organization":"o","configstate":{"state":"configured"}}"#
        let replies: [String: [FakeHTTP.Reply]] = [
            "GET http://localhost/node": [.answer(200, body)], "DELETE http://localhost/node": [.answer(204, "")],
        ]
        let question = "Are you sure you want to unregister the node o/n1? [y/N]: "
        let no = uplift("unregister", replies: replies, typed: ["yes"])
        #expect(no.output == question + "Exiting.\n")
        #expect(no.code == 0)
        #expect(no.calls.count == 1)
        let yes = uplift("unregister", replies: replies, typed: ["y"])
        #expect(yes.output == question + "Node o/n1 is unregistered.\n")
        let quick = uplift("unregister", "-f", replies: replies)
        #expect(quick.output == "Node o/n1 is unregistered.\n")
        #expect(quick.errors == "")
        #expect(
            uplift("unregister", "-f", replies: ["GET http://localhost/node": [unconfigured]]).output == "The node is not registered.\n")
    }

    @Test func `unregister passes on what the agent could not do`() {
        let body = #"{"id":"n1","organization":"o","configstate":{"state":"configuring"}}"#
        var replies: [String: [FakeHTTP.Reply]] = [
            "GET http://localhost/node": [.answer(200, body)],
            "DELETE http://localhost/node": [.answer(200, "\"Unregistered. The exchange could not be told: away\"")],
        ]
        let away = uplift("unregister", "-f", replies: replies)
        #expect(away.errors == "Note: Unregistered. The exchange could not be told: away\n")
        #expect(away.code == 0)
        replies["DELETE http://localhost/node"] = [.answer(409, #"{"error":"an upgrade is on trial","input":"node"}"#)]
        let refused = uplift("unregister", "-f", replies: replies)
        #expect(refused.code == 5)
        #expect(refused.errors.contains("an upgrade is on trial"))
        #expect(refused.output == "")
    }
}
