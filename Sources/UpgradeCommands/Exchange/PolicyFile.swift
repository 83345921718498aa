import UpgradeModel
import UpgradeWire

/// A management policy that a user wrote.
struct PolicyFile {
    /// As it is sent.
    let request: NodeManagementPolicyRequestDocument

    /// Reads and checks it, naming every mistake at once. Keys that only the exchange sets are dropped, so that what `list` shows can be
    /// changed and added again.
    init(_ path: String) throws(CommandError) {
        let bytes = try UserFile.document(path)
        let file = Shown.text(path == "-" ? "standard input" : path)
        let value = try JSONText.read(JSONValue.self, bytes, subject: "node management policy \(file)")
        var shape = ShapeCheck()
        Self.check(value, &shape)
        try shape.refuse("Incorrect node management policy format in file \(file)")
        var request = try JSONText.read(NodeManagementPolicyRequestDocument.self, bytes, subject: "node management policy \(file)")
        // The exchange counts an empty list as present, and cannot store a policy without label.
        if request.constraints?.isEmpty == true { request.constraints = nil }
        if request.patterns?.isEmpty == true { request.patterns = nil }
        request.label = request.label ?? ""
        request.start = request.start.flatMap { $0.isEmpty ? nil : $0 } ?? "now"
        self.request = request
    }

    /// Whether it says which nodes it is for.
    var namesNodes: Bool { request.constraints != nil || request.patterns != nil }

    private static func check(_ value: JSONValue, _ shape: inout ShapeCheck) {
        shape.keys(
            of: value, at: "",
            [
                "label", "description", "properties", "constraints", "patterns", "enabled", "start", "startWindow", "agentUpgradePolicy",
                "owner", "created", "lastUpdated",
            ])
        for key in ["label", "description"] { shape.text(value, key, at: "") }
        shape.texts(value, "patterns", at: "")
        shape.policyPart(value, at: "")
        shape.flag(value, "enabled", at: "")
        if let start = shape.text(value, "start", at: "") { checkStart(start, &shape) }
        if let window = value[member: "startWindow"], window.integer == nil {
            shape.add("'startWindow' must be a whole number of seconds")
        }
        if let upgrade = value[member: "agentUpgradePolicy"] {
            shape.keys(of: upgrade, at: "agentUpgradePolicy", ["manifest", "allowDowngrade"])
            shape.flag(upgrade, "allowDowngrade", at: "agentUpgradePolicy")
            let manifest = shape.text(upgrade, "manifest", at: "agentUpgradePolicy")
            if upgrade.object != nil, upgrade[member: "manifest"] == nil || manifest == "" {
                shape.add("'agentUpgradePolicy.manifest' is missing or empty; expected NAME or ORG/NAME of a manifest")
            }
        }
    }

    /// `now`, an RFC 3339 time, or nothing.
    static func checkStart(_ start: String, _ shape: inout ShapeCheck) {
        guard !start.isEmpty, start != "now", UTCInstant(rfc3339: start) == nil else { return }
        shape.add("'start' is '\(Shown.text(start))'; expected now, or an RFC 3339 time as 2026-01-31T22:00:00Z")
    }
}
