import UpgradePorts

/// What a supervisor answers.
enum SupervisorAnswer: Hashable, Sendable {
    case done
    case agent(AgentProcess)
    /// It was tried and cannot be done.
    case refused(String)
    /// It was not tried; it may be asked again.
    case later(String)

    init?(line: String) {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        switch (words.first, words.count > 1 ? words[1] : nil) {
        case ("ok", nil): self = .done
        case ("ok", "running"):
            guard words.count == 3, let pid = Int32(words[2]) else { return nil }
            self = .agent(.running(pid: pid))
        case ("ok", "stopped"): self = .agent(.stopped(last: words.count == 3 ? words[2] : nil))
        case ("error", .some): self = .refused(words.dropFirst().joined(separator: " "))
        case ("later", .some): self = .later(words.dropFirst().joined(separator: " "))
        default: return nil
        }
    }

    var line: String {
        switch self {
        case .done: "ok"
        case .agent(.running(let pid)): "ok running \(pid)"
        case .agent(.stopped(let last)): last.map { "ok stopped \($0)" } ?? "ok stopped"
        case .refused(let sentence): "error \(sentence)"
        case .later(let sentence): "later \(sentence)"
        }
    }
}
