import ArgumentParser
import UpgradePorts
import UpgradeWire

/// `uplift register`.
struct RegisterCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "register", abstract: "Register this node with the Exchange and its agent.",
        discussion: """
            With a user's credentials (-u) the node is created in the Exchange if it is missing. Then the agent is told who it is;
            it makes its key pair, publishes the public key and begins to work. Repeating the command after a failure is safe.

            Example:
              uplift register -o myorg -n node1:secret-token -u admin:password --policy node.policy.json
            """)

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var nodeAccount: NodeAccountOption

    @Option(name: .shortAndLong, help: ArgumentHelp("Pattern of the node, NAME or ORG/NAME.", valueName: "pattern"))
    var pattern: String?

    @Option(help: ArgumentHelp("Node policy (JSON) to put into the Exchange; - is standard input.", valueName: "file"))
    var policy: String?

    @Option(name: [.customShort("m"), .long], help: ArgumentHelp("Name for people; else the node's id.", valueName: "name"))
    var name: String?

    func run(in world: CommandWorld) throws(CommandError) {
        let agent = LocalAgent(root, in: world)
        let account = Account(account, node: nodeAccount, agent.settings)
        guard let credentials = try account.nodeCredentials() else {
            throw CommandError(.usage, "no node: give -n ID:TOKEN or set HZN_EXCHANGE_NODE_AUTH")
        }
        let user = try account.user()
        let registration = Registration(
            agent: agent, node: try QualifiedName(credentials.id, org: nil), token: credentials.secret,
            pattern: try pattern.map { pattern throws(CommandError) in try account.name(pattern).text } ?? "", name: name ?? "",
            user: user.map { Hub(world: world, settings: agent.settings, credentials: $0) },
            itself: Hub(world: world, settings: agent.settings, credentials: credentials))
        let policy = try policy.map { path throws(CommandError) in try NodePolicyFile.read(path) }
        try registration.refuseIfRegistered()
        try registration.makeNode()
        if let policy { try registration.putPolicy(policy) }
        try registration.tellAgent()
    }
}
