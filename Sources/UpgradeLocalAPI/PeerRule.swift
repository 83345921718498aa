import UpgradePorts

/// Who may use the unix socket: root, the agent's own user, and members of the group `uplift`. Source: contract 3, "changed".
///
/// Changed from Open Horizon, because its agent takes changes from every local process.
struct PeerRule: Sendable {
    /// The name of the group whose members may use the socket.
    static let groupName = "uplift"

    /// The agent's effective user.
    let agentUser: UInt32
    /// The number of the group on this node; nil when there is no such group.
    let groupNumber: UInt32?

    /// - Parameter groups: the supplementary groups that the kernel noted for the peer when it connected.
    func admits(_ peer: PeerIdentity, groups: [UInt32]) -> Bool {
        if peer.uid == 0 || peer.uid == agentUser { return true }
        guard let groupNumber else { return false }
        return peer.gid == groupNumber || groups.contains(groupNumber)
    }

    /// The answer to everyone else.
    func refusal(of peer: PeerIdentity) -> LocalResponse {
        let own = agentUser == 0 ? "root" : "root, the agent's user (uid \(agentUser))"
        let group = groupNumber == nil ? "group \(Self.groupName) (which this node does not have)" : "group \(Self.groupName)"
        return .refusal(
            403, "Only \(own) and members of \(group) may use the agent's socket, not uid \(peer.uid). Use sudo, or join the group.")
    }
}
