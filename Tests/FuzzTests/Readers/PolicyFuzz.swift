import FoundationEssentials
import UpgradeCore
import UpgradeExchange
import UpgradeModel
import UpgradeWire

@testable import UpgradeCommands

/// A management policy from the hub to its verdict and its start, and `check nmp`.
enum PolicyFuzz {
    static let pieces = [
        "\"label\"", "\"description\"", "\"properties\"", "\"constraints\"", "\"patterns\"", "\"enabled\"", "\"start\"", "\"startWindow\"",
        "\"agentUpgradePolicy\"", "\"manifest\"", "\"allowDowngrade\"", "\"lastUpdated\"", "\"name\"", "\"type\"", "\"value\"",
        "\"version\"", "\"list of strings\"", "\"now\"", "\"2026-01-31T02:00:00Z\"", "\"0000-01-01T00:00:00+23:59\"", "[UTC]",
        "\"myorg/pat1\"", "\"a == b\"", "{\"name\":\"a\",\"value\":1},",
    ]

    private static let now = UTCInstant(secondsSinceEpoch: 1_770_000_000)

    /// What a node demands and what it has; nil, as for a node whose policy nobody knows.
    private static let nodes: [NodePolicy.Part?] =
        ConstraintFuzz.nodes.map { NodePolicy.Part(properties: $0) }
        + [NodePolicy.Part(constraints: ["a == b || nmpProp1 == Toronto", "v in [1.0.0,2.0.0)"]), nil]

    static func read(_ input: [UInt8], _ file: String, _ fingerprint: inout Fingerprint) throws -> Bool {
        let review = try PolicyFile.reviewed(file, isForAll: false)
        fingerprint.add(review)
        if let value = review.value { fingerprint.add(OpenHorizonPolicyRule.isValid(value)) }
        guard let document = try? JSONDecoder().decode(NodeManagementPolicyDocument.self, from: Data(input)) else { return false }
        let again = try JSONDecoder().decode(NodeManagementPolicyDocument.self, from: JSONEncoder().encode(document))
        guard again == document else { throw Finding("what was written reads differently: \(document), \(again)") }
        decide(document.model(PolicyID(org: "myorg", name: "policy")), &fingerprint)
        return true
    }

    private static func decide(_ policy: NodeManagementPolicy, _ fingerprint: inout Fingerprint) {
        for node in nodes {
            for pattern in ["", "myorg/pat1"] {
                switch MatchRule.verdict(policy: policy, node: node, nodePattern: pattern) {
                case .matches:
                    guard let node else { continue }
                    for ground in MatchRule.grounds(policy: policy, node: node, nodePattern: pattern) { fingerprint.add(ground) }
                case .doesNotMatch(let obstacles):
                    for obstacle in obstacles { fingerprint.add(obstacle.explanation) }
                }
            }
        }
        for problem in Property.problems(in: policy.properties) { fingerprint.add(problem.explanation) }
        do throws(ScheduleError) {
            fingerprint.add(try ScheduleRule.schedule(of: policy, now: now, chance: .max).rfc3339())
        } catch {
            fingerprint.add(error.explanation)
        }
    }
}

extension Fingerprint {
    /// Every mistake, in its words.
    mutating func add(_ review: ReviewedDocument) {
        // JSON with a number that is too large, or half of a surrogate pair: the decoder tells one of several places, by chance.
        guard review.value != nil || JSONSyntax.fault(in: review.bytes) != nil else { return add(false) }
        for mistake in review.check.mistakes { add(mistake.sentence) }
    }
}
