import ArgumentParser

/// Who is asked for records of operation status.
struct OperationSource: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Ask the Exchange, as an administrator: for what this node told it, for its own work (hub), or for everything (all). "
                + "Only uplift-exchange keeps such records.", valueName: "ORG/NODE|hub|all"))
    var node: String?

    @OptionGroup var account: AccountOptions

    /// This node's agent, unless the Exchange is wanted.
    func records(_ root: RootOption, in world: CommandWorld) throws(CommandError) -> OperationRecords {
        guard let node else { return OperationRecords(.agent(LocalAgent(root, in: world))) }
        return OperationRecords(.hub(try ExchangeAccess(root, account, in: world).hub, node: node == "all" ? nil : node))
    }
}
