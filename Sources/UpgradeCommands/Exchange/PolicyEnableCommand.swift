import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift exchange nmp enable`. Source: contract 6.3; changed, because of contract 6.7: the name is needed and its own organization
/// counts.
struct PolicyEnableCommand: LeafCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Enable a policy, and set when it starts.")

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("now, or an RFC 3339 time.", valueName: "time"))
    var startTime: String?

    @Option(
        name: [.customShort("w"), .long], help: ArgumentHelp("Seconds over which the nodes spread their starts.", valueName: "seconds"))
    var startWindow: Int64?

    @Argument(help: "The policy, NAME or ORG/NAME.")
    var name: String

    func run(in world: CommandWorld) throws(CommandError) {
        if let startTime {
            var shape = ShapeCheck()
            PolicyFile.checkStart(startTime, &shape)
            try shape.refuse("Incorrect start time")
        }
        let access = try ExchangeAccess(root, account, in: world)
        let isPlain = startTime == nil && startWindow == nil
        let done = try PolicySwitch(access: access, name: try access.account.name(name)).turn(on: true, even: !isPlain) { request in
            if let startTime { request.start = startTime }
            if let startWindow { request.startWindow = startWindow }
        }
        world.say(done)
    }
}
