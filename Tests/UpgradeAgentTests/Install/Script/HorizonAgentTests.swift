import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// What the Open Horizon agent beside us is asked, and what is made of its answers.
@Suite("script: the agent beside us")
struct HorizonAgentTests {
    private let system = SimFileTree()
    private let clock = SimClock()

    private func agent(_ answers: [String: String] = [:], _ settings: String = "managed-agent=horizon\n") -> HorizonAgent {
        HorizonAgent(
            system: system, systemRoot: "/node", http: SimNeighbour { answers[$0] },
            settings: Settings(layers: [.init(name: "test", text: settings, isLocal: true)]))
    }

    /// What the questions lead to, when dpkg says this.
    private func ask<Value: Sendable>(_ said: String, _ code: (inout Interview) throws -> Value) throws -> Value {
        var interview = Interview(commands: SimCommands(clock: clock) { _, _ in .says(said) })
        for _ in 0..<100 {
            if case .done(let value) = try interview.step(code) { return value }
            clock.advance(by: .milliseconds(20))
        }
        throw TooManySteps()
    }

    @Test("Only one word names it")
    func setting() {
        #expect(agent().isManaged)
        #expect(!agent([:], "").isManaged)
        #expect(!agent([:], "managed-agent=yes\n").isManaged)
        let mistakes = Settings(layers: [.init(name: "f", text: "managed-agent=yes\n", isLocal: true)]).mistakes
        #expect(mistakes == ["f: managed-agent is 'yes', expected horizon or nothing; nothing holds"])
    }

    @Test("Versions are dpkg's, the settings' and the certificate's")
    func versions() throws {
        try system.put(HorizonFiles.defaults, "HZN_CONFIG_VERSION=3\nHZN_MGMT_HUB_CERT_PATH=/etc/horizon/hub.crt\n")
        try system.put(.known("etc", "horizon", "hub.crt"), "# x\n-----OpenHorizon Version 1.2.3-----\n-----BEGIN CERTIFICATE-----\n")
        let found = try ask("2.31.0-7 amd64 installed") { try agent().versions(&$0) }
        #expect([found.software, found.configuration, found.certificate] == ["2.31.0-7", "3", "1.2.3"])
        #expect(throws: ReleaseError.self) { try ask("2.31.0-7 amd64 half-installed") { try agent().versions(&$0) } }
        #expect(HorizonAgent.certificateVersion("-----BEGIN CERTIFICATE-----\n") == "")
    }

    @Test(
        "A path or port that is none is told", arguments: ["HZN_MGMT_HUB_CERT_PATH=x/y", "HZN_VAR_BASE=/../x", "HZN_MGMT_HUB_CERT_PATH=/"])
    func badPath(_ line: String) { #expect(throws: ReleaseError.self) { try HorizonFiles(default: line + "\n") } }

    @Test("Where it listens")
    func port() throws {
        #expect(try HorizonFiles(default: "").port == 8510)
        #expect(try HorizonFiles(default: "HZN_AGENT_PORT=8511\n").port == 8511)
        for wrong in ["0", "65536", "x", ""] {
            #expect(throws: ReleaseError.self) { try HorizonFiles(default: "HZN_AGENT_PORT=\(wrong)\n").port }
        }
    }

    private func node(_ id: String = "edge7", type: String = "device", state: String = "configured") -> [String: String] {
        ["node": #"{"id":"\#(id)","organization":"acme","nodeType":"\#(type)","configstate":{"state":"\#(state)"}}"#]
    }

    @Test("A configured device with plain names can be upgraded; silence may pass")
    func identity() throws {
        let found = try agent(node()).identity()
        #expect(found == ("acme", "edge7"))
        let silent = #expect(throws: ProcedureFailure.self) { try agent().identity() }
        #expect(silent?.kind == .notYet)
        for wrong in [node(state: "unconfigured"), node(type: "cluster"), node("-x"), node("a b"), node("$(x)"), node("")] {
            let failure = #expect(throws: ProcedureFailure.self) { try agent(wrong).identity() }
            #expect(failure?.kind == .final(.precheckFailed))
        }
    }

    @Test("Healthy is the version of the plan and a word from the exchange")
    func health() throws {
        let plan = JobPlan(versions: [.software: "2.31.0"], files: [])
        let well = ["status": #"{"configuration":{"preferred_exchange_version":"2.110.3","exchange_version":"2.126.1"}}"#]
        #expect(try ask("2.31.0 amd64 installed") { try agent(well).objection(to: plan, &$0) } == nil)
        for (said, answers) in [
            ("2.30.0 amd64 installed", well), ("2.31.0 amd64 unpacked", well), ("2.31.0 amd64 installed", [:]),
            ("2.31.0 amd64 installed", ["status": #"{"configuration":{"preferred_exchange_version":""}}"#]),
            ("2.31.0 amd64 installed", ["status": "no JSON"]),
            ("2.31.0 amd64 installed", ["status": #"{"configuration":{"preferred_exchange_version":"2.110.3","exchange_version":""}}"#]),
        ] {
            #expect(try ask(said) { try agent(answers).objection(to: plan, &$0) } != nil, "\(said), \(answers)")
        }
        let more = JobPlan(versions: [.software: "2.31.0", .configuration: "2"], files: [])
        guard case .unwell(let why)? = try ask("2.31.0 amd64 installed", { try agent(well).objection(to: more, &$0) }) else {
            throw ScratchError()
        }
        #expect(why.contains("configuration"))
    }

    @Test("Its own cron job is refused by name and reason")
    func cron() throws {
        #expect(try agent().objection() == nil)
        try system.put(.known("etc", "cron.d", "other"), "* * * * * root /bin/true\n")
        #expect(try agent().objection() == nil)
        try system.put(.known("etc", "cron.d", "horizon"), "*/5 * * * * root /usr/horizon/bin/agent-auto-upgrade.sh\n")
        #expect(try agent().objection()?.hasPrefix("/node/etc/cron.d/horizon starts agent-auto-upgrade.sh: two installers") == true)
    }

    @Test("The words of its script")
    func script() {
        func words(_ job: HorizonJob, _ parts: [Component]) -> String {
            let plan = JobPlan(versions: Dictionary(uniqueKeysWithValues: parts.map { ($0, "1") }), files: [])
            return agent().script(job, plan, folder: "/f").arguments.joined(separator: " ")
        }
        let job = HorizonJob(org: "acme", node: "edge7", overwrites: false)
        #expect(words(job, [.software]) == "agent-install.sh -d edge7 -O acme -s -b -G software --auto-upgrade")
        let over = HorizonJob(org: "acme", node: "edge7", overwrites: true)
        #expect(
            words(over, [.configuration, .certificate, .software])
                == "agent-install.sh -d edge7 -O acme -s -b -f -G software,cert,config --auto-upgrade")
    }

    @Test("The list of the way back knows which agent it is about, whole or not at all")
    func list() {
        var list = BackList()
        list.install = ["horizon.deb"]
        list.horizon = HorizonJob(org: "acme", node: "edge7", overwrites: true)
        #expect(BackList(text: list.text) == list)
        list.horizon = HorizonJob(org: "acme", node: "edge7", overwrites: false)
        #expect(BackList(text: list.text) == list)
        for text in ["org acme\nend 1\n", "node x\nend 1\n", "overwrite yes\nend 1\n", "org -x\nnode y\nend 2\n"] {
            #expect(BackList(text: text) == nil, "\(text)")
        }
    }
}
