import Logging

/// What an agent would log is part of what happened.
struct TraceLog: LogHandler {
    let note: @Sendable (Logger.Level, String) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .warning

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let told = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        note(event.level, "log: \(([event.message.description] + told).joined(separator: ", "))")
    }
}
