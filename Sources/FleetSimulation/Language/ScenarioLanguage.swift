import UpgradeModel

/// The language of scenario files: each key is named once, here and in `ScenarioWords`, and both the reader and the handbook know it from that.
enum ScenarioLanguage {
    static let scenario = Form<Scenario>.mapping("Scenario", "The whole file.") { fields in
        let unnamed = Scenario(name: "")
        var scenario = Scenario(name: fields.need("name", .name, "One word for reports."))
        scenario.about = fields.take("about", .anyText, "One sentence for people.", else: "")
        scenario.covers = fields.take(
            "covers", .list(of: .anyText), "Which lines of a list of scenarios that must exist this is.", else: [])
        scenario.begins = fields.take("begins", .instant, "What clocks say at the run's beginning.", else: unnamed.begins)
        scenario.duration = fields.take("duration", .span, "Until when faults happen; then they end.", else: unnamed.duration)
        scenario.settling = fields.take(
            "settling", .time, "How long after that the fleet may need until every node is final and every status has arrived.",
            else: unnamed.settling)
        scenario.fleet = fields.need("fleet", groups, "The machines.")
        scenario.hub = fields.take("hub", hub, "What the hub can bear.", else: HubTraits())
        scenario.builds = fields.take(
            "builds", builds, "Packages that are not both healthy and of 30MB.", else: [])
        scenario.files = fields.take(
            "configurations", .list(of: file(.configuration)), "Configurations that are wrong or damaged.", else: [])
        scenario.files += fields.take("certificates", .list(of: file(.certificate)), "Certificates that are wrong or damaged.", else: [])
        scenario.steps = fields.take("steps", .list(of: step), "What people do.", else: [])
        scenario.faults = fields.take("faults", .list(of: fault), "What goes wrong.", else: [])
        scenario.expectations = fields.take("expect", .list(of: expectation), "What must come of it.", else: [])
        return scenario
    }

    private static func twice(_ names: [String]) -> String? {
        names.enumerated().first { names.prefix($0.offset).contains($0.element) }?.element
    }

    static var groups: Form<[NodeGroup]> {
        .list(of: group).checked(needs: ["fleet"]) { groups, _ in
            if groups.isEmpty { return "found no group of machines, expected at least one" }
            return twice(groups.map(\.name)).map { "two groups have the name '\($0)'" }
        }
    }

    static var builds: Form<[Build]> {
        .list(of: build).checked(needs: ["builds"]) { builds, _ in
            twice(builds.map(\.version)).map { "two builds have the version '\($0)'" }
        }
    }

    static var group: Form<NodeGroup> {
        .mapping("Group of machines", "Machines that are alike, named `edge-1`, `edge-2` and so on.") { fields in
            var group = NodeGroup(
                name: fields.need("name", .name, "The beginning of their names."),
                count: fields.need("count", .count(1...1_000_000), "How many."))
            group.version = fields.take("version", .version, "The version that runs at the beginning.", else: group.version)
            group.properties = fields.take("properties", .properties, "What their node policies say.", else: [])
            group.constraints = fields.take("constraints", .list(of: .constraint), "Constraints of their node policies.", else: [])
            group.highAvailability = fields.take(
                "high-availability", .count(0...1000), "Members of one high-availability group; 0 = none.", else: 0)
            group.link = fields.take("link", link, "Their way to the hub.", else: Link())
            group.diskBytes = fields.take("disk", .bytes, "What the state folder may hold.", else: group.diskBytes)
            group.clockSkew = fields.take("clock-skew", .time, "How wrong each clock may be, forward or back.", else: .zero)
            group.hasHealthProbe = fields.take("health-probe", .flag, "Whether the operator has put a health probe there.", else: false)
            group.settings = fields.take("settings", .settings, "Settings in `/etc/uplift`.", else: [:])
            return group
        }
    }

