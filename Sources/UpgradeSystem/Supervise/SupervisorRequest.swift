import UpgradeModel

/// The words between a supervisor and its clients: one line asks, one line answers.
enum SupervisorRequest: Hashable, Sendable {
    case stop, start, agent
    case install(Ticket)

    /// Bytes that a line may have.
    static let lineBytesMax = 256
    /// The folder of the socket, relative to `--root`.
    static let folder = "run/uplift"
    /// The socket's name in it.
    static let socket = "supervisor.sock"

    init?(line: String) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        switch (words.first, words.count) {
        case ("stop", 1): self = .stop
        case ("start", 1): self = .start
        case ("agent", 1): self = .agent
        case ("install", 2):
            guard let ticket = Ticket(String(words[1])) else { return nil }
            self = .install(ticket)
        default: return nil
        }
    }

    var line: String {
        switch self {
        case .stop: "stop"
        case .start: "start"
        case .agent: "agent"
        case .install(let ticket): "install \(ticket)"
        }
    }
}
