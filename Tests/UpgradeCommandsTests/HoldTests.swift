import Testing
import UpgradePorts

@Suite struct HoldTests {
    private let address = "http://localhost/nodemanagement/hold"
    private let held = #"{"held":true,"by":"ann (uid 0)","since":"2026-01-01T00:00:00Z","reason":"stock\u001btaking"}"#

    @Test func `who and why go to the agent, and its answer is told`() {
        let outcome = uplift(
            "hold", "-r", "stocktaking", replies: ["PUT \(address)": [.answer(201, held)]], environment: ["SUDO_USER": "ann"])
        #expect(outcome.body("PUT \(address)") == #"{"by":"ann","reason":"stocktaking"}"#)
        #expect(outcome.calls.first?.socket == "/nowhere/run/uplift/agent.sock")
        #expect(outcome.output == "This node is held by ann (uid 0): no upgrade begins until `uplift unhold`.\n")
        #expect(outcome.code == 0 && outcome.errors == "")
    }

    @Test func `what the installer has already is named`() {
        let body = #"{"held":true,"by":"ann (uid 0)","since":"2026-01-01T00:00:00Z","goesOn":"o/p"}"#
        let outcome = uplift("hold", replies: ["PUT \(address)": [.answer(201, body)]])
        #expect(outcome.errors == "Note: The upgrade of o/p is in the installer's hands and goes on.\n")
        #expect(outcome.body("PUT \(address)")?.contains(#""reason":"""#) == true)
    }

    @Test func `on trial it is refused with the agent's reason`() {
        let refused = #"{"error":"an upgrade is on trial","input":"management"}"#
        for (verb, method) in [("hold", "PUT"), ("unhold", "DELETE")] {
            let outcome = uplift(verb, replies: ["\(method) \(address)": [.answer(409, refused)]])
            #expect(outcome.code == 5 && outcome.output == "")
            #expect(outcome.errors.contains("an upgrade is on trial"))
        }
    }

    @Test func `unhold says whose hold it was`() {
        let outcome = uplift("unhold", replies: ["DELETE \(address)": [.answer(200, held)]])
        #expect(
            outcome.output
                == "This node was held by ann (uid 0) since 2026-01-01T00:00:00Z (stock\\u{1b}taking) and is free now.\n")
        let free = uplift("unhold", replies: ["DELETE \(address)": [.answer(200, #"{"held":false}"#)]])
        #expect(free.output == "This node was not held.\n" && free.code == 0)
    }
}
