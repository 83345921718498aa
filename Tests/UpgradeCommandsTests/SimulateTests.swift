import FoundationEssentials
import Testing

/// `uplift simulate`.
@Suite final class SimulateTests {
    private let scratch: Scratch
    private var file: String { scratch.path + "/small.yaml" }

    init() throws {
        scratch = try Scratch()
        try write(SimulateTests.good)
    }

    private func write(_ text: String) throws { try scratch.write("small.yaml", text) }

    private static let good = """
        name: small
        duration: 1h
        fleet:
          - {name: edge, count: 4}
        steps:
          - {at: 10m, publish: p, software: 1.1.0}
        faults:
          - {fault: kill, at: 5m}
        expect:
          - {version: 1.1.0}
        about: four machines
        """

    @Test func `a good rollout passes, with seed 1 unless told otherwise`() throws {
        let outcome = uplift("simulate", file, "--json", scratch.path + "/a.json", "--junit", scratch.path + "/a.xml")
        #expect(outcome.code == 0 && outcome.errors == "", "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 2 && lines[1].hasPrefix("small     1     passed   4      1h"), "\(outcome.output)")
        let json = try String(contentsOfFile: scratch.path + "/a.json", encoding: .utf8)
        for text in [
            #""name": "small""#, #""about": "four machines""#, #""seed": 1,"#, #""verdict": "passed""#, #""traceHash": ""#,
            #""successful": 4"#,
        ] {
            #expect(json.contains(text), "\(text) in \(json)")
        }
        let junit = try String(contentsOfFile: scratch.path + "/a.xml", encoding: .utf8)
        #expect(junit.contains(#"tests="1" failures="0""#) && junit.contains(#"<testcase classname="small" name="seed 1""#))
        #expect(uplift("simulate", file, "--json", scratch.path + "/a.json").code == 0)
        #expect(try String(contentsOfFile: scratch.path + "/a.json", encoding: .utf8) == json)
    }

    @Test func `a missed expectation is exit code 20, with the story, a smaller scenario and the command that repeats it`() throws {
        try write(SimulateTests.good.replacing("version: 1.1.0}", with: "version: 1.0.0}"))
        let outcome = uplift("simulate", file, "--seeds", "3..4", "--junit", scratch.path + "/a.xml")
        #expect(outcome.code == 20)
        #expect(outcome.errors == "small, seed 3\nsmall, seed 4\nError: 2 of 2 runs did not pass: 2 wrong result\n")
        #expect(outcome.output.contains("missed: 0 of 4 nodes run 1.0.0, expected 100%"), "\(outcome.output)")
        #expect(outcome.output.contains("p successful"))
        #expect(outcome.output.contains("Again: uplift simulate \(file) --seed 3 --trace edge-1\n"))
        #expect(outcome.output.contains("end: uplift simulate \(file) --seed 3 --nodes 1 --without 'faults[0]' --trace edge-1\n"))
        #expect(!outcome.output.contains("--seed 4 --nodes 1"))
        let junit = try String(contentsOfFile: scratch.path + "/a.xml", encoding: .utf8)
        #expect(junit.contains(#"<failure type="wrong result" message="0 of 4 nodes run 1.0.0"#))
        for text in ["Again: uplift simulate \(file) --seed 3", "with the same end: uplift", "happened on edge-1, in the smaller"] {
            #expect(junit.contains(text), "\(text) in \(junit)")
        }
        let again = uplift("simulate", file, "--seed", "3", "--nodes", "1", "--without", "faults[0]", "--trace", "edge-1", "--no-shrink")
        #expect(again.code == 20 && again.output.contains("small, seed 3, edge-1:\n"))
    }

    @Test func `who traces a node that is not there learns which are`() throws {
        let outcome = uplift("simulate", file, "--trace", "edge-9")
        #expect(outcome.code == 1 && outcome.errors.contains("has no such node; nodes are edge-1 to edge-4"), "\(outcome.errors)")
        #expect(uplift("simulate", file, "--nodes", "1", "--without", "faults[0]", "--trace", "edge-2").code == 1)
    }

    @Test func `without true programs --real is refused, and so is a story of what was not simulated`() throws {
        let outcome = uplift("simulate", file, "--real")
        #expect(outcome.code == 7 && outcome.errors.contains("no true programs are at hand"), "\(outcome.errors)")
        #expect(uplift("simulate", file, "--real", "--trace", "edge-1").code == 1)
        #expect(uplift("simulate", file, "--real", "--no-shrink").code == 1)
    }

