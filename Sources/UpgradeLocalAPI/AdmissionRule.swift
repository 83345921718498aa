import UpgradePorts

/// What is refused by its head alone, before the body is read and before a route is looked up.
struct AdmissionRule: Sendable {
    /// Where the connection came in.
    let door: LocalDoor
    /// What this peer gets for everything; nil when it is welcome.
    let peerRefusal: LocalResponse?

    /// The answer that ends the connection; nil when the request may go on.
    /// - Parameter hosts: all `Host` headers.
    func refusal(method: String, hosts: [String]) -> LocalResponse? {
        if let peerRefusal { return peerRefusal }
        guard hosts.count <= 1 else { return .refusal(400, "More than one Host header.") }
        if let host = hosts.first, !HostRule.isLocal(host) { return HostRule.refusal(of: host) }
        if door == .tcp, LocalRequest(method: method, path: []).isChanging {
            return .refusal(
                403,
                "\(method) is not taken over TCP, which every local user can reach. "
                    + "Use the agent's unix socket, or the uplift command, as root or as a member of group \(PeerRule.groupName).")
        }
        return nil
    }
}

/// A web page whose name was re-pointed to 127.0.0.1 still sends its own name in `Host`: that is how it is told from a local caller.
enum HostRule {
    /// Whether the header names this machine: localhost, 127.0.0.1 or [::1], each with or without a port, or nothing at all.
    static func isLocal(_ host: String) -> Bool {
        if host.isEmpty { return true }
        let lowered = host.lowercased()
        for name in ["localhost", "127.0.0.1", "[::1]"] where lowered.hasPrefix(name) {
            return isPortOrNothing(lowered.dropFirst(name.count))
        }
        return false
    }

    /// The answer to a foreign name.
    static func refusal(of host: String) -> LocalResponse {
        let shown = String(host.prefix(100))
        return .refusal(403, "Host \"\(shown)\" is not this machine. Ask localhost, 127.0.0.1 or [::1].", input: shown)
    }

    private static func isPortOrNothing(_ rest: Substring) -> Bool {
        guard let colon = rest.first else { return true }
        let digits = rest.dropFirst().utf8
        return colon == ":" && digits.count <= 5 && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}
