import UpgradeModel

/// The kinds of steps, faults, expectations and sick builds: one row each.
enum ScenarioWords {
    static let steps: [LanguageWord<ScenarioStep.Deed>] = [
        .init("publish", "A management policy, new or changed, with its manifest.") { .publish(rollout($0)) },
        .init(
            "publish-files",
            "A management policy and its manifest, as the JSON files say that `uplift exchange nmp add` and `uplift nm manifest add` take."
        ) {
            .publishDocuments(
                RolloutDocuments(
                    name: $0.need("publish-files", .name, "Its name."),
                    policy: $0.need("policy-file", .policyFile, "The policy's file."),
                    manifest: $0.need("manifest-file", .manifestFile, "The manifest's file.")))
        },
        .init("disable", "A policy is switched off.") { .disable(policy: $0.need("disable", .policy, "Its name.")) },
        .init("remove", "A policy is removed.") { .remove(policy: $0.need("remove", .policy, "Its name.")) },
        .init("reset", "The statuses of a policy are reset.") {
            .reset(policy: $0.need("reset", .policy, "Its name."), who: who($0))
        },
        .init("replace", "Other bytes, well signed, lie at the hub under a version from now on.") {
            .replace(software: $0.need("replace", .knownVersion, "The version."))
        },
        .init("hold", "Nodes are held.") { .hold($0.need("hold", .nodes, "Which.")) },
        .init("unhold", "The hold is lifted.") { .unhold($0.need("unhold", .nodes, "On which nodes.")) },
        .init("unregister", "Nodes are unregistered, as soon as they let it happen.") {
            .unregister($0.need("unregister", .nodes, "Which."))
        },
    ]

    private static func who(_ fields: Fields) -> Share { fields.take("on", .nodes, "On which nodes.", else: .part(1)) }

    private static func rollout(_ fields: Fields) -> Rollout {
        var rollout = Rollout(
            policy: fields.need("publish", .name, "Its name."),
            software: fields.take("software", .software, "Software that its manifest asks for.", else: ""))
        rollout.configuration = fields.take("configuration", .version, "Configuration that it asks for.", else: "")
        rollout.certificate = fields.take("certificate", .version, "Certificate that it asks for.", else: "")
        rollout.constraints = fields.take("constraints", .list(of: .constraint), "Which nodes it concerns; none = all.", else: [])
        rollout.start = fields.maybe("start", .time, "When it starts, from the run's beginning; left out = at once.")
        rollout.window = fields.take("window", .time, "Over how long starts are spread.", else: .zero)
        rollout.allowsDowngrade = fields.take("downgrade", .flag, "Whether lower versions may be installed.", else: false)
        fields.needOne(of: "software", "configuration", "certificate")
        return rollout
    }

    static let expectations: [LanguageWord<FleetExpectation>] = [
        .init("status", "How many nodes say a word.") { fields in
            let status = fields.need("status", .status, "The word.")
            let policy = fields.need("policy", .policy, "For which policy.")
            let (least, most) = bounds(fields)
            return .status(
                policy: policy, status, atLeast: least, atMost: most, by: fields.maybe("by", .moment, "When; left out = at the end."))
        },
        .init("version", "How many nodes run a version at the end.") { fields in
            let version = fields.need("version", .knownVersion, "The version.")
            let (least, most) = bounds(fields)
            return .version(version, atLeast: least, atMost: most)
        },
        .init("configuration", "How many nodes have a configuration at the end.") { file(.configuration, "configuration", $0) },
        .init("certificate", "How many nodes have a certificate at the end.") { file(.certificate, "certificate", $0) },
        .init("happened", "On how many nodes something happened.") { fields in
            let text = fields.need("happened", .anyText, "Part of a line of their traces.")
            let (least, most) = bounds(fields)
            return .happened(text, atLeast: least, atMost: most)
        },
        .init("faults", "How often faults had an effect.") {
            .faults(atLeast: $0.need("faults", .count(1...1_000_000_000), "At least so often, in all."))
        },
        .init("requests", "What reaches the hub.") {
            .requests(atMost: $0.need("requests", .count(0...1_000_000_000), "At most so many in the whole run."))
        },
        .init("requests-per-second", "What reaches the hub.") {
            .requestsPerSecond(atMost: $0.need("requests-per-second", .count(0...1_000_000), "At most so many in any second."))
        },
        .init("bytes", "What the whole fleet fetches.") { .bytes(atMost: $0.need("bytes", .bytes, "At most.")) },
        .init("down", "Nodes without an agent because of upgrades.") {
            .down(atMost: $0.need("down", .count(0...1_000_000), "At most so many at once."))
        },
        .init("down-in-group", "The same within one high-availability group.") {
            .downInGroup(atMost: $0.need("down-in-group", .count(0...1000), "At most so many at once."))
        },
        .init("unwell", "Nodes whose committed version dies by itself, or reaches no hub. Without this none may be.") {
            .unwell(atMost: $0.need("unwell", .count(0...1_000_000), "At most so many at the end."))
        },
    ]

    private static func file(_ component: Component, _ key: String, _ fields: Fields) -> FleetExpectation {
        let version = fields.need(key, .version, "Its version.")
        let (least, most) = bounds(fields)
        return .file(component, version: version, atLeast: least, atMost: most)
    }

    /// All of them, unless somebody says otherwise.
    private static func bounds(_ fields: Fields) -> (Double, Double) {
        let (least, most) = (
            fields.maybe("at-least", .share, "Of the nodes concerned; 100% when neither is given."),
            fields.maybe("at-most", .share, "Of the nodes concerned.")
        )
        let bounds = (least: least ?? (most == nil ? 1 : 0), most: most ?? 1)
        if bounds.least > bounds.most {
            fields.note("at-least", "this is more than 'at-most', \(Unit.share(bounds.most)): no run could pass")
        } else if bounds == (0, 1) {
            fields.note(least == nil ? "at-most" : "at-least", "every run would pass; expected a bound that can be missed")
        }
        return bounds
    }
}

extension Form where Value == Build.Sickness {
    /// How a program is sick; the words are the enum's.
    static let sickness = word("sickness", Build.Sickness.allCases.map { ($0.rawValue, $0) }, example: .exits)
}

extension Form where Value == Build.Damage {
    /// How a package is damaged; the words are the enum's.
    static let damage = word("damage", Build.Damage.allCases.map { ($0.rawValue, $0) }, example: .corrupt)
}

extension Form where Value == Build.Trap {
    /// What a package holds to do harm; the words are the enum's.
    static let trap = word("trap", Build.Trap.allCases.map { ($0.rawValue, $0) }, example: .parent)
}
