import UpgradeModel
import UpgradeWire

/// A node policy that a user wrote.
enum NodePolicyFile {
    /// Reads and checks it, naming every mistake at once.
    static func read(_ path: String) throws(CommandError) -> NodePolicyDocument {
        let file = Shown.text(path)
        let bytes = try UserFile.document(path)
        let value = try JSONText.read(JSONValue.self, bytes, subject: "node policy \(file)")
        var shape = ShapeCheck()
        shape.keys(
            of: value, at: "",
            [
                "label", "description", "properties", "constraints", "deployment", "management", "nodePolicyVersion", "lastUpdated",
                "owner",
            ])
        shape.policyPart(value, at: "")
        for part in ["deployment", "management"] {
            guard let inner = value[member: part] else { continue }
            shape.keys(of: inner, at: part, ["properties", "constraints"])
            shape.policyPart(inner, at: part)
        }
        try shape.refuse("Incorrect node policy format in file \(file)", allowingQuirks: true)
        return try JSONText.read(NodePolicyDocument.self, bytes, subject: "node policy \(file)")
    }
}
