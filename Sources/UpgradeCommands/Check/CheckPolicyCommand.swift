import ArgumentParser

/// `uplift check nmp`.
struct CheckPolicyCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "nmp", abstract: "Find every mistake in a node management policy, without the Management Hub.",
        discussion: """
            Prints {"valid": …, "mistakes": [{"field", "position", "message", "remedy"}]}; the exit code is 0 for a valid policy, else 1.
            Positions are characters of the field's text, the first is 1; where the text is no JSON, there are "line" and "column".

            A mistake is also what nodes take, and what means something else than it seems to: a == x || (always true), a blank before
            a name (never matches), a!=b (a property called a!), [1.0.0,2.0.0) (holds 2.0.0-rc1). --allow-quirks makes them "warnings".

            Examples:
              uplift check nmp spring.json
              uplift check nmp --allow-quirks - < spring.json
            """)

    @OptionGroup var root: RootOption
    @OptionGroup var quirks: QuirkOption

    @Flag(help: "Allow a policy without constraints and patterns, which is for all nodes without a pattern.")
    var noConstraints = false

    @Argument(help: "The policy (JSON); - is standard input.")
    var file: String

    func run(in world: CommandWorld) throws(CommandError) {
        try PolicyFile.reviewed(file, isForAll: noConstraints).judge(quirks, in: world)
    }
}
