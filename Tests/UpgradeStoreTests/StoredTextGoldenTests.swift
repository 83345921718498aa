import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts

@testable import UpgradeStore

/// Texts that lie in databases of nodes. When one of these tests is red, a released agent's rows cannot be read any more or would change:
/// do not edit the text, append a migration to `StoredSchema` and add the new text beside the old one.
@Suite("Stored texts")
struct StoredTextGoldenTests {
    private static let terms = #"{"allowDowngrade":true,"manifest":"org/m","start":"now","startWindow":600}"#
    private static let versions = #"{"certificate":"3","configuration":"2","software":"1.1.0"}"#
    private static let bareFacts = #"{"latest":{},"scheduled":"2023-11-14T22:13:20.123456789Z","terms":\#(terms),"versions":{}}"#
    private static let facts = #"""
        {"ended":"2023-11-14T23:13:20.000000000Z","latest":{"software":"1.1.0"},"scheduled":"2023-11-14T22:13:20.123456789Z",
        "started":"2023-11-14T22:13:20.000000000Z","terms":\#(terms),"versions":\#(versions)}
        """#
    private static let groupFacts = #"""
        {"group":"g","latest":{},"scheduled":"2023-11-14T22:13:20.123456789Z","terms":\#(terms),"versions":{}}
        """#
    private static let insistingFacts = #"""
        {"insists":true,"latest":{},"scheduled":"2023-11-14T22:13:20.123456789Z","terms":\#(terms),"versions":{}}
        """#
    private static let datedFacts = #"""
        {"latest":{},"scheduled":"2023-11-14T22:13:20.123456789Z","terms":\#(terms),"versions":{},
        "written":"2023-11-14T22:13:20.123Z[UTC]"}
        """#
    private static let ticket = #"{"text":"0123456789abcdef0000000000000001"}"#
    private static let bareAttempt = #"""
        {"deadline":"2023-11-14T23:13:20.000000000Z","distrusts":0,"failures":0,"run":1,"ticket":\#(ticket),"waitedSeconds":0}
        """#
    private static let attempt = #"""
        {"deadline":"2023-11-14T23:13:20.000000000Z","distrusts":1,"failures":3,
        "run":7,"ticket":\#(ticket),"waitedSeconds":12.5}
        """#
    private static let plan = #"""
        {"files":[{"component":"software","hashAlgorithm":"SHA256","length":234000000,"objectID":"agent.tar.gz",
        "objectType":"agent_software_files-1.1.0","publicKey":"a/b+c==","signature":"d==","version":"1.1.0"}],"versions":\#(versions)}
        """#
    private static let handover = #"""
        {"deadline":"2023-11-14T23:13:20.000000000Z","lastRecord":5,"newRelease":4,"oldRelease":3,"plan":\#(plan),"ticket":\#(ticket)}
        """#

    private static func paused(_ phase: String) -> String {
        #"""
        {"paused":{"_0":\#(facts),"_1":\#(attempt),"_2":{"nextTry":"2023-11-14T23:13:20.000000000Z","phase":\#(phase),"reason":"503"}}}
        """#
    }

    static let states: [String] = [
        #"{"waiting":{"_0":\#(bareFacts)}}"#,
        #"{"waiting":{"_0":\#(facts)}}"#,
        #"{"waiting":{"_0":\#(insistingFacts)}}"#,
        #"{"waiting":{"_0":\#(datedFacts)}}"#,
        #"{"planning":{"_0":\#(bareFacts),"_1":\#(bareAttempt)}}"#,
        #"{"planning":{"_0":\#(bareFacts),"_1":\#(attempt)}}"#,
        #"{"downloading":{"_0":\#(facts),"_1":\#(attempt),"_2":\#(plan)}}"#,
        #"{"unpacking":{"_0":\#(facts),"_1":\#(attempt),"_2":\#(plan)}}"#,
        #"{"asking":{"_0":\#(facts),"_1":\#(attempt),"_2":\#(plan)}}"#,
        #"{"asking":{"_0":\#(facts),"_1":\#(attempt),"_2":\#(plan),"refusal":"n2"}}"#,
        paused(#"{"planning":{}}"#),
        paused(#"{"downloading":{"_0":\#(plan)}}"#),
        paused(#"{"unpacking":{"_0":\#(plan)}}"#),
        paused(#"{"asking":{"_0":\#(plan),"refusal":"n2"}}"#),
        #"{"handedOver":{"_0":\#(groupFacts),"_1":\#(handover)}}"#,
        #"{"handedOver":{"_0":\#(facts),"_1":\#(handover)}}"#,
        #"{"cancelling":{"_0":\#(facts),"_1":\#(handover),"_2":"wait"}}"#,
        #"{"cancelling":{"_0":\#(facts),"_1":\#(handover),"_2":"vanish"}}"#,
        #"{"onTrial":{"_0":\#(facts),"_1":\#(handover)}}"#,
        #"{"rollingBack":{"_0":\#(facts),"_1":\#(handover),"cause":"health"}}"#,
        #"{"rollbackFailed":{"_0":\#(facts),"_1":\#(handover),"cause":"health"}}"#,
        #"{"ended":{"_0":\#(facts),"_1":{"outcome":"successful","reason":""}}}"#,
        #"{"ended":{"_0":\#(facts),"_1":{"outcome":"noActionRequired","reason":""}}}"#,
        #"{"ended":{"_0":\#(facts),"_1":{"outcome":"precheckFailed","reason":"hook"}}}"#,
        #"{"ended":{"_0":\#(facts),"_1":{"outcome":"downloadFailed","reason":"404"}}}"#,
        #"{"ended":{"_0":\#(facts),"_1":{"outcome":"rollbackSuccessful","reason":"health"}}}"#,
        #"{"quarantined":{"reason":"lost"}}"#,
        #"{"quarantined":{"_1":\#(terms),"reason":"lost"}}"#,
    ]

    static let contents: [String] =
        Status.allCases.map {
            #"{"status":{"_0":{"facts":\#(facts),"reason":"404","status":"\#($0.rawValue)"}}}"#
        } + [#"{"deletion":{}}"#, #"{"softwareVersions":{"_0":\#(versions)}}"#]

    private static let policy = #"{"name":"policy","org":"org"}"#
    private static let undeliverable = #"""
        {"answer":"gone","at":"2023-11-14T22:13:20.123456789Z","code":404,
        "row":{"content":{"deletion":{}},"number":9,"policy":\#(policy)}}
        """#
    private static let event = #"""
        {"at":"2023-11-14T22:13:20.123456789Z","code":"test","message":"changed","policy":\#(policy),"severity":"info"}
        """#
    private static let operation = #"""
        {"activity":"download","at":"2023-11-14T22:13:20.123456789Z","begun":"2023-11-14T22:13:20.123456789Z","details":"done",
        "expires":"2023-11-14T22:13:20.123456789Z","id":"a","number":3,"policy":\#(policy),"process":7,"progress":"half","stage":"running",
        "ticket":\#(ticket)}
        """#

    private static func result(_ name: String, _ verdict: String) -> String {
        #"{"at":"2023-11-14T22:13:20.123456789Z","name":"\#(name)","seconds":1.5,"sentence":"exit3","verdict":"\#(verdict)"}"#
    }

    private static let health = #"""
        {"baseline":[\#(result("web", "passed"))],"isGood":false,
        "results":[\#(result("web", "failed")),\#(result("hub", "ignored"))],"ticket":\#(ticket)}
        """#

    @Test("A job's text is read and written back byte for byte", arguments: states)
    func state(text: String) throws {
        try check(text, as: JobState.self)
    }

    @Test("Every case of JobState has a text")
    func everyState() throws {
        let states: [JobState] = try Self.states.map { try StoredText.read(Array($0.utf8)) }
        #expect(Set(states.map(StateCase.init)) == Set(StateCase.allCases))
    }

    @Test("An owed row's text is read and written back byte for byte", arguments: contents)
    func content(text: String) throws {
        try check(text, as: OutboxRow.Content.self)
    }

    @Test("Log rows and refused rows are read and written back byte for byte")
    func rows() throws {
        try check(Self.undeliverable, as: UndeliverableRow.self)
        try check(Self.event, as: EventLogRow.self)
        try check(Self.operation, as: Operation.self)
        try check(Self.health, as: HealthReport.self)
    }

    @Test("The names of single values are what databases hold")
    func keys() {
        let names = [
            "nextChange", "softwareFloor", "lastRelease", "lastOutboxNumber", "lastOperation", "lastOperationTold", "failedVersions",
            "group", "resetsTaken",
            "hold", "databaseLost",
        ]
        #expect(StoreKey.allCases.map(\.rawValue) == names)
    }

    private func check<Value: Codable>(_ text: String, as type: Value.Type) throws {
        // No sample value holds a blank, so line breaks are layout.
        let golden = text.filter { !$0.isWhitespace }
        let value: Value = try StoredText.read(Array(golden.utf8))
        #expect(try StoredText.of(value) == golden)
    }
}

/// Every case of `JobState`; a new one stops the build here until it has a name, and `everyState` is red until it has a text.
private enum StateCase: CaseIterable {
    case waiting, planning, downloading, unpacking, asking, paused, handedOver, cancelling, onTrial, rollingBack, rollbackFailed, ended,
        quarantined

    init(_ state: JobState) {
        switch state {
        case .waiting: self = .waiting
        case .planning: self = .planning
        case .downloading: self = .downloading
        case .unpacking: self = .unpacking
        case .asking: self = .asking
        case .paused: self = .paused
        case .handedOver: self = .handedOver
        case .cancelling: self = .cancelling
        case .onTrial: self = .onTrial
        case .rollingBack: self = .rollingBack
        case .rollbackFailed: self = .rollbackFailed
        case .ended: self = .ended
        case .quarantined: self = .quarantined
        }
    }
}
