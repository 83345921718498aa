import ArgumentParser
import UpgradeWire

/// `uplift check`: the rules of matching, versions and planning, asked without a hub.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Ask the rules that nodes follow, offline: for authors of policies and their tests.",
        discussion: """
            Every command prints its answer as JSON on standard output, and its reasons in words on standard error.

            Exit codes: 0 yes, 1 no or invalid, 3 a file is not the JSON it should be, 4 a file cannot be read.

            Examples:
              uplift check constraint --properties node-policy.json 'purpose == kiosk && openhorizon.memory >= 4000'
              uplift check version in '[2.30.0,3.0.0)' 2.31.0
              uplift check batch --verify our-cases.json
            """,
        subcommands: [
            CheckConstraintCommand.self, CheckVersionCommand.self, CheckMatchCommand.self, CheckPlanCommand.self, CheckPolicyCommand.self,
            CheckManifestCommand.self, CheckBatchCommand.self,
        ])
}

extension CommandWorld {
    /// Prints the answer, and why; throws the reasons when the answer is no, so that the shell sees it.
    func answer(_ answer: JSONValue, isYes: Bool, because reasons: [String]) throws(CommandError) {
        say(JSONText.pretty(answer))
        let lines = reasons.map(Shown.text)
        guard isYes else { throw CommandError(.usage, lines.joined(separator: "\n")) }
        for line in lines { writeError(line + "\n") }
    }
}
