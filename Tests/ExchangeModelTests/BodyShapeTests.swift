import ExchangeModel
import Testing
import UpgradeWire

@Suite struct BodyShapeTests {
    private static let shape: BodyShape = .object([
        "text": .text, "number": .integer, "flag": .flag, "list": .list(.text), "map": .map(.text), "any": .anything,
        "inner": .object(["text": .text]),
    ])

    @Test(
        arguments: [
            [:],
            ["text": "a", "number": 5, "flag": true, "list": ["a"], "map": ["x": "y"], "any": [1, ["b": nil]], "inner": ["text": "b"]],
            ["text": nil, "inner": nil, "list": [], "map": ["x": nil]],
        ] as [JSONValue])
    func taken(body: JSONValue) throws {
        try Self.shape.check(body)
    }

    @Test(
        arguments: [
            ([], "request body"), (["other": 1], "other"), (["inner": ["other": 1]], "inner.other"), (["text": 1], "text"),
            (["number": 1.5], "number"), (["number": "1"], "number"), (["flag": "true"], "flag"), (["list": [1]], "list[0]"),
            (["list": [nil]], "list[0]"), (["map": ["x": 1]], "map.x"), (["inner": "x"], "inner"),
        ] as [(JSONValue, String)])
    func refused(body: JSONValue, path: String) {
        let refusal = #expect(throws: Refusal.self) { try Self.shape.check(body) }
        #expect(refusal?.status == 400)
        #expect(refusal?.message.contains("'\(path)'") == true || refusal?.message.contains(path) == true)
    }

    /// Server-only keys and keys that only the agent knows are refused. Source: contract 0.4.
    @Test(arguments: ["owner", "lastUpdated", "created", "agentImagePolicy", "duration"])
    func aManagementPolicyTakesNoOtherKey(key: String) {
        #expect(throws: Refusal.self) { try BodyShape.managementPolicy.check(.object(["label": "l", key: "x"])) }
    }

    @Test(arguments: ["lastUpdated", "workingDirectory", "k8s", "agentUpgradeInternal"])
    func aStatusTakesNoOtherKey(key: String) {
        let status: JSONValue = .object(["scheduledTime": "t", key: "x"])
        #expect(throws: Refusal.self) { try BodyShape.managementStatus.check(["agentUpgradePolicyStatus": status]) }
        #expect(throws: Refusal.self) { try BodyShape.managementStatus.check(.object(["agentUpgradePolicyStatus": [:], key: "x"])) }
    }

    /// What our own client sends is what the hub takes.
    @Test func ourDocumentsFit() throws {
        let node: JSONValue = ["token": "t", "name": "n", "heartbeatIntervals": ["minInterval": 1], "registeredServices": [["url": "u"]]]
        try BodyShape.node.check(node)
        try BodyShape.changes.check(["changeId": 1, "maxRecords": 1000])
        try BodyShape.nodePolicy.check(["properties": [["name": "a", "value": ["b"]]], "management": ["constraints": ["c"]]])
    }
}
