/// Names are held against each other by one table of the hub's database and by our own code, so they must mean one thing to both: plain
/// characters, of which no two sequences are the same text.
package enum IdentityNameRule {
    /// Longest name. Bytes.
    package static let bytesMax = 255

    /// Whether a segment of a path, or a part of credentials, can be a name: visible ASCII and blanks, no slash.
    package static func isValid(_ name: String) -> Bool {
        (1...bytesMax).contains(name.utf8.count) && name.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "/") }
    }

    /// Refuses the name of a new user, node or agreement bot that one of the others has: it would log in instead of them. And one with a
    /// colon, behind which the secret begins: nobody could log in with it.
    package static func requireFree(_ org: String, _ id: String, _ tables: any HubReading) throws {
        if id.contains(":") { throw Refusal.badInput("'\(id)' has a colon; nobody could log in with such a name") }
        let holders = [
            ("a user", try tables.user(org, id) != nil), ("a node", try tables.nodeOwner(org, id) != nil),
            ("an agreement bot", try tables.agbotTokenHash(org, id) != nil),
        ]
        if let holder = holders.first(where: \.1) {
            throw Refusal.accessDenied(
                "Access denied: \(holder.0) is named '\(org)/\(id)' already; users, nodes and agreement bots share names")
        }
    }
}