    @Test(arguments: [
        ["--against", "http://hub", "--real"], ["--against", "http://hub", "--seeds", "1..2"], ["--against", "http://hub", "--html", "x"],
        ["--against", "http://hub", "--trace", "edge-1"], ["--against", "hub.example.com"], ["--yes"], ["-u", "admin:pw"], ["-o", "org"],
        ["--against", "http://hub", "--no-shrink"], ["--root", "/tmp"],
    ])
    func `what does not go with a true hub, or only with one, is a mistake of usage`(_ options: [String]) {
        let outcome = uplift(["simulate", file] + options)
        #expect(outcome.code == 1 && outcome.errors.contains("--against") && outcome.output == "", "\(outcome.errors)")
    }

    @Test func `without a way to a hub --against is refused`() {
        let outcome = uplift("simulate", file, "--against", "http://hub/v1")
        #expect(outcome.code == 7 && outcome.errors.contains("no way to a hub is at hand"), "\(outcome.errors)")
        #expect(uplift("simulate", file, file, "--against", "http://hub/v1").errors.contains("--against takes one file, found 2"))
    }

    @Test func `a fleet that cannot come to rest is exit code 22`() throws {
        let slow = SimulateTests.good.replacing("duration: 1h", with: "duration: 11m\nsettling: 1s").replacing(
            "count: 4}", with: "count: 1}")
        try write(slow)
        let outcome = uplift("simulate", file, "--no-shrink")
        #expect(outcome.code == 22)
        #expect(outcome.output.contains("no end: edge-1 at"), "\(outcome.output)")
    }

    @Test func `mistakes of a file are exit code 3, each with its place`() throws {
        try write(SimulateTests.good.replacing("count: 4", with: "cuont: 4").replacing("10m", with: "10"))
        let outcome = uplift("simulate", file)
        #expect(outcome.code == 3 && outcome.output == "")
        #expect(outcome.errors.contains("\(file):4:5: fleet[0]: 'count' is missing"), "\(outcome.errors)")
        #expect(outcome.errors.contains("did you mean 'count'?") && outcome.errors.contains("\(file):6:10: steps[0].at: found '10'"))
        #expect(uplift("simulate", file + "x").code == 4)
    }

    @Test func `the fleet is scaled, and another duration is used`() throws {
        let outcome = uplift("simulate", file, "--nodes", "2", "--days", "0.5")
        #expect(outcome.code == 0 && outcome.output.contains("passed   2      12h"), "\(outcome.output) \(outcome.errors)")
    }

    @Test func `a fault on a machine that the scaled fleet has not is refused, and may be left out`() throws {
        try write(SimulateTests.good.replacing("at: 5m}", with: "at: 5m, on: edge-3}"))
        let outcome = uplift("simulate", file, "--nodes", "2")
        #expect(outcome.code == 1 && outcome.errors.contains("faults[0] names the machine edge-3"), "\(outcome.errors)")
        #expect(outcome.errors.contains("--without 'faults[0]'"))
        #expect(uplift("simulate", file, "--nodes", "2", "--without", "faults[0]").code == 0)
        #expect(uplift("simulate", file, "--nodes", "3").code == 0)
    }

    @Test func `a build that is sick on a machine that the scaled fleet has not is refused`() throws {
        let builds = "builds:\n  - {version: 1.1.0, sick: exits, sick-on: [edge-3]}\nsteps:"
        try write(SimulateTests.good.replacing("steps:", with: builds))
        let outcome = uplift("simulate", file, "--nodes", "2")
        #expect(outcome.code == 1 && outcome.errors.contains("'sick-on' of the build 1.1.0 names the machine edge-3"), "\(outcome.errors)")
        #expect(uplift("simulate", file, "--nodes", "3", "--no-shrink").code == 20)
    }

    @Test(arguments: [
        ["--seed", "1", "--seeds", "1..2"], ["--seeds", "2..1"], ["--seeds", "1-2"], ["--seeds", "1..9007199254740993"],
        ["--seed", "18446744073709551615"], ["--nodes", "0"], ["--days", "0"], ["--days", "nan"], ["--without", "fleet[0]"],
        ["--seed", "-1"],
    ])
    func `mistakes of usage are exit code 1`(options: [String]) throws {
        #expect(uplift(["simulate", file] + options).code == 1)
    }

