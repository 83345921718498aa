import ArgumentParser

/// `uplift key`.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make the key pair that signs what you publish.", subcommands: [KeyCreateCommand.self])
}
