/// Fingerprints of credentials that were verified lately. In memory only.
actor VerifiedCredentials {
    /// How many are remembered; when it is full, everybody proves again, once.
    static let entriesMax = 10_000

    private var fingerprints: Set<[UInt8]> = []

    func contains(_ fingerprint: [UInt8]) -> Bool { fingerprints.contains(fingerprint) }

    func insert(_ fingerprint: [UInt8]) {
        if fingerprints.count >= Self.entriesMax { fingerprints.removeAll() }
        fingerprints.insert(fingerprint)
    }
}
