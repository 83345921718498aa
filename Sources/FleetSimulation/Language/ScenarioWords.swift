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
            .reset(policy: $0.need("reset", .policy, "Its name."), who: $0.take("on", .nodes, "On which nodes.", else: .part(1)))
        },
    ]

    private static func rollout(_ fields: Fields) -> Rollout {
        var rollout = Rollout(
            policy: fields.need("publish", .name, "Its name."),
            software: fields.need("software", .software, "What its manifest asks for."))
        rollout.constraints = fields.take("constraints", .list(of: .constraint), "Which nodes it concerns; none = all.", else: [])
        rollout.start = fields.maybe("start", .time, "When it starts, from the run's beginning; left out = at once.")
        rollout.window = fields.take("window", .time, "Over how long starts are spread.", else: .zero)
        rollout.allowsDowngrade = fields.take("downgrade", .flag, "Whether lower versions may be installed.", else: false)
        return rollout
    }

    static let faults: [LanguageWord<Fault.Kind>] = [
        .init("kill", "The agent is killed, an installer too.") { _ in .kill },
        .init("power-cut", "The power goes and comes back; what was not synced may be gone.") {
            .powerCut(back: $0.take("back", .time, "How long it is away.", else: .seconds(60)))
        },
        .init("kill-at-operation", "Killed in the middle of what is written from then on.") { .killAtOperation(operation($0)) },
        .init("cut-at-operation", "The power goes there.") { .cutAtOperation(operation($0)) },
        .init("partition", "No call gets through, for the whole time.") { _ in .partition },
        .init("hub-answers", "The hub answers every call with one status, for the whole time.") {
            .hubAnswers($0.need("status", .count(300...599), "HTTP status."))
        },
        .init("clock-jump", "Somebody sets the clock.") { .clockJump($0.need("by", .offset, "How far.")) },
        .init("disk-full", "The disk is full, for the whole time.") {
            .diskFull(free: $0.take("free", .bytes, "What is left on it.", else: 0))
        },
    ]

    private static func operation(_ fields: Fields) -> Int {
        fields.need("operation", .count(1...1_000_000), "The number of the operation on the disk that does not happen any more.")
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
    ]

    /// All of them, unless somebody says otherwise.
    private static func bounds(_ fields: Fields) -> (Double, Double) {
        let (least, most) = (
            fields.maybe("at-least", .share, "Of the nodes concerned; 100% when neither is given."),
            fields.maybe("at-most", .share, "Of the nodes concerned.")
        )
        return (least ?? (most == nil ? 1 : 0), most ?? 1)
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
