import ArgumentParser

/// `uplift opstatus export`.
struct OpStatusExportCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the newest records of operation status, for support: one JSON object on each line.")

    @OptionGroup var root: RootOption
    @OptionGroup var filter: OperationFilter
    @OptionGroup var source: OperationSource

    @Option(help: "So many of the newest.")
    var last = 500

    @Option(help: ArgumentHelp("The file to make; without it, standard output.", valueName: "file"))
    var output: String?

    func run(in world: CommandWorld) throws(CommandError) {
        let found = try source.records(root, in: world).newest(last, filter.query)
        try OperationLines(output, in: world).write(found)
    }
}