    @Test func `parts are left out by their numbers in the file, whatever the duration takes away`() throws {
        let faults = "{fault: kill, at: 50m}\n  - {fault: kill, at: 5m}\n  - {fault: hub-answers, status: 503, from: 1m, until: 2m}"
        let text = SimulateTests.good.replacing("{fault: kill, at: 5m}", with: faults)
        try write(text.replacing("{version: 1.1.0}", with: "{happened: killed, at-most: 0%}"))
        let outcome = uplift("simulate", file, "--days", "0.02", "--without", "faults[1]", "--no-shrink")
        #expect(outcome.code == 0, "\(outcome.output) \(outcome.errors)")
        let wrong = uplift("simulate", file, "--without", "faults[3]")
        #expect(wrong.errors == "Error: --without 'faults[3]': \(file) has 3 entries in 'faults', expected faults[0] to faults[2]\n")
        #expect(wrong.code == 1)
    }

    @Test func `what cannot be written or run does not hide what was found`() throws {
        try write(SimulateTests.good.replacing("version: 1.1.0}", with: "version: 1.0.0}"))
        let nowhere = scratch.path + "/nowhere/a.json"
        let outcome = uplift("simulate", file, "--no-shrink", "--json", nowhere, "--junit", scratch.path + "/a.xml")
        #expect(outcome.code == 20 && outcome.errors.contains("cannot write \(nowhere)"), "\(outcome.errors)")
        #expect(try String(contentsOfFile: scratch.path + "/a.xml", encoding: .utf8).contains("<failure"))
        try scratch.write("full.yaml", SimulateTests.good.replacing("count: 4}", with: "count: 4, disk: 1B}"))
        let broken = uplift("simulate", file, scratch.path + "/full.yaml", "--no-shrink", "--json", scratch.path + "/a.json")
        #expect(broken.code == 20 && broken.errors.contains("the machines could not be set up"), "\(broken.errors)")
        #expect(broken.output.contains("Again: uplift simulate \(file) --seed 1"), "\(broken.output)")
        #expect(try String(contentsOfFile: scratch.path + "/a.json", encoding: .utf8).contains("wrong result"))
        try write(SimulateTests.good)
        #expect(uplift("simulate", file, scratch.path + "/full.yaml").code == 3)
        #expect(uplift("simulate", file, "--json", nowhere).code == 4)
    }

    @Test func `the command that repeats a run is one that a shell takes`() throws {
        try scratch.write("it's a b.yaml", SimulateTests.good.replacing("version: 1.1.0}", with: "version: 1.0.0}"))
        let outcome = uplift("simulate", scratch.path + "/it's a b.yaml", "--no-shrink")
        #expect(outcome.output.contains("Again: uplift simulate '\(scratch.path)/it'\\''s a b.yaml' --seed 1 --trace"), "\(outcome.output)")
    }

    @Test func `progress is shown to people alone`() throws {
        #expect(uplift(["simulate", file], isWatched: true).errors.contains("small, seed 1: 100 % of 1h"))
    }

    @Test func `the policy and the manifest that will be published are read beside the file`() throws {
        let step = "at: 10m, publish-files: p, policy-file: nmp.json, manifest-file: manifest.json}"
        try write(SimulateTests.good.replacing("at: 10m, publish: p, software: 1.1.0}", with: step))
        #expect(
            uplift("simulate", file).errors.contains("cannot read \(scratch.path)/nmp.json: No such file"),
            "\(uplift("simulate", file).errors)")
        try scratch.write(
            "nmp.json",
            #"{"label": "", "enabled": true, "agentUpgradePolicy": {"manifest": "o/m", "allowDowngrade": false}, "constraints": ["a == 1"]}"#
        )
        try scratch.write("manifest.json", #"{"softwareUpgrade": {"version": "1.1.0", "files": ["*"]}}"#)
        let outcome = uplift("simulate", file, "--html", scratch.path + "/a.html", "--no-shrink")
        #expect(outcome.code == 20 && outcome.output.contains("0 of 4 nodes run 1.1.0"), "\(outcome.output) \(outcome.errors)")
        #expect(try String(contentsOfFile: scratch.path + "/a.html", encoding: .utf8).contains("<html"))
    }
}
