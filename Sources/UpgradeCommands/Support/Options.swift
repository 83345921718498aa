import ArgumentParser

/// `--root`, taken by every command.
struct RootOption: ParsableArguments {
    @Option(help: ArgumentHelp("Look for the agent's socket and for settings below this folder.", valueName: "dir"))
    var root: String = "/"

    /// A path below the root.
    func path(_ relative: String) -> String { root.hasSuffix("/") ? root + relative : root + "/" + relative }
}

/// Who asks, and in which organization.
struct AccountOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Organization; else HZN_ORG_ID.", valueName: "org"))
    var org: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("User of the Exchange, USER:PW or ORG/USER:PW; else HZN_EXCHANGE_USER_AUTH.", valueName: "user:pw"))
    var userPw: String?
}

/// Who asks, when it is a node.
struct NodeAccountOption: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Node and its token; else HZN_EXCHANGE_NODE_AUTH.", valueName: "id:token"))
    var nodeIdTok: String?
}

/// Which key signs.
struct SigningOptions: ParsableArguments {
    @Option(
        name: [.customShort("k"), .long],
        help: ArgumentHelp(
            "Private key (PEM) that signs; else HZN_PRIVATE_KEY_FILE, else ~/.hzn/keys/service.private.key.", valueName: "file"))
    var privateKeyFile: String?
}
