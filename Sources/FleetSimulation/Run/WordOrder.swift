import UpgradeModel

/// Which word may follow which in the life of one policy on one node. Written by hand and not made from the machine, so that the machine can be
/// held against it. Source: contract 4.1, and the handbook's page of the state machine.
enum WordOrder {
    /// - Parameter last: nil when the policy has no word yet.
    static func allows(_ word: Status, after last: Status?) -> Bool {
        switch word {
        case .waiting: last.map { ![.failed, .rollbackStarted, .rollbackFailed].contains($0) } ?? true
        case .downloadStarted: last == .waiting || last == .downloadStarted
        case .downloaded: last == .downloadStarted || last == .downloaded || last == .haNodeWaiting
        case .haNodeWaiting: last == .downloaded || last == .haNodeWaiting
        case .initiated: last == .downloaded || last == .haNodeWaiting
        case .successful, .failed: last == .initiated
        case .rollbackStarted: last == .failed
        case .rollbackFailed: last == .rollbackStarted
        case .rollbackSuccessful: last == .rollbackStarted || last == .rollbackFailed
        case .noActionRequired: last == .downloadStarted
        case .downloadFailed: last == .downloadStarted || last == .downloaded
        case .precheckFailed: last.map { [.waiting, .downloadStarted, .downloaded, .haNodeWaiting, .initiated].contains($0) } ?? true
        case .unknown: true
        case .reset: false
        }
    }
}
