import FleetSimulation
import Testing
import UpgradeModel

/// The reader of scenario files.
@Suite struct ScenarioReaderTests {
    @Test func everyKeyArrives() throws {
        let scenario = try ScenarioReader.read(Texts.whole)
        #expect(scenario.name == "bad-build" && scenario.about == "one sentence" && scenario.covers == ["3 % bad build"])
        #expect(scenario.duration == .seconds(12 * 3600) && scenario.settling == .seconds(86_400))
        let group = try #require(scenario.fleet.first)
        #expect(group.count == 200 && group.version == "1.0.0" && group.constraints == ["openhorizon.arch == amd64"])
        #expect(group.properties.map(\.value) == [.string("berlin"), .number(4), .bool(true), .string("4")])
        #expect(group.link.latency == .milliseconds(80) && group.link.bandwidth == 1_000_000 && group.link.loss == 0.01)
        #expect(group.diskBytes == 4_000_000_000 && group.clockSkew == .seconds(300) && group.highAvailability == 3)
        #expect(group.settings == [.pollInterval: "60"])
        #expect(scenario.hub.requestsPerSecond == 100 && scenario.hub.retryAfter == .seconds(5))
        #expect(scenario.builds[0].sickness == .cannotStart && scenario.builds[0].sickShare == 0.03)
        #expect(scenario.builds[1].damage == .short && scenario.builds[1].size == 60_000_000)
    }

