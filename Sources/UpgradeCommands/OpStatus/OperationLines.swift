import FoundationEssentials
import UpgradeWire

/// Where records go for other programs: one JSON object on each line, in a file that is new or to standard output.
struct OperationLines {
    private let path: String?
    private let world: CommandWorld

    init(_ path: String?, in world: CommandWorld) {
        self.path = path
        self.world = world
    }

    func write(_ records: [OperationDocument]) throws(CommandError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = ""
        for record in records {
            do { text += JSONText.inert(String(decoding: try encoder.encode(record), as: UTF8.self)) + "\n" } catch {
                throw CommandError(.json, "cannot write the record '\(Shown.text(record.id))' as JSON: \(error)")
            }
        }
        guard let path else { return world.write(text) }
        try UserFile.create(path, Array(text.utf8), mode: 0o600)
    }
}
