/// Why a door of the local API could not be opened.
package struct LocalAPIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that a caller tells apart.
    package enum Kind: String, Hashable, Sendable {
        /// The folder of the socket cannot be made or opened.
        case folder
        /// The unix socket cannot be made, or something that is not a socket has its name.
        case socket
        /// Another process listens on the TCP port.
        case portTaken = "port-taken"
        /// The TCP port is not possible or not allowed.
        case port
        /// The port file cannot be written.
        case portFile = "port-file"
        /// Opened twice, or opened after the stop.
        case state
    }

    /// Why, in one notion.
    package let kind: Kind
    /// What was tried, on what, and what was found.
    package let explanation: String
    /// What to do about it.
    package let remedy: String

    /// Memberwise.
    package init(_ kind: Kind, _ explanation: String, remedy: String) {
        self.kind = kind
        self.explanation = explanation
        self.remedy = remedy
    }

    package var description: String { "\(explanation) \(remedy)" }
}
