import ArgumentParser
import UpgradeWire

/// `uplift hold`.
struct HoldCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Let no upgrade begin on this node until `uplift unhold`.",
        discussion: """
            Upgrades that wait go on waiting; one that is being downloaded or unpacked stops and keeps what it has. One that the installer has \
            already goes on to its end. Restarts and upgrades keep the hold. Said again with another reason, the new one counts.
            """)

    @OptionGroup var root: RootOption

    @Option(name: .shortAndLong, help: ArgumentHelp("Why, for whoever looks at the node.", valueName: "text"))
    var reason: String = ""

    func run(in world: CommandWorld) throws(CommandError) {
        let agent = LocalAgent(root, in: world)
        let sudoer = world.environment["SUDO_USER"].flatMap { $0.isEmpty ? nil : $0 }
        let body = try JSONText.value(HoldRequestDocument(by: sudoer ?? UserFile.userName, reason: reason))
        let hold = try agent.call("PUT", ["nodemanagement", "hold"], body).success().read(HoldDocument.self)
        if let policy = hold.goesOn { world.note("The upgrade of \(Shown.text(policy)) is in the installer's hands and goes on.") }
        world.say("This node is held by \(Shown.text(hold.by ?? "")): no upgrade begins until `uplift unhold`.")
    }
}

/// `uplift unhold`.
struct UnholdCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "unhold", abstract: "Let upgrades begin on this node again, and go on where they were stopped.")

    @OptionGroup var root: RootOption

    func run(in world: CommandWorld) throws(CommandError) {
        let hold = try LocalAgent(root, in: world).call("DELETE", ["nodemanagement", "hold"]).success().read(HoldDocument.self)
        guard hold.held else {
            world.say("This node was not held.")
            return
        }
        let reason = hold.reason.map { " (\(Shown.text($0)))" } ?? ""
        world.say("This node was held by \(Shown.text(hold.by ?? "")) since \(Shown.text(hold.since ?? ""))\(reason) and is free now.")
    }
}
