import Dispatch
import Glibc

/// Bounds a graceful stop: some seconds after the signal what is still under way is cut off.
final class StopDeadline {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter expire: Called when the grace time after the first SIGTERM or SIGINT is over.
    init(grace: Duration, expire: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "uplift-exchange.stop")
        let seconds = Double(grace.components.seconds) + Double(grace.components.attoseconds) * 1e-18
        sources = [SIGTERM, SIGINT].map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
            source.setEventHandler { queue.asyncAfter(deadline: .now() + seconds, execute: expire) }
            source.resume()
            return source
        }
    }

    /// The stop is complete; nothing is cut off any more.
    func disarm() { for source in sources { source.cancel() } }
}
