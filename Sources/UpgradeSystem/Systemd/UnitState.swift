import UpgradePorts

/// What `systemctl show` says of a service, as far as it matters here.
struct UnitState: Hashable {
    private let values: [String: String]

    /// Nil when the text holds no state. Shape: `Name=value` words, the values without spaces.
    init?(shown text: String) {
        var values: [String: String] = [:]
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
        }
        guard values["ActiveState"]?.isEmpty == false else { return nil }
        self.values = values
    }

    /// A start that systemd has in its queue counts as running; a restart of its own that it waits for does not, because it may be refused.
    var process: AgentProcess {
        if number("Job") > 0 || isUnderWay { return .running(pid: max(number("MainPID"), number("ControlPID"))) }
        return .stopped(last: last)
    }

    private var isUnderWay: Bool {
        switch values["ActiveState"] {
        case "active", "reloading", "deactivating": true
        case "activating": values["SubState"] != "auto-restart"
        default: false
        }
    }

    /// In the words of a supervisor; nil when it never ran.
    private var last: String? {
        let status = number("ExecMainStatus")
        switch number("ExecMainCode") {
        // CLD_EXITED, CLD_KILLED and CLD_DUMPED of waitid(2).
        case 1: return status == 203 ? "exit 203: it could not be executed" : "exit \(status)"
        case 2, 3: return "signal \(status)"
        default: return values["Result"].flatMap { $0 == "success" ? nil : $0 }
        }
    }

    private func number(_ name: String) -> Int32 { values[name].flatMap { Int32($0) } ?? 0 }
}