    @Test func stepsFaultsAndExpectationsArrive() throws {
        let scenario = try ScenarioReader.read(Texts.whole)
        guard case .publish(let rollout) = scenario.steps[0].deed else { return #expect(Bool(false)) }
        #expect(rollout.window == .seconds(3600) && rollout.start == .seconds(7200) && rollout.allowsDowngrade)
        guard case .reset("p", .node("edge-7")) = scenario.steps[2].deed else { return #expect(Bool(false)) }
        #expect(scenario.faults[0].kind == .powerCut(back: .seconds(120)) && scenario.faults[0].who == .part(0.2))
        #expect(scenario.faults[1].from == .seconds(1800) && scenario.faults[1].until == .seconds(1800))
        #expect(scenario.faults[2].kind == .hubAnswers(503) && scenario.faults[2].until == Fault.theEnd)
        #expect(scenario.faults[3].kind == .clockJump(.seconds(-50 * 365 * 86_400)))
        guard case .status("p", .rollbackSuccessful, 0.97, 1, .seconds(21_600)?) = scenario.expectations[0],
            case .version("1.1.0", 0, 0.5) = scenario.expectations[1], case .version("1.0.0", 1, 1) = scenario.expectations[2],
            case .bytes(20_000_000_000) = scenario.expectations[3]
        else { return #expect(Bool(false), "\(scenario.expectations)") }
    }

    /// Each mistake has its place, and says what was found and expected.
    @Test(arguments: [
        ("count: 200", "count: many", "6:12: fleet[0].count: found 'many', expected a whole number"),
        ("latency: 80ms", "latency: 80", "9:21: fleet[0].link.latency: found '80', expected a time such as 90s"),
        ("latency: 80ms", "latencie: 80ms", "9:12: fleet[0].link: nobody knows 'latencie' here; did you mean 'latency'?"),
        ("at: 10m, publish: p", "at: 13h, publish: p", "21:10: steps[0].at: this is after the end: the duration is 12h"),
        ("disable: p", "disable: q", "22:23: steps[1].disable: no step publishes 'q'; did you mean 'p'?"),
        ("disable: p", "disabel: p", "22:5: steps[1]: found 'disabel'; did you mean 'disable'?"),
        ("on: edge-7", "on: edge-700", "23:28: steps[2].on: there is no node 'edge-700'; nodes are edge-1 to edge-200"),
        ("fault: power-cut", "fault: powercut", "26:13: faults[0].fault: found 'powercut'; did you mean 'power-cut'?"),
        ("at: 30m", "from: 30m, at: 30m", "27:34: faults[1]: 'at' and 'from' exclude each other"),
        ("fault: hub-answers, status: 503", "fault: hub-answers", "28:5: faults[2]: 'status' is missing"),
        ("status: rollback successful", "status: rolled back", "31:14: expect[0].status: found 'rolled back'; expected one of"),
        ("software: 1.1.0", "software: x", "21:37: steps[0].software: found 'x', expected a version, a range"),
        ("arch == amd64", "arch = = amd64", "8:19: fleet[0].constraints[0]: found 'openhorizon.arch = = amd64', at character"),
        ("poll-interval-seconds: 60", "poll-interval-seconds: -1", "13:39: fleet[0].settings: found '-1', expected a number from 0.01"),
        ("hub: {", "hob: {", "15:1: nobody knows 'hob' here; did you mean 'hub'?"),
        ("from: 10m, until: 2h", "from: 3h, until: 2h", "26:51: faults[0].until: this is before 'from', 3h"),
        ("version: 1.2.0", "version: 1.1.0", "18:3: builds: two builds have the version '1.1.0'"),
        ("{version: 1.0.0}", "{version: 1.0.1}", "33:15: expect[2].version: nobody runs or publishes '1.0.1'; did you mean '1.0.0'?"),
        ("publish: p, software: 1.1.0,", "publish: p,", "21:5: steps[0]: nothing is asked for; expected at least one of software"),
        ("retry-after: 5s}", "retry-after: 5s", "no YAML"),
        ("status: 503, from: 1h", "status: 503, at: 1h", "28:5: faults[2]: this fault lasts, found one instant; expected 'from' and"),
        ("status: 503, from: 1h", "status: 503, from: 12h", "28:5: faults[2]: this fault lasts, found one instant"),
        ("status: 503, from: 1h", "status: 503, from: 1h, until: 1h", "28:5: faults[2]: this fault lasts, found one instant"),
        ("share: 3%}", "sick-on: [egde-7]}", "18:52: builds[0].sick-on[0]: there is no node 'egde-7'; nodes are edge-1 to edge-200"),
        ("share: 3%}", "share: 3%, sick-on: [edge-7]}", "18:62: builds[0]: 'sick-on' and 'share' exclude each other"),
        ("share: 3%}", "sick-on: []}", "18:51: builds[0].sick-on: found no node, expected at least one"),
        ("sick: cannot start, share: 3%", "share: 3%", "18:29: builds[0]: 'share' without 'sick' says nothing"),
        ("sick: cannot start, share: 3%", "sick-on: [edge-1]", "18:31: builds[0]: 'sick-on' without 'sick' says nothing"),
        ("at-most: 50%", "at-least: 0%", "32:32: expect[1].at-least: every run would pass; expected a bound that can be missed"),
        ("at-most: 50%", "at-most: 100%", "32:31: expect[1].at-most: every run would pass"),
        ("at-most: 50%", "at-least: 60%, at-most: 50%", "32:32: expect[1].at-least: this is more than 'at-most', 50%: no run could"),
        ("duration: 12h", "duration: 0s", "3:11: duration: found '0s', expected a time above 0"),
    ])
    func aMistakeIsToldWithItsPlace(_ found: String, _ planted: String, _ expected: String) throws {
        #expect(Texts.whole.contains(found))
        let mistakes = Texts.mistakes(Texts.whole.replacing(found, with: planted, maxReplacements: 1))
        #expect(mistakes.count == 1 && mistakes[0].contains(expected), "\(mistakes)")
    }

    @Test func allMistakesAreToldAtOnce() {
        let mistakes = Texts.mistakes("name: X Y\nfleet:\n  - {name: a, count: 0}\n  - {count: 3}\nduration: soon\nsteps: no\n")
        #expect(mistakes.map { $0.prefix { $0 != " " } } == ["f:1:7:", "f:3:22:", "f:4:5:", "f:5:11:", "f:6:8:"], "\(mistakes)")
        #expect(Texts.mistakes("").count == 1 && Texts.mistakes("- a").count == 1 && Texts.mistakes("a: 1\na: 2")[0].contains("twice"))
    }

    @Test func unitsAreReadAndWritten() {
        #expect(Unit.time("1h 30m") == .seconds(5400) && Unit.time("1.5h") == .seconds(5400) && Unit.time("3d") == .seconds(259_200))
        #expect(["", "5", "h", "1x", "1h-", "--1h", "1e3s", "∞s"].allSatisfy { Unit.time($0) == nil })
        #expect(Unit.bytes("30MB") == 30_000_000 && Unit.bytes("1KiB") == 1024 && Unit.bytes("-1B") == nil && Unit.bytes("3") == nil)
        #expect(Unit.share("3%") == 0.03 && Unit.share("0.5 %") == 0.005 && Unit.share("101%") == nil && Unit.share("3") == nil)
        for text in ["90s", "1m 30s"] { #expect(Unit.time(text).map { Unit.time($0) } == "1m 30s") }
        #expect(Unit.time(.seconds(-7200)) == "-2h" && Unit.time(.nanoseconds(-5)) == "0s" && Unit.time(.milliseconds(7250)) == "7s 250ms")
        #expect(Unit.bytes(1 << 32) == "4GiB" && Unit.bytes(30_000_000) == "30MB" && Unit.bytes(0) == "0B" && Unit.share(0.03) == "3%")
    }

    /// The handbook learns every key from the code that reads it.
    @Test func theBookKnowsTheLanguage() {
        let parts = LanguageBook().parts
        #expect(parts.first?.rows.map(\.key).prefix(3) == ["name", "about", "covers"])
        #expect(parts.contains { $0.title == "`power-cut`" && $0.isWord && $0.rows.map(\.key) == ["back"] })
        #expect(parts.contains { $0.title == "Link" && $0.rows.contains { $0.key == "latency" && $0.default == "`50ms`" } })
    }
}

enum Texts {
    static func mistakes(_ text: String) -> [String] {
        do throws(ScenarioMistakes) {
            _ = try ScenarioReader.read(text)
            return []
        } catch { return error.all.map { $0.sentence(file: "f") } }
    }

    static let whole = """
        name: bad-build
        about: one sentence
        duration: 12h
        fleet:
          - name: edge
            count: 200
            version: 1.0.0
            constraints: ["openhorizon.arch == amd64"]
            link: {latency: 80ms, bandwidth: 1MB/s, loss: 1%}
            disk: 4GB
            clock-skew: 5m
            high-availability: 3
            settings: {poll-interval-seconds: 60}
            properties: {site: berlin, cores: 4, spare: true, floor: "4"}
        hub: {requests-per-second: 100, retry-after: 5s}
        covers: [3 % bad build]
        builds:
          - {version: 1.1.0, sick: cannot start, share: 3%}
          - {version: 1.2.0, damage: short, size: 60MB}
        steps:
          - {at: 10m, publish: p, software: 1.1.0, window: 1h, start: 2h, downgrade: yes}
          - {at: 3h, disable: p}
          - {at: 4h, reset: p, on: edge-7}
        settling: 1d
        faults:
          - {fault: power-cut, back: 2m, from: 10m, until: 2h, on: 20%}
          - {fault: kill, at: 30m}
          - {fault: hub-answers, status: 503, from: 1h}
          - {fault: clock-jump, by: -50y}
        expect:
          - {status: rollback successful, policy: p, at-least: 97%, by: 6h}
          - {version: 1.1.0, at-most: 50%}
          - {version: 1.0.0}
          - {bytes: 20GB}
        """
}
