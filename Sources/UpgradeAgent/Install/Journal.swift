import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Told of every record once it is durable: the place between two records where tests hold or kill the process.
package typealias JournalObserver = @Sendable (JournalRecord) -> Void

/// The installer's journal on disk: 64 slots of 1 KiB, written and synced at full length before anything else is done, then overwritten
/// one slot a record. So a record needs no free space, and a torn one is not there. Source: install.md, "The journal".
///
/// Slot: `UPJ1`, payload length (2 bytes), CRC-32 of length and payload (4 bytes), big-endian; payload JSON; zeros.
package struct Journal {
    /// Bytes of one slot.
    package static let slotBytes = 1024
    /// Slots in the file.
    package static let slotCount = 64
    /// Payload format written by this release; a newer release must read it too.
    package static let format = 1

    private static let magic: [UInt8] = Array("UPJ1".utf8)
    private static let headBytes = 10
    /// Longest cause that is written, JSON escapes included: it always fits a slot.
    private static let reasonBytesMax = 700

    private let file: any TreeFile
    private let clock: any Clock
    private let observer: JournalObserver
    /// What is in it.
    package private(set) var reading: JournalReading
    /// True while a power cut could still change what is read: opened and not settled, or after a write that failed.
    package private(set) var isUncertain = false

    /// Makes a new journal at full length, durable with its name. Errors: as the tree's; the job is then `precheck failed`.
    package static func create(
        _ path: TreePath, in tree: any FileTree, clock: any Clock, observer: @escaping JournalObserver = { _ in }
    ) throws(FileError) -> Journal {
        let new = path.parent.appending(path.name + ".new")
        try tree.removeIfPresent(new)
        let file = try tree.create(new, mode: 0o600)
        try file.write([UInt8](repeating: 0, count: slotBytes * slotCount), at: 0)
        try file.sync()
        // A file cannot be renamed over a folder, and a folder of this name is no journal.
        if try tree.entry(path)?.kind == .directory { try tree.removeTree(path) }
        try tree.rename(new, to: path)
        try tree.syncDirectory(path.parent)
        return Journal(file: file, clock: clock, observer: observer, reading: JournalReading([]))
    }

    /// Opens a journal for going on, still to be settled; nil when there is none.
    package static func open(
        _ path: TreePath, in tree: any FileTree, clock: any Clock, observer: @escaping JournalObserver = { _ in }
    ) throws(FileError) -> Journal? {
        do {
            let file = try tree.open(path, for: .writing)
            return Journal(file: file, clock: clock, observer: observer, reading: try read(file), isUncertain: true)
        } catch  where error.kind == .missing {
            return nil
        }
    }

    /// Reads a journal that somebody else writes; nil when there is none.
    package static func look(_ path: TreePath, in tree: any FileTree) throws(FileError) -> JournalReading? {
        do {
            return try read(try tree.open(path, for: .reading))
        } catch  where error.kind == .missing {
            return nil
        }
    }

    /// Makes durable what was read, and its name: the process before may have died, or failed, before it did so. Errors: as the tree's.
    package mutating func settle(_ path: TreePath, in tree: any FileTree) throws(FileError) {
        try Journal.settle(path, in: tree)
        isUncertain = false
    }

    /// The same for one that somebody else writes.
    package static func settle(_ path: TreePath, in tree: any FileTree) throws(FileError) {
        try tree.open(path, for: .reading).sync()
        try tree.syncDirectory(path.parent)
    }

    /// Writes the next record and returns when it is durable.
    package mutating func write(_ step: JournalRecord.Step) throws(FileError) {
        let record = JournalRecord(number: reading.records.count + 1, at: clock.now(), step: Journal.shortened(step))
        guard record.number <= Journal.slotCount, let payload = try? Journal.encoder().encode(record),
            payload.count <= Journal.slotBytes - Journal.headBytes
        else {
            throw FileError(
                .other, operation: "write record \(record.number) to", path: .known("journal"), reason: "the record does not fit")
        }
        isUncertain = true
        try file.write(Journal.slot([UInt8](payload)), at: Int64((record.number - 1) * Journal.slotBytes))
        try file.sync()
        isUncertain = false
        reading = JournalReading(reading.records + [record])
        observer(record)
    }

    /// Keys in order: the same record is always the same bytes, so that a run of the crash matrix repeats itself.
    private static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return encoder
    }

    private static func slot(_ payload: [UInt8]) -> [UInt8] {
        let length: [UInt8] = [UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        let sum = CRC32.of(length + payload)
        let check = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
        let used = magic + length + check + payload
        return used + [UInt8](repeating: 0, count: slotBytes - used.count)
    }

    /// Slot by slot: behind the last record there is nothing to read.
    private static func read(_ file: any TreeFile) throws(FileError) -> JournalReading {
        let decoder = JSONDecoder()
        var records: [JournalRecord] = []
        while records.count < slotCount {
            let slot = try file.read(at: Int64(records.count * slotBytes), max: slotBytes)
            guard let record = record(slot, decoder), record.number == records.count + 1 else { break }
            records.append(record)
        }
        return JournalReading(records)
    }

    private static func record(_ slot: [UInt8], _ decoder: JSONDecoder) -> JournalRecord? {
        guard slot.count == slotBytes, slot.starts(with: magic) else { return nil }
        let count = Int(slot[4]) << 8 | Int(slot[5])
        guard count <= slotBytes - headBytes else { return nil }
        let sum = slot[6..<10].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let payload = slot[headBytes..<(headBytes + count)]
        guard CRC32.of(Array(slot[4..<6]) + payload) == sum else { return nil }
        return try? decoder.decode(JournalRecord.self, from: Data(payload))
    }

    private static func shortened(_ step: JournalRecord.Step) -> JournalRecord.Step {
        func short(_ text: String) -> String {
            var kept = ""
            var weight = 0
            for scalar in text.unicodeScalars {
                let plain = scalar.value < 32 || scalar.value == 127 ? " " : scalar
                // JSON writes quotes, backslashes and slashes as two bytes.
                weight += plain == "\"" || plain == "\\" || plain == "/" ? 2 : UTF8.width(plain)
                if weight > reasonBytesMax { return kept + "…" }
                kept.unicodeScalars.append(plain)
            }
            return kept
        }
        return switch step {
        case .rollbackIntended(let cause): .rollbackIntended(cause: short(cause))
        case .rollbackFailed(let cause): .rollbackFailed(cause: short(cause))
        case .refused(let reason): .refused(reason: short(reason))
        case .begun, .stopIntended, .switchIntended, .switched, .startIntended, .ready, .commitIntended, .committed, .rolledBack,
            .cancelled:
            step
        }
    }
}
