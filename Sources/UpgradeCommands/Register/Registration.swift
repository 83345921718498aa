import UpgradePorts
import UpgradeWire

/// The steps of a registration, each of which says what is left behind when it fails.
struct Registration {
    let agent: LocalAgent
    let node: QualifiedName
    let token: String
    let pattern: String
    let name: String
    /// The hub as the user sees it; nil when no user was given.
    let user: Hub?
    /// The hub as the node sees it.
    let itself: Hub

    private var path: String { HubPath.node(node.org, node.name) }
    private var world: CommandWorld { agent.world }

    /// An agent has one identity at a time.
    func refuseIfRegistered() throws(CommandError) {
        let present = try agent.node()
        guard present.state != "configured" else {
            throw CommandError(
                .usage, "this node is already registered as \(present.shown); to register it anew, first run: uplift unregister")
        }
    }

    /// Makes sure that the exchange has the node and takes its token.
    func makeNode() throws(CommandError) {
        guard let user else { return try checkToken(missingUser: true) }
        let found = try user.get(path)
        if found.status == 404 {
            try create(user)
            world.say("Node \(node.shown) created in the Exchange.")
        } else {
            try found.success()
            try checkToken(missingUser: false)
            world.say("Node \(node.shown) is in the Exchange.")
        }
    }

    private func create(_ user: Hub) throws(CommandError) {
        let answer: Answer
        do throws(CommandError) {
            answer = try user.exchange("PUT", path, try JSONText.body(request))
        } catch {
            throw error.adding("Whether the Exchange has made the node is not known. Repeating this command is safe.")
        }
        guard !(200...299).contains(answer.status) else { return }
        let error = answer.unexpected()
        throw CommandError(error.status, hidingToken(error.text)).adding("Nothing is left behind.")
    }

    /// Puts the node's policy into the exchange.
    func putPolicy(_ policy: NodePolicyDocument) throws(CommandError) {
        do throws(CommandError) {
            try itself.exchange("PUT", HubPath.nodePolicy(node.org, node.name), try JSONText.body(policy.asRequest)).success()
        } catch {
            throw error.adding(leftAtExchange)
        }
        world.say("Node policy of \(node.shown) updated in the Exchange.")
    }

    /// Hands identity and token to the agent, which does the rest.
    func tellAgent() throws(CommandError) {
        let body: JSONValue = [
            "id": .string(node.name), "organization": .string(node.org), "pattern": .string(pattern), "name": .string(shownName),
            "nodeType": "device", "token": .string(token),
        ]
        do throws(CommandError) {
            try agent.call("POST", ["node"], body).success()
        } catch {
            throw CommandError(error.status, hidingToken(error.text)).adding(leftAtExchange)
        }
        world.say("The agent knows that it is \(node.shown).")
        do throws(CommandError) {
            try agent.call("PUT", ["node", "configstate"], ["state": "configured"]).success()
        } catch {
            throw error.adding("The agent holds the identity \(node.shown) and is not configured. To undo that: uplift unregister -f")
                .adding(leftAtExchange)
        }
        world.say("Node \(node.shown) is registered.")
    }

    private var shownName: String { name.isEmpty ? node.name : name }

    /// Kept: pattern, key and token go together. Source: contract 1.2.
    private var request: NodeRequestDocument {
        NodeRequestDocument(
            token: token, name: shownName, nodeType: "device", pattern: pattern, publicKey: "", arch: world.architecture)
    }

    private var leftAtExchange: String {
        "The node \(node.shown) stays in the Exchange. Repeat this command to go on, or delete the node there to undo."
    }

    /// The node exists, if the exchange lets it in.
    private func checkToken(missingUser: Bool) throws(CommandError) {
        let answer = try itself.get(path)
        let remedy =
            missingUser
            ? "Give the right token, or a user's credentials (-u USER:PW) to create the node."
            : "The node exists with another token: give that one, or delete the node in the Exchange first."
        switch answer.status {
        case 200...299: return
        case 401: throw CommandError(.http, "the Exchange refuses the node \(node.shown) with this token (401). \(remedy)")
        case 404: throw CommandError(.notFound, "the node \(node.shown) is not in the Exchange. \(remedy)")
        default: throw answer.unexpected()
        }
    }

    /// A server may repeat what it was sent.
    private func hidingToken(_ text: String) -> String {
        text.split(separator: token, omittingEmptySubsequences: false).joined(separator: "***")
    }
}
