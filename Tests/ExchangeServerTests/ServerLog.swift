import Logging
import NIOConcurrencyHelpers

/// Keeps every line of a log: level, message, metadata.
final class ServerLog: Sendable {
    private let lines = NIOLockedValueBox<[String]>([])

    var logger: Logger {
        var logger = Logger(label: "test") { [lines] _ in Handler(lines: lines) }
        logger.logLevel = .trace
        return logger
    }

    var text: String { lines.withLockedValue { $0.joined(separator: "\n") } }

    /// The first line like this, as soon as it is there.
    func line(_ isIt: (String) -> Bool) async throws -> String {
        let deadline = ContinuousClock().now + .seconds(20)
        while ContinuousClock().now < deadline {
            if let line = lines.withLockedValue({ $0 }).first(where: isIt) { return line }
            await Task.yield()
        }
        throw TestFailure("no such line within 20 s in:\n\(text)")
    }

    private struct Handler: LogHandler {
        let lines: NIOLockedValueBox<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = "\(event.level) \(event.message) \(metadata) \(event.metadata ?? [:]) \(String(describing: event.error))"
            lines.withLockedValue { $0.append(line) }
        }
    }
}
