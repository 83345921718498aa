import FleetSimulation
import Synchronization

/// Calls that wait for minutes each never end where nobody answers: after some in a row without any answer the others are not tried.
final class LoadPatience: Sendable {
    /// In a row; a few are under way at once.
    static let most = 16

    private let silent = Mutex(0)

    /// Errors: those of `body`, or that it was not called.
    func trying<Value>(_ what: String, _ body: () throws(LiveFailure) -> Value) throws(LiveFailure) -> Value {
        guard silent.withLock({ $0 }) < LoadPatience.most else {
            throw LiveFailure(.hub, "\(what) was not tried: \(LoadPatience.most) calls before it had no answer", isSilence: true)
        }
        do throws(LiveFailure) {
            let value = try body()
            silent.withLock { $0 = 0 }
            return value
        } catch {
            silent.withLock { $0 = error.isSilence ? $0 + 1 : 0 }
            throw error
        }
    }
}
