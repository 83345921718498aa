import ArgumentParser

/// `uplift opstatus dump`.
struct OpStatusDumpCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Write all records of operation status, before the node is unregistered: one JSON object on each line.")

    @OptionGroup var root: RootOption

    @Argument(help: "The file to make; it must not be there.")
    var file: String

    func run(in world: CommandWorld) throws(CommandError) {
        let found = try OperationRecords(.agent(LocalAgent(root, in: world))).newest(.max, [])
        try OperationLines(file, in: world).write(found)
        world.note("\(found.count) records are in \(Shown.text(file)).")
    }
}
