import UpgradeModel

extension HandbookPages {
    /// `OperationStatus.md`.
    /// - Parameters:
    ///   - document: the source of `OperationDocument`.
    ///   - operation: that of `Operation`.
    static func operationStatus(document: SwiftSource, operation: SwiftSource) throws -> String {
        let activities = try Operation.Activity.allCases.map { "| `\($0.rawValue)` | \(try comment(on: $0.rawValue, in: operation)) |" }
        let stages = try Operation.Stage.allCases.map { stage in
            let status = Operation(id: "", .poll, begun: UTCInstant(secondsSinceEpoch: 0), stage).succeeded.map { $0 ? "`ok`" : "`error`" }
            return "| `\(stage.rawValue)` | \(status ?? "null") | \(try comment(on: stage.rawValue, in: operation)) |"
        }
        return """
            # Operation status

            What the agent did, does and waits to do: one record for each piece of work. The tables of this page are made from the types; a
            test compares them.

                uplift opstatus list --last 20 --status error     # also --activity, --type, --policy, --since, --until, --latest, --json
                uplift opstatus show ID
                uplift opstatus export --last 500 --output FILE   # for support: JSON, an object on each line
                uplift opstatus dump FILE                         # all of it, before the node is unregistered
                uplift opstatus purge

            The same over the local API: `GET /opstatus` with the same filters, `last` (at most 500) and `below`, which the page before tells;
            `GET /opstatus/latest`, the newest record of each activity; `GET /opstatus/ID`; `POST /opstatus/purge` on the socket.

            \(whenOperationsAreWritten)

            ## A record

            \(try FieldTable("OperationDocument", in: document, names: ["id": "_id"]).text)

            `context`:

            \(try FieldTable("Context", in: document).text)

            `stats`:

            \(try FieldTable("Statistics", in: document).text)

            `_id`, `activity`, `status` and `type` of records of other systems may hold other words. An agent writes these, and the hub `monitor`, `backup` and `purge`:

            | activity | what |
            |---|---|
            \(activities.joined(separator: "\n"))

            | type | status | when |
            |---|---|---|
            \(stages.joined(separator: "\n"))

            \(howLongOperationsStay)

            \(whatTheHubKnows)

            """
    }

    private static let whenOperationsAreWritten = """
        ## When a record is written

        A step of a job commits its change of state and the records that tell of it in one transaction, so that neither is there without
        the other. Work of an attempt is written when it is queued, begins, ends, fails or is given up, each time in the place of what was
        written before; all else once, at its end. What the installer does is known from its journal: those records come when the agent
        reads it, with the times of the journal. Bytes are held against digest and signature while they come, so `verify` takes the time of
        its download. How far a running download is, `worker_progress`, is looked up in its folder when somebody asks.

        A poll is written only when it is news: the first one that is answered, one that brings something, the third in a row that fails,
        and the next one that is answered. `selftest`, once an hour, is written when it finds something else than the last time: too little
        free disk, a hub that is away, rows that it refused. An idle node writes nothing.
        """

    private static let howLongOperationsStay = """
        ## How long it stays

        `expire_at` is the moment of writing, or `time` if that is later, and `purge_opstatus_after`, 60 days, or the age of its activity
        (<doc:Settings>). The purge runs once an
        hour beside the polls, removes a little in each transaction, and is a record itself when it removed something. What has not ended
        is never removed. Beside that the newest writings count, `opstatus-rows-max`. Unregistering removes all.

            packaging/bench opstatus      # lists, commits and purges with a million records
        """

    private static let whatTheHubKnows = """
        ## What the hub knows

        `uplift-exchange` asks the nodes for it: `selfReport` in its answer to a poll. The node then tells, in one request beside the poll, how
        it is (<doc:NodeHealth>; the first 100 jobs) and the records written since it told them last, at most 100, the rest with the next polls.
        What does not arrive is told again, after everything else that the hub is owed; what the hub refuses with 400 or 413 is not. A node on
        trial tells nothing. Other exchanges never ask and are never told.

            uplift opstatus list --node ORG/NODE       # what a node told, as an administrator; also hub, or all
            uplift opstatus export --node all --status error --last 500

        The hub keeps 500 records of each node, those that have not ended and then the newest, and 500 of each activity of its own, for 60 days
        by its own clock. What it knows of a node goes when the node is unregistered or deleted. `node_uuid` is the node that told it, whatever
        the record said. It is `GET admin/opstatus` with the filters above and `node`.
        """

    /// `NodeHealth.md`.
    /// - Parameters:
    ///   - document: the source of `NodeHealthDocument`.
    ///   - metrics: what an agent tells Prometheus.
    static func nodeHealth(document: SwiftSource, metrics: SwiftSource) throws -> String {
        """
        # Health of a node

        What an agent says of itself, to people, monitors and Prometheus. Nobody is asked for an answer: all of it is what the agent knows and
        the kernel says at that moment. The tables of this page are made from the source; a test compares them.

            curl --unix-socket /run/uplift/agent.sock http://localhost/ping
            curl --unix-socket /run/uplift/agent.sock http://localhost/getStatus
            curl http://127.0.0.1:8510/metrics

        These are reads: the socket and the TCP port of the local API answer them.

        ## ping

        \(try FieldTable("PingDocument", in: document).text)

        ## getStatus

        \(try FieldTable("NodeHealthDocument", in: document).text)

        `machine`:

        \(try FieldTable("Machine", in: document).text)

        `work`:

        \(try FieldTable("Work", in: document).text)

        Each of `jobs`:

        \(try FieldTable("Job", in: document).text)

        ## Metrics

        `GET /metrics` in the text format of Prometheus; `promtool check metrics` takes it. Counters begin at 0 with each start of the agent.
        Values of labels that come from outside are escaped. `packaging/alerts.yml` is an example of rules.

        | metric | kind | meaning |
        |---|---|---|
        \(HandbookPages.metrics(in: metrics).joined(separator: "\n"))

        """
    }

    /// The calls that add a metric, each with name, kind and help; they may be broken over two lines.
    static func metrics(in source: SwiftSource) -> [String] {
        let text = source.lines.map { $0.drop { $0 == " " } }.joined(separator: " ")
        return text.matches(of: /text\.add\( ?"([a-z_]+)", \.(gauge|counter), "([^"]+)"/).map { match in
            "| `\(match.output.1)` | \(match.output.2) | \(match.output.3) |"
        }
    }
}
