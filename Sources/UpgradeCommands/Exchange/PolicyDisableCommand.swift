import ArgumentParser

/// `uplift exchange nmp disable`. Source: contract 6.3; changed as `enable`.
struct PolicyDisableCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disable a policy: nodes drop what they have not begun to install.")

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions

    @Argument(help: "The policy, NAME or ORG/NAME.")
    var name: String

    func run(in world: CommandWorld) throws(CommandError) {
        let access = try ExchangeAccess(root, account, in: world)
        world.say(try PolicySwitch(access: access, name: try access.account.name(name)).turn(on: false, even: false) { _ in })
    }
}
