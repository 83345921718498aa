import ArgumentParser

/// `uplift exchange`. Source: contract 6.3, 6.4.
struct ExchangeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchange",
        abstract: "Management policies and their statuses in the Exchange.",
        subcommands: [PolicyCommand.self, NodeCommand.self],
        aliases: ["ex"])

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
}
