import Archive
import UpgradeModel
import UpgradePorts

/// The entries of one archive. The first failure is final.
final class LibArchiveStream: ArchiveStream {
    private let pieces: TarPieces
    private let tar: TarReader
    private var state = State.between

    private enum State {
        case between
        case entry(ArchiveEntry, read: Int64)
        case ended
        case failed(ArchiveFailure)
    }

    /// The most that one call gives, in bytes.
    private static let readMax = 4 << 20

    init(pieces: TarPieces, tar: TarReader) {
        self.pieces = pieces
        self.tar = tar
    }

    func next() throws(ArchiveFailure) -> ArchiveEntry? {
        switch state {
        case .failed(let failure): throw failure
        case .ended: return nil
        case .between, .entry: break
        }
        guard let header = try remembering({ () throws(ArchiveFault) in try tar.next() }) else {
            try end()
            return nil
        }
        let entry = LibArchiveStream.entry(header)
        state = .entry(entry, read: 0)
        return entry
    }

    func read(max: Int) throws(ArchiveFailure) -> [UInt8] {
        if case .failed(let failure) = state { throw failure }
        guard case .entry(let entry, let before) = state, max > 0 else { return [] }
        let bytes = try remembering { () throws(ArchiveFault) in try tar.read(max: min(max, LibArchiveStream.readMax)) }
        let read = before + Int64(bytes.count)
        state = .entry(entry, read: read)
        if let length = entry.length, read > length || bytes.isEmpty && read < length {
            throw fail(ArchiveFailure(.damaged, "an entry holds \(read) bytes, expected the \(length) that its header says"))
        }
        return bytes
    }

    private func end() throws(ArchiveFailure) {
        do throws(ArchiveFailure) { try pieces.finish(endMark: tar.headerPosition) } catch { throw fail(error) }
        state = .ended
    }

    private func remembering<Value>(_ body: () throws(ArchiveFault) -> Value) throws(ArchiveFailure) -> Value {
        do throws(ArchiveFault) {
            return try body()
        } catch {
            throw fail(pieces.failure ?? ArchiveFailure(.damaged, "cannot read the tar on: \(error)"))
        }
    }

    private func fail(_ failure: ArchiveFailure) -> ArchiveFailure {
        state = .failed(failure)
        return failure
    }

    private static func entry(_ header: TarHeader) -> ArchiveEntry {
        ArchiveEntry(
            path: String(validating: header.path, as: UTF8.self), kind: kind(header.kind), mode: header.mode, length: header.length)
    }

    private static func kind(_ kind: TarHeader.Kind) -> ArchiveEntry.Kind {
        switch kind {
        case .file: .file
        case .directory: .directory
        case .symbolicLink(let target): .symbolicLink(String(decoding: target, as: UTF8.self))
        case .hardLink(let target): .hardLink(String(decoding: target, as: UTF8.self))
        case .sparseFile: .special("sparse file")
        case .socket: .special("socket")
        case .characterDevice: .special("character device")
        case .blockDevice: .special("block device")
        case .fifo: .special("FIFO")
        case .unknown: .special("unknown kind")
        }
    }
}
