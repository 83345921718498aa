import UpgradeModel

/// Every sample event in every sample state, as the machine itself answers: source of the handbook's table and drawing and of the tests.
package enum StateTable {
    /// One event in one state.
    package struct Cell: Sendable {
        /// The state before, as the table names it.
        package let from: JobState?
        /// What happens.
        package let sample: SampleEvent
        /// What was asked of the machine.
        package let situation: SampleEvent.Situation
        /// What it answered.
        package let answer: Transition
    }

    /// The cells of one event, in the order of `SampleStates.all`.
    package static func row(_ sample: SampleEvent) -> [Cell] {
        SampleStates.all.map { state in
            let situation = sample.situation(in: state)
            let answer = JobMachine.transition(situation.state, situation.event, situation.context)
            return Cell(from: state, sample: sample, situation: situation, answer: answer)
        }
    }

    /// All cells, event by event.
    package static func walk() -> [Cell] { SampleEvent.all.flatMap(row) }

    /// What a person calls a state: its kind, and what tells two of a kind apart.
    package struct Title: Hashable, Sendable {
        /// The case.
        package let kind: String
        /// Empty when there is but one.
        package let variant: String

        init(_ kind: String, _ variant: String = "") {
            self.kind = kind
            self.variant = variant
        }

        /// Both.
        package var text: String { variant.isEmpty ? kind : "\(kind) (\(variant))" }
    }

    /// The name of a state.
    package static func title(_ state: JobState?) -> Title {
        switch state {
        case nil: Title("none")
        case .waiting: Title("waiting")
        case .planning: Title("planning")
        case .downloading: Title("downloading")
        case .unpacking: Title("unpacking")
        case .asking(_, _, _, let refusal): Title("asking", refusal == nil ? "" : "again")
        case .paused(_, _, let pause): Title("paused", phase(pause.phase))
        case .handedOver: Title("handed over")
        case .cancelling(_, _, let after): Title("cancelling", after == .wait ? "to wait" : "to vanish")
        case .onTrial: Title("on trial")
        case .rollingBack: Title("rolling back")
        case .rollbackFailed: Title("rollback failed")
        case .ended(let facts, let ending):
            Title("ended", facts.terms.isStartReadable ? spaced(ending.outcome.rawValue) : "start unreadable")
        case .quarantined(_, let terms): Title("quarantined", terms == nil ? "policy not seen" : "policy seen")
        }
    }

    private static func phase(_ phase: Pause.Phase) -> String {
        switch phase {
        case .planning: "planning"
        case .downloading: "downloading"
        case .unpacking: "unpacking"
        case .asking(_, let refusal): refusal == nil ? "before asking" : "asking"
        }
    }

    /// What the driver does, in words.
    static func word(_ effect: JobEffect) -> String {
        switch effect {
        case .plan: "plan"
        case .fetch: "fetch"
        case .unpack: "unpack"
        case .askTurn: "ask for the turn"
        case .stopProcedure: "stop the procedure"
        case .handOver: "hand over"
        case .requestCancel: "request cancel"
        case .reclaim: "reclaim"
        case .removeFolder: "remove the folder"
        case .evaluate: "evaluate the policies"
        }
    }

    /// What the exchange is told, in words.
    static func word(_ report: OwedReport) -> String {
        switch report {
        case .status(let status, _, _): spaced(status.rawValue)
        case .deletion: "deletion"
        case .softwareVersions: "software versions"
        }
    }

    /// `rollbackFailed` as people write it.
    static func spaced(_ camelCase: String) -> String {
        camelCase.reduce(into: "") { text, letter in text += letter.isUppercase ? " " + letter.lowercased() : String(letter) }
    }
}