    static var link: Form<Link> {
        .mapping("Link", "The way from a machine to the hub.") { fields in
            var link = Link()
            link.latency = fields.take("latency", .time, "One way and back.", else: link.latency)
            link.bandwidth = fields.take("bandwidth", .rate, "What fits through.", else: link.bandwidth)
            link.loss = fields.take("loss", .share, "How likely a call is lost.", else: link.loss)
            return link
        }
    }

    static var hub: Form<HubTraits> {
        .mapping("Hub", "The hub as the fleet meets it.") { fields in
            var hub = HubTraits()
            hub.requestsPerSecond = fields.take(
                "requests-per-second", .count(0...1_000_000), "Requests that it answers in a second, more get 429; 0 = all.", else: 0)
            hub.retryAfter = fields.take("retry-after", .time, "What it says in `Retry-After` then.", else: hub.retryAfter)
            return hub
        }
    }

    static var build: Form<Build> {
        .mapping("Build", "A version of the software, and how it behaves.") { fields in
            var build = Build(version: fields.need("version", .version, "Its version."))
            build.size = fields.take("size", .bytes, "Bytes on the wire.", else: build.size)
            build.sickness = fields.maybe("sick", .sickness, "What is wrong with it once it runs.")
            build.sickShare = fields.take("share", .share, "On how many nodes it is sick.", else: 1)
            let nodes = fields.maybe("sick-on", .list(of: .node), "The nodes where it is sick, instead of a share.")
            if let nodes, nodes.isEmpty { fields.note("sick-on", "found no node, expected at least one") }
            build.sickOn = nodes ?? []
            fields.exclude("sick-on", "share")
            fields.expect("sick", beside: "share", "sick-on")
            build.damage = fields.maybe("damage", .damage, "What is wrong with its package at the hub.")
            build.trap = fields.maybe("trap", .trap, "What it holds to do harm, well signed.")
            return build
        }
    }

    static func file(_ component: Component) -> Form<HubFile> {
        .mapping("Configuration or certificate", "A file that policies ask for; one that is not described here is right.") { fields in
            var file = HubFile(component, version: fields.need("version", .version, "Its version."))
            file.isWrong = fields.take("wrong", .flag, "It names a hub, or an authority, that is not ours.", else: false)
            file.damage = fields.maybe("damage", .damage, "What is wrong with it at the hub.")
            return file
        }
    }

    static var step: Form<ScenarioStep> {
        .mapping("Step", "Something that a person does: one of the words below, with its own keys.") { fields in
            let moment = fields.need("at", .moment, "When, from the run's beginning.")
            return ScenarioStep(at: moment, fields.choice(ScenarioWords.steps) ?? .disable(policy: ""))
        }
    }

    static var fault: Form<Fault> {
        .mapping("Fault", "Something that goes wrong: `fault:` with one of the words below, and its own keys beside it.") { fields in
            let at = fields.maybe("at", .moment, "When, from the run's beginning.")
            let from = fields.maybe("from", .moment, "From when; what happens once, happens at an instant drawn for each node.")
            let until = fields.maybe("until", .moment, "Until when; left out = to the end.")
            fields.exclude("at", "from", "until")
            if let from, let until, until < from { fields.note("until", "this is before 'from', \(Unit.time(from))") }
            let who = fields.take("on", .nodes, "On which nodes.", else: .part(1))
            let end = until ?? Fault.theEnd
            var fault = Fault(fields.kind("fault", ScenarioWords.faults) ?? .kill, from: at ?? from ?? .zero, until: at ?? end)
            fault.who = who
            return fault
        }.checked(needs: ["duration", "faults"]) { fault, scenario in
            guard fault.ended(by: scenario.duration).isNothing else { return nil }
            return "this fault lasts, found one instant; expected 'from' and a later 'until'"
        }
    }

    static var expectation: Form<FleetExpectation> {
        .mapping("Expectation", "Something that must be so: one of the words below, with its own keys.") { fields in
            fields.choice(ScenarioWords.expectations) ?? .down(atMost: 0)
        }
    }
}
