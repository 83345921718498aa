import UpgradeWire

/// The statuses that the agent keeps. Source: contract 3.1.
enum NMStatuses {
    /// Shape: `org/name` → status object, and why there is none, when the agent says 404.
    static func get(_ name: String?, from agent: LocalAgent) throws(CommandError) -> (all: [String: JSONValue], missing: String?) {
        let answer = try agent.get(["nodemanagement", "status"] + segments(name))
        if answer.status == 404 {
            let words = (try? answer.read(JSONValue.self))?[member: "error"]?.string
            return ([:], Shown.text(words ?? "the agent knows of no status"))
        }
        guard let statuses = try answer.success().read(JSONValue.self).object else {
            throw CommandError(.json, "the agent's answer is not a JSON object of statuses")
        }
        return (statuses, nil)
    }

    /// The path of a policy: nothing, `name`, or `org` and `name`.
    static func segments(_ name: String?) throws(CommandError) -> [String] {
        guard let name else { return [] }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else { throw CommandError(.usage, "the id can not contain more than 1 '/'") }
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            throw CommandError(.usage, "the name '\(Shown.text(name))' must be NAME or ORG/NAME, without empty parts")
        }
        return parts
    }

    /// The status word of a status object; empty when it has none.
    static func word(_ status: JSONValue) -> JSONValue {
        status[member: "agentUpgradePolicyStatus"]?[member: "status"] ?? ""
    }
}
