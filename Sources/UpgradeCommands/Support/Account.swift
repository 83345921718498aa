import UpgradePorts

/// The options with the settings behind them: who asks and where.
struct Account {
    let options: AccountOptions
    let node: NodeAccountOption?
    let settings: CommandSettings

    init(_ options: AccountOptions, node: NodeAccountOption? = nil, _ settings: CommandSettings) {
        self.options = options
        self.node = node
        self.settings = settings
    }

    /// The organization of things that are named without one; nil when none is set.
    func orgIfSet() throws(CommandError) -> String? {
        guard let org = options.org ?? settings["HZN_ORG_ID"] else { return nil }
        guard !org.isEmpty, !org.contains("/") else {
            throw CommandError(.usage, "the organization '\(Shown.text(org))' must not be empty or contain '/'")
        }
        return org
    }

    /// The organization.
    func org() throws(CommandError) -> String {
        guard let org = try orgIfSet() else { throw CommandError(.usage, "no organization: give -o ORG or set HZN_ORG_ID") }
        return org
    }

    /// `name` of the default organization, or `org/name`.
    func name(_ text: String) throws(CommandError) -> QualifiedName { try QualifiedName(text, org: orgIfSet()) }

    /// The user's credentials; nil when none are set.
    func user() throws(CommandError) -> Credentials? {
        guard let text = options.userPw ?? settings["HZN_EXCHANGE_USER_AUTH"] else { return nil }
        return try credentials(text, what: "user", form: "USER:PW or ORG/USER:PW")
    }

    /// The node's credentials; nil when none are set.
    func nodeCredentials() throws(CommandError) -> Credentials? {
        guard let text = node?.nodeIdTok ?? settings["HZN_EXCHANGE_NODE_AUTH"] else { return nil }
        return try credentials(text, what: "node", form: "ID:TOKEN")
    }

    /// The user, who is needed.
    func neededUser() throws(CommandError) -> Credentials {
        guard let user = try user() else {
            throw CommandError(.usage, "no user: give -u USER:PW or set HZN_EXCHANGE_USER_AUTH")
        }
        return user
    }

    /// Whoever was named: on the command line before the settings, the user before the node.
    func anybody() throws(CommandError) -> Credentials {
        if options.userPw == nil, node?.nodeIdTok != nil, let node = try nodeCredentials() { return node }
        if let user = try user() { return user }
        if let node = try nodeCredentials() { return node }
        throw CommandError(
            .usage, "no credentials: give -u USER:PW or -n ID:TOKEN, or set HZN_EXCHANGE_USER_AUTH or HZN_EXCHANGE_NODE_AUTH")
    }

    /// Splits at the first colon, because passwords may hold more of them. The text itself is never repeated: it holds a secret.
    private func credentials(_ text: String, what: String, form: String) throws(CommandError) -> Credentials {
        guard let colon = text.firstIndex(of: ":") else { throw CommandError(.usage, "the \(what)'s credentials must be \(form)") }
        let secret = String(text[text.index(after: colon)...])
        guard !secret.isEmpty else { throw CommandError(.usage, "the \(what)'s credentials must be \(form); nothing follows the ':'") }
        return Credentials(id: try name(String(text[..<colon])).text, secret: secret)
    }
}
