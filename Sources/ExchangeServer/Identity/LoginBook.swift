import ExchangeModel

/// Judges proofs of identity: what was verified is believed at once, the same proof is judged once however often it comes meanwhile, and
/// whoever fails again and again has to wait.
actor LoginBook {
    private let verified: VerifiedCredentials
    private var failures: LoginFailures
    private var underWay: [[UInt8]: Task<Bool, any Error>] = [:]

    init(_ verified: VerifiedCredentials, _ limits: LoginLimits) {
        self.verified = verified
        failures = LoginFailures(firstWait: limits.firstWait)
    }

    /// Whether the proof is right.
    /// - Parameters:
    ///   - fingerprint: Stands for name, secret and stored hash together.
    ///   - judge: The costly comparison.
    /// - Throws: 429 when the key must wait; errors of the comparison.
    func isRight(
        _ fingerprint: [UInt8], of key: LoginFailures.Key, judge: @escaping @Sendable () async throws -> Bool
    ) async throws -> Bool {
        if let task = underWay[fingerprint] { return try await task.value }
        if verified.contains(fingerprint) { return true }
        if let rest = failures.admit(key, at: .now) {
            throw Refusal.tooMany("too many failed logins; try again later", retryAfter: max(1, Int(rest.components.seconds) + 1))
        }
        let task = Task { try await judge() }
        underWay[fingerprint] = task
        let outcome = await task.result
        underWay[fingerprint] = nil
        switch outcome {
        case .success(true):
            failures.forgive(key)
            verified.insert(fingerprint)
        case .success(false): break
        case .failure: failures.takeBack(key)
        }
        return try outcome.get()
    }
}
