import UpgradeModel

/// The words of the wire for the statuses: mapped here and nowhere else. Source: contract 4.1, literal.
package enum StatusWord {
    /// The word for a status.
    package static func word(_ status: Status) -> String {
        switch status {
        case .waiting: "waiting"
        case .downloadStarted: "download started"
        case .downloaded: "downloaded"
        case .downloadFailed: "download failed"
        case .initiated: "initiated"
        case .successful: "successful"
        case .noActionRequired: "no action required"
        case .precheckFailed: "precheck failed"
        case .failed: "failed"
        case .rollbackStarted: "rollback started"
        case .rollbackSuccessful: "rollback successful"
        case .rollbackFailed: "rollback failed"
        case .unknown: "unknown"
        case .reset: "reset"
        case .haNodeWaiting: "ha node waiting"
        }
    }

    /// The status of a word; nil for a word that is none.
    package static func status(_ word: String) -> Status? { Status.allCases.first { StatusWord.word($0) == word } }
}
