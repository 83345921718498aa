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
        var text = Data()
        for record in records {
            do { text += try encoder.encode(record) } catch {
                throw CommandError(.json, "cannot write the record '\(Shown.text(record.id))' as JSON: \(error)")
            }
            text.append(UInt8(ascii: "\n"))
        }
        guard let path else { return world.write(String(decoding: text, as: UTF8.self)) }
        try UserFile.create(path, Array(text), mode: 0o600)
    }
}
