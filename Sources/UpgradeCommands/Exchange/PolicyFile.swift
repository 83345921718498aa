import UpgradeCore
import UpgradeModel
import UpgradeWire

/// A management policy that a user wrote.
struct PolicyFile {
    /// As it is sent.
    let request: NodeManagementPolicyRequestDocument

    /// Reads and checks it, naming every mistake at once. Keys that only the exchange sets are dropped, so that what `list` shows can be
    /// changed and added again.
    init(_ path: String, isForAll: Bool, _ quirks: QuirkOption, in world: CommandWorld) throws(CommandError) {
        let document = try Self.reviewed(path, isForAll: isForAll)
        try document.refuse(Self.subject(path), quirks, in: world)
        var request = try JSONText.read(NodeManagementPolicyRequestDocument.self, document.bytes, subject: Self.subject(path))
        // The exchange counts an empty list as present, and cannot store a policy without label.
        if request.constraints?.isEmpty == true { request.constraints = nil }
        if request.patterns?.isEmpty == true { request.patterns = nil }
        request.label = request.label ?? ""
        request.start = request.start.flatMap { $0.isEmpty ? nil : $0 } ?? "now"
        self.request = request
    }

    /// The document with every mistake in it.
    /// - Parameter isForAll: whether it may name neither constraints nor patterns.
    static func reviewed(_ path: String, isForAll: Bool) throws(CommandError) -> ReviewedDocument {
        try ReviewedDocument(path) { value, shape in
            guard shape.keys(of: value, at: "", keys) else { return }
            for key in ["label", "description"] { shape.text(value, key, at: "") }
            shape.policyPart(value, at: "")
            checkNodes(value, isForAll: isForAll, &shape)
            shape.flag(value, "enabled", at: "")
            if let start = shape.text(value, "start", at: "") { checkStart(start, &shape) }
            if let window = value[member: "startWindow"], !((window.integer ?? -1) >= 0) {
                shape.add("startWindow", "must be a whole number of seconds, 0 or more", remedy: "write 3600 for an hour")
            }
            if let upgrade = value[member: "agentUpgradePolicy"] { checkUpgrade(upgrade, &shape) }
        }
    }

    /// What the document is called in messages.
    static func subject(_ path: String) -> String {
        "Incorrect node management policy format in file \(Shown.text(path == "-" ? "standard input" : path))"
    }

    private static let keys = [
        "label", "description", "properties", "constraints", "patterns", "enabled", "start", "startWindow", "agentUpgradePolicy", "owner",
        "created", "lastUpdated",
    ]

    /// Which nodes it is for. Kept: entries that are blank count as none.
    private static func checkNodes(_ value: JSONValue, isForAll: Bool, _ shape: inout ShapeCheck) {
        for (field, pattern) in shape.texts(value, "patterns", at: "") {
            for quirk in PatternReview.quirks(in: pattern) { shape.add(Mistake(field, quirk)) }
        }
        let lists = ["constraints", "patterns"].map { value[member: $0]?.array ?? [] }
        if lists.allSatisfy({ !$0.isEmpty }) {
            shape.add("patterns", "the exchange refuses a policy with both constraints and patterns", remedy: "keep one of them")
        }
        guard !isForAll, !["constraints", "patterns"].contains(where: { OpenHorizonPolicyRule.namesAny($0, in: value) }) else { return }
        shape.add(
            "", "the policy has neither constraints nor patterns, so it would be for all nodes without a pattern",
            remedy: "give --no-constraints if that is meant")
    }

    private static func checkUpgrade(_ upgrade: JSONValue, _ shape: inout ShapeCheck) {
        let place = "agentUpgradePolicy"
        guard shape.keys(of: upgrade, at: place, ["manifest", "allowDowngrade"]) else { return }
        shape.flag(upgrade, "allowDowngrade", at: place)
        let manifest = shape.text(upgrade, "manifest", at: place)
        guard upgrade[member: "manifest"] == nil || manifest != nil else { return }
        guard let manifest, !manifest.isEmpty else {
            return shape.add(place + ".manifest", "is missing or empty", remedy: "name a manifest, NAME or ORG/NAME")
        }
        do throws(CommandError) {
            try ObjectPublisher.check(name: try QualifiedName(manifest, org: "org").name, what: "manifest name")
        } catch {
            shape.add(place + ".manifest", error.text, remedy: "name a manifest, NAME or ORG/NAME")
        }
    }

    /// `now`, a time that both our agents and those of Open Horizon read, or nothing.
    static func checkStart(_ start: String, _ shape: inout ShapeCheck) {
        guard !start.isEmpty, start != ScheduleRule.nowWord else { return }
        guard UTCInstant(rfc3339: start) == nil || !OpenHorizonTimeRule.reads(start) else { return }
        shape.add("start", "is '\(start)', which is no start", remedy: "write now, or an RFC 3339 time as 2026-01-31T22:00:00Z")
    }
}
