import ArgumentParser

/// `uplift`: the command line of the house, in the words of `hzn`. Source: contract 6.
struct UpliftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uplift",
        abstract: "Upgrade the agents of edge nodes by policy: register nodes, publish files, watch what happens.",
        discussion: """
            Settings come from the environment, then from <root>/etc/uplift/*.conf, then from <root>/etc/default/horizon:
              HZN_EXCHANGE_URL        address of the Exchange, ending in /v1
              HZN_FSS_CSSURL          address of the CSS (packages, manifests)
              HZN_ORG_ID              organization, as -o
              HZN_EXCHANGE_USER_AUTH  USER:PW or ORG/USER:PW, as -u
              HZN_EXCHANGE_NODE_AUTH  ID:TOKEN, as -n
              HZN_MGMT_HUB_CERT_PATH  CA file (PEM) for HTTPS
              HZN_PRIVATE_KEY_FILE    key that signs what you publish, as -k
              HORIZON_URL             the agent, instead of <root>/run/uplift/agent.sock

            Exit codes: 0 done, 1 usage, 3 JSON or YAML, 4 file, 5 HTTP or connection, 7 other, 8 not found, 9 signature, 99 our mistake;
            of simulate also 20 wrong result, 21 broken invariant, 22 no progress.
            """,
        version: "uplift 0.1.0",
        subcommands: [
            RegisterCommand.self, UnregisterCommand.self, NMStatusCommand.self, OpStatusCommand.self, HoldCommand.self, UnholdCommand.self,
            KeyCommand.self, NodeManagementCommand.self, ExchangeCommand.self, FleetCommand.self, CheckCommand.self,
            SimulateCommand.self,
        ])

    @OptionGroup var root: RootOption
}
