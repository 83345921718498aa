import UpgradeModel
import UpgradePorts

/// The control probe of a simulated node: whatever the scenario says at this moment.
package struct SimProber: HubProber {
    private let answer: @Sendable (Int) -> ProbeResult

    /// - Parameter answer: what a release's configuration and certificate reach now.
    package init(_ answer: @escaping @Sendable (Int) -> ProbeResult = { _ in ProbeResult(succeeded: true, reason: "") }) {
        self.answer = answer
    }

    package func probe(release: Int) -> ProbeResult { answer(release) }
}
