import ArgumentParser

/// Which records of operation status are wanted.
struct OperationFilter: ParsableArguments {
    @Option(help: ArgumentHelp("Only this kind of work: poll, match, plan, download, install, …", valueName: "word"))
    var activity: String?

    @Option(help: ArgumentHelp("Only what went well (ok) or badly (error).", valueName: "word"))
    var status: String?

    @Option(help: ArgumentHelp("Only queued, running, completed, stopped or exception.", valueName: "word"))
    var type: String?

    @Option(help: ArgumentHelp("Only work for this policy.", valueName: "ORG/NAME"))
    var policy: String?

    @Option(help: ArgumentHelp("Only what was written then or later, as 2026-01-31T02:00:00Z.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only what was written before.", valueName: "time"))
    var until: String?

    /// The same for the agent, which judges the values.
    var query: [(name: String, value: String)] {
        [("activity", activity), ("status", status), ("type", type), ("policy", policy), ("since", since), ("until", until)]
            .compactMap { name, value in value.map { (name, $0) } }
    }
}
