/// What a caller says to be: the text inside basic authentication, taken apart. Source: contract 1.1.
package struct Credentials: Hashable, Sendable {
    /// Text before the first slash.
    package var org: String
    /// Text between the first slash and the first colon.
    package var id: String
    /// Everything after that colon; it may hold colons and slashes itself. Never logged.
    package var secret: String

    /// `org/id:secret`; nil when a part is missing or empty, or when a name can be none.
    package init?(basic text: String) {
        guard let colon = text.firstIndex(of: ":"), let slash = text[..<colon].firstIndex(of: "/") else { return nil }
        org = String(text[..<slash])
        id = String(text[text.index(after: slash)..<colon])
        secret = String(text[text.index(after: colon)...])
        guard IdentityNameRule.isValid(org), IdentityNameRule.isValid(id), !secret.isEmpty else { return nil }
    }
}
