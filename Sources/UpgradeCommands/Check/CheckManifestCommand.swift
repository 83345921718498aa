import ArgumentParser

/// `uplift check manifest`.
struct CheckManifestCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "Find every mistake in a manifest, without the Management Hub.",
        discussion: """
            Prints {"valid": …, "mistakes": [{"field", "message", "remedy"}]}; the exit code is 0 for a valid manifest, else 1. Whether
            the files are there is not looked at: `uplift nodemanagement manifest add` does that.

            A range is taken by nodes and refused by hzn, so it is a mistake; --allow-quirks makes it one of the "warnings".

            Example:
              uplift check manifest manifest.json
            """)

    @OptionGroup var root: RootOption
    @OptionGroup var quirks: QuirkOption

    @Argument(help: "The manifest (JSON); - is standard input.")
    var file: String

    func run(in world: CommandWorld) throws(CommandError) {
        try ManifestFile.reviewed(file).judge(quirks, in: world)
    }
}
