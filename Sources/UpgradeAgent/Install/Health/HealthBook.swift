import UpgradeModel
import UpgradePorts

/// What the probes of a trial found so far: of each its last result, in the order in which they were first begun.
struct HealthBook {
    private let clock: any Clock
    private var began: [String: Duration] = [:]
    private(set) var results: [HealthResult] = []

    init(clock: any Clock) { self.clock = clock }

    /// The probe begins; its time counts from its first begin.
    mutating func begin(_ name: String) {
        if began[name] == nil { began[name] = clock.sinceBoot() }
    }

    /// The probe has ended.
    mutating func note(_ name: String, _ verdict: HealthResult.Verdict, _ sentence: String) {
        let now = clock.sinceBoot()
        let took = now - (began[name] ?? now)
        add(HealthResult(name: name, verdict: verdict, sentence: sentence, at: clock.now(), took: took))
    }

    mutating func add(_ result: HealthResult) {
        if let known = results.firstIndex(where: { $0.name == result.name }) { results[known] = result } else { results.append(result) }
    }
}
