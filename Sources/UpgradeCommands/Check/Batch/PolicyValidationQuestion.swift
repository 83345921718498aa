import UpgradeWire

/// `cli_nmp_validate`: `valid` or `invalid`, as `hzn` says it.
struct PolicyValidationQuestion: BatchQuestion {
    let nmp: JSONValue

    var answer: BatchAnswer { .value(OpenHorizonPolicyRule.isValid(nmp) ? "valid" : "invalid") }

    var details: [String: JSONValue] {
        [
            "hasNoConstraints": .bool(!OpenHorizonPolicyRule.namesAny("constraints", in: nmp)),
            "hasNoPatterns": .bool(!OpenHorizonPolicyRule.namesAny("patterns", in: nmp)),
        ]
    }
}
