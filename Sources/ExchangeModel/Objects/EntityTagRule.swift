/// Whether a client has the bytes already. Source: RFC 9110 section 13.1.2.
package enum EntityTagRule {
    /// True when `If-None-Match` names the tag, or `*`; weak and strong tags are taken alike.
    /// - Parameter tag: The object's own tag, with its quotes.
    package static func isHeld(_ tag: String, ifNoneMatch: String?) -> Bool {
        guard let ifNoneMatch else { return false }
        return ifNoneMatch.split(separator: ",").contains { piece in
            let named = piece.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            return named == "*" || (named.hasPrefix("W/") ? named.dropFirst(2) : named[...]) == tag
        }
    }
}
