/// Why a scenario could not be tried against a true hub or with true programs, or not to its end.
package struct LiveFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Who has to do something.
    package enum Kind: Hashable, Sendable {
        /// The scenario, or how it was asked for.
        case order
        /// The hub did not answer, or refused.
        case hub
        /// A program did not start, or did not do its part.
        case program
        /// Nobody: it was wanted.
        case interrupted
    }

    /// See `Kind`.
    package let kind: Kind
    /// What was tried, found and expected, and what to do.
    package let explanation: String

    /// Nothing came at all: who asks on may wait for ever.
    package let isSilence: Bool

    /// Memberwise.
    package init(_ kind: Kind, _ explanation: String, isSilence: Bool = false) {
        self.kind = kind
        self.explanation = explanation
        self.isSilence = isSilence
    }

    package var description: String { explanation }
}
