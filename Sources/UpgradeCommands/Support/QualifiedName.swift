/// Something of an organization, written `org/name`. Source: contract 6.1, "Names".
struct QualifiedName: Hashable {
    let org: String
    let name: String

    init(org: String, name: String) {
        self.org = org
        self.name = name
    }

    /// Reads `org/name`, or `name` of the organization that is given.
    init(_ text: String, org: String?) throws(CommandError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else { throw CommandError(.usage, "the id can not contain more than 1 '/'") }
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            throw CommandError(.usage, "the name '\(Shown.text(text))' must be NAME or ORG/NAME, without empty parts")
        }
        if parts.count == 2 {
            self.init(org: parts[0], name: parts[1])
        } else if let org {
            self.init(org: org, name: parts[0])
        } else {
            throw CommandError(.usage, "no organization for '\(Shown.text(text))': give -o ORG, set HZN_ORG_ID, or write ORG/NAME")
        }
    }

    /// `org/name`.
    var text: String { org + "/" + name }

    /// `org/name`, fit for a message.
    var shown: String { Shown.text(text) }
}
