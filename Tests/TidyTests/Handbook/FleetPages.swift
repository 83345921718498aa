extension HandbookPages {
    /// `FleetHealth.md`.
    /// - Parameter document: the source of `FleetReportDocument`.
    static func fleetHealth(document: SwiftSource) throws -> String {
        """
        # Health of a fleet

        How a hub tells which of its nodes are well. The tables of the report are made from the source; a test compares them.

            uplift fleet report          # who is not well, and a line with the counts; --all for everybody, --json for programs
            uplift fleet report --html fleet.html    # also a page with pictures, which needs no network
            uplift fleet watch           # each change as it is found, until interrupted

        \(howNodesAreJudged)

        \(whyBoundsAreLong)

        \(whichNodesAreAsked)

        ## The report

        They ask `GET admin/fleet/report`, as an administrator of an org for its nodes, or of the hub for all. The answer is made of what was found
        last, and nobody is waited for. `?nodes=false` leaves the nodes out, `?after=NUMBER` tells only later changes.

        \(try FieldTable("FleetReportDocument", in: document).text)

        `look`:

        \(try FieldTable("Look", in: document).text)

        Each of `nodes`:

        \(try FieldTable("Node", in: document).text)

        Each of its `figures`, which a node tells that knows how (<doc:OperationStatus>); `GET orgs/{org}/nodes/{node}/health` has all that it told:

        \(try FieldTable("Figure", in: document).text)

        Each of its `jobs`:

        \(try FieldTable("Job", in: document).text)

        Each of `changes`:

        \(try FieldTable("Change", in: document).text)

        \(whatTheReportCosts)

        """
    }

    private static let howNodesAreJudged = """
        ## How nodes are judged

        The hub looks at its registered nodes (those with a public key) every `--watch-interval` seconds (default 60, a tenth more or less), and
        at once when one registers or goes. It asks no node, unless it is told to: it judges by their heartbeats and by what they say of their jobs.

        | State | When |
        |---|---|
        | `ok` | none of the others |
        | `late` | no heartbeat for longer than one longest pause and the slack; or than two, but the node answers a ping, or said `initiated` within `--bound-install`: a new version on trial says nothing |
        | `stalled` | a job says `download started` or `downloaded`, without a reason, for longer than `--bound-download`; or `initiated`, `failed`, `rollback started` or `rollback failed` for longer than `--bound-install` |
        | `unreachable` | no heartbeat for longer than two longest pauses and the slack |
        | `never seen` | no heartbeat ever came |

        The longest pause is `maxInterval` of the node's `heartbeatIntervals`, else of its org's, else 120 s as the agent's own. A node whose
        settings (`poll-interval-max-seconds`) say more than the hub knows is called late too early: set the intervals at the hub. Of several
        states the first of `never seen`, `unreachable`, `stalled`, `late` is told.
        """

    private static let whyBoundsAreLong = """
        ## Bounds

        | Bound | Default | Why no healthy agent with the usual settings outlives it |
        |---|---|---|
        | `--bound-slack` | 100 s | two requests in a row may be lost: 30 s each, and the shortest pause of 20 s behind each |
        | `--bound-download` | 9 d 16 h | 20 tries of at most 8 h, and 72 h of pauses between them; then the job has ended |
        | `--bound-install` | 26 h 30 min | 30 min until the installer begins, at most 24 h that a package gives its health command, 2 h for all else |

        Where a `minInterval` above 20 s is set, a lost request costs as much and the node can be called late. A fleet that gives its agents
        other limits, or whose packages are quick, sets the bounds accordingly: shorter ones find a stuck node earlier. While somebody holds a node,
        its job says why it does not go on: then it waits and is not `stalled`, and the reason of the node's state repeats it.

        A time in which the hub was not there counts for nobody: it lasts from the last heartbeat of any node before the hub's start to that start,
        and for a node that has not spoken since then 300 s longer, because that is how long an agent may back off. A node that was `ok` at the
        last look before a start is awaited from that start on, however often the hub was started. An outage of the network,
        in which the hub runs on, is not seen as one.
        """

    private static let whichNodesAreAsked = """
        ## Asking nodes

        With `--ping-nodes` the hub asks nodes that are `late` or `unreachable` by heartbeat, and whose `msgEndPoint` is an `http://` or `https://`
        URL of up to 256 plain characters, for `msgEndPoint/ping`, which an agent answers (<doc:NodeHealth>) behind whatever lets others reach
        its port. Who answers with its own name runs and cannot reach the hub: from then on it is `late` instead of `unreachable`. The reason says what came
        of it, for ten minutes or four intervals. No look waits for answers: at most 320 nodes are asked behind one, in chance order, 32 at a time and none twice
        within half of `--watch-interval`; each has 5 s and 64 KiB, and redirects are not followed. A healthy fleet is asked nothing.

        A node chooses the address. Who has the token of one can make the hub's machine send a GET to any address that it reaches, also inside
        of your network and on the machine itself; what comes back is not shown, but administrators see whether something did, and the name that it gave. Leave it off where
        nodes are not trusted that far, or keep the hub's machine from reaching what they should not.
        """

    private static let whatTheReportCosts = """
        `percentile` sets a node in relation to the others of the report: so many of a hundred have a heartbeat that is as old or younger. The
        hub keeps the last 10,000 changes, also over its starts, and a report shows the last 1,000; a restored backup goes on with its own.
        Times and reasons are what the nodes and the hub's clock say; a reason repeats at most 200 characters of a node's own words, those
        that act on a terminal escaped.

        What a look at 10,000 nodes costs, and a report of all of them, `packaging/bench watch` measures. It reads
        1,000 nodes at a time, and writes once when it found somebody otherwise than before.
        """
}
