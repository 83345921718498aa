import Testing
import UpgradeCore
import UpgradeModel

/// The order of properties counts for nothing. The first property of a name decides, so no two of these have the same name.
@Suite struct MatchOrderTests {
    private static let names = ["a", "b", "c", "inside", "pin", "openhorizon.cpu"]
    private static let operands = ["x", "5", "true", "\"x, y\"", "1.0.0", "[1.0.0,2.0.0)", "\"5\""]

    private func value(_ generator: inout SeededGenerator) -> (PropertyValue, String?) {
        let values: [(PropertyValue, String?)] = [
            (.string("x"), nil), (.string("x, y"), "list of strings"), (.string("1.5.0"), "version"), (.string("1.0.0"), nil),
            (.number(5), "int"), (.number(0.5), nil), (.bool(true), nil), (.bool(false), "boolean"), (.other, nil),
        ]
        return values.randomElement(using: &generator) ?? (.other, nil)
    }

    private func properties(_ generator: inout SeededGenerator) -> [Property] {
        Self.names.shuffled(using: &generator).prefix(.random(in: 1...6, using: &generator)).map { name in
            let (value, type) = value(&generator)
            return Property(name: name, value: value, type: type)
        }
    }

    private func constraints(_ generator: inout SeededGenerator) -> [String] {
        guard !generator.happens(30) else { return [] }
        let comparisons = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
            let name = Self.names.randomElement(using: &generator) ?? ""
            let sign = ["==", "!=", "in", ">=", "=<"].randomElement(using: &generator) ?? ""
            return "\(name) \(sign) \(Self.operands.randomElement(using: &generator) ?? "")"
        }
        return [comparisons.joined(separator: [" || ", " && "].randomElement(using: &generator) ?? "")]
    }

    @Test func shufflingPropertiesChangesNothing() {
        var generator = SeededGenerator(seed: 11)
        var (matches, misses) = (0, 0)
        for _ in 0..<3_000 {
            var node = NodePolicy.Part(properties: properties(&generator), constraints: constraints(&generator))
            var policy = NodeManagementPolicy(
                id: PolicyID(org: "o", name: "p"), properties: properties(&generator), constraints: constraints(&generator))
            let verdict = MatchRule.verdict(policy: policy, node: node, nodePattern: "")
            if verdict == .matches { matches += 1 } else { misses += 1 }
            node.properties.shuffle(using: &generator)
            policy.properties.shuffle(using: &generator)
            #expect(MatchRule.verdict(policy: policy, node: node, nodePattern: "") == verdict, "\(policy) \(node)")
        }
        #expect(matches > 50 && misses > 50)
    }

    @Test func shufflingBothPartsOfANodePolicyGivesTheSameProperties() {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<1_000 {
            let policy = NodePolicy(top: .init(properties: properties(&generator)), management: .init(properties: properties(&generator)))
            var shuffled = policy
            shuffled.top.properties.shuffle(using: &generator)
            shuffled.management.properties.shuffle(using: &generator)
            let (left, right) = (EffectivePolicyRule.effective(policy), EffectivePolicyRule.effective(shuffled))
            #expect(Set(left.properties) == Set(right.properties) && left.properties.count == right.properties.count)
        }
    }
}
