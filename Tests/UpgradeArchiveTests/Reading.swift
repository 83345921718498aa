import UpgradeArchive
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Everything in an archive, or the failure that it ended with.
struct ReadArchive {
    var entries: [ArchiveEntry] = []
    var contents: [String: [UInt8]] = [:]
    var failure: ArchiveFailure?

    init(_ bytes: [UInt8]) { self.init(MemoryFile(bytes)) }

    init(_ file: any TreeFile) {
        do throws(ArchiveFailure) {
            let stream = try LibArchiveReader().open(file)
            while let entry = try stream.next() {
                entries.append(entry)
                guard entry.kind == .file else { continue }
                var data: [UInt8] = []
                while case let piece = try stream.read(max: 65_536), !piece.isEmpty {
                    data += piece
                    guard data.count < 64 << 20 else { break }
                }
                contents[entry.path ?? "?"] = data
            }
            // The end is the end however often one asks.
            if try stream.next() != nil { failure = ArchiveFailure(.damaged, "test: an entry after the last one") }
        } catch {
            failure = error
        }
    }

    var names: [String?] { entries.map(\.path) }

    /// What the rules say to these entries; nil when they take all.
    var refusal: UnpackRefusal? {
        var rules = UnpackRules()
        do throws(UnpackRefusal) { for entry in entries { _ = try rules.accept(entry) } } catch { return error }
        return nil
    }
}

/// The same random numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
