import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Fetches and verifies one file.
struct FileFetch {
    /// What is durable of a file, beside it: bytes beyond `length` may be lost or garbled after a power cut and are fetched again.
    struct Checkpoint: Codable {
        var etag: String?
        var length: Int64
    }

    private enum Phase {
        case start
        case rehashing(upTo: Int64, etag: String?)
        case requesting(etag: String?)
        case receiving(TransferID, etag: String?)
        case judging
    }

    /// Most bytes between two checkpoints.
    static let checkpointBytes: Int64 = 4 << 20
    private static let pieceMax = 256 << 10

    private let file: JobFile
    private let ports: FetchPorts
    private let partial: TreePath
    private let checkpoint: TreePath
    private let verified: TreePath
    private var phase = Phase.start
    private var target: (any TreeFile)?
    private var digest: any RunningDigest
    private var length: Int64 = 0
    private var durable: Int64 = 0

    init(_ file: JobFile, ticket: Ticket, ports: FetchPorts) {
        self.file = file
        self.ports = ports
        partial = Layout.partial(ticket).appending(file.localName)
        checkpoint = Layout.partial(ticket).appending(file.localName + ".checkpoint")
        verified = Layout.verified(ticket).appending(file.localName)
        digest = ports.trust.digest()
    }

    mutating func step() throws -> Step<Void> {
        switch phase {
        case .start: try open()
        case .rehashing(let end, let etag): try rehash(upTo: end, etag)
        case .requesting(let etag): request(etag)
        case .receiving(let id, let etag): return try receive(id, etag)
        case .judging:
            try judge()
            return .done(())
        }
        return .again
    }

    mutating func stop() {
        if case .receiving(let id, _) = phase { ports.transfer.cancel(id) }
        try? target?.sync()
    }

    private mutating func open() throws {
        let known = checkpointOnDisk()
        if known == nil { try ports.tree.removeIfPresent(partial) }
        target = try openOrCreate()
        let present = try target?.length() ?? 0
        let keep = min(known?.length ?? 0, present, file.length)
        try target?.truncate(to: keep)
        durable = keep
        phase = .rehashing(upTo: keep, etag: known?.etag)
    }

    private func openOrCreate() throws(FileError) -> any TreeFile {
        do {
            return try ports.tree.open(partial, for: .writing)
        } catch  where error.kind == .missing {
            let file = try ports.tree.create(partial, mode: 0o600)
            try ports.tree.syncDirectory(partial.parent)
            return file
        }
    }

    private func checkpointOnDisk() -> Checkpoint? {
        guard let bytes = try? ports.tree.contents(checkpoint) else { return nil }
        return try? JSONDecoder().decode(Checkpoint.self, from: Data(bytes))
    }

    private mutating func rehash(upTo end: Int64, _ etag: String?) throws {
        guard length < end else {
            phase = length == file.length ? .judging : .requesting(etag: etag)
            return
        }
        let bytes = try target?.read(at: length, max: Int(min(end - length, 1 << 20))) ?? []
        guard !bytes.isEmpty else { throw ProcedureFailure(.transient(retryAfter: nil), "\(partial) became shorter while it was read") }
        digest.update(bytes)
        length += Int64(bytes.count)
    }

    private mutating func request(_ etag: String?) {
        var request = ports.client.objectRequest(org: "IBM", type: file.objectType, id: file.objectID, bytesMax: file.length)
        request.lowSpeedTime = ports.lowSpeedTime
        request.timeout = ports.timeout
        // Without a validator a resumed body could be the tail of another object: then it is fetched from the front.
        if length > 0, let etag {
            request.offset = length
            request.ifRange = etag
        }
        phase = .receiving(ports.transfer.begin(request), etag: etag)
    }

    private mutating func receive(_ id: TransferID, _ etag: String?) throws -> Step<Void> {
        do {
            switch try ports.transfer.read(id, max: FileFetch.pieceMax) {
            case .pending: return .await(id)
            case .response(let response): try begin(response, id)
            case .bytes(let bytes): try take(bytes, id, etag)
            case .finished:
                try save(etag)
                guard length == file.length else { throw cutShort() }
                phase = .judging
            }
            return .again
        } catch {
            ports.transfer.cancel(id)
            if let full = error as? FileError, full.kind == .noSpace { giveSpaceBack() }
            if length > 0, (error as? TransferFailure)?.kind == .status(416) {
                // The object shrank or changed: what is here is not its beginning.
                try discard()
                throw ProcedureFailure(.transient(retryAfter: nil), "\(file.objectID): the hub has no bytes from \(length) on (416)")
            }
            try? save(etag)
            throw error
        }
    }

    /// A full disk: a little of what was fetched goes, so that the node can still write down what happened. It is fetched again.
    private mutating func giveSpaceBack() {
        let keep = max(0, length - FileFetch.checkpointBytes / 2)
        guard (try? target?.truncate(to: keep)) != nil else { return }
        length = keep
    }

    /// The body begins where the server says, not where we asked: 200 means the whole object from the front.
    private mutating func begin(_ response: TransferResponse, _ id: TransferID) throws {
        if let total = response.totalLength, total != file.length {
            // Something on the way may have cut it, head and all: worth one fresh try, like bytes that are not believed.
            throw ProcedureFailure(.distrusted, "\(file.objectID): the hub sends \(total) bytes, its metadata promised \(file.length)")
        }
        if response.offset != length {
            guard response.offset == 0 else {
                throw ProcedureFailure(
                    .transient(retryAfter: nil), "\(file.objectID): asked for bytes from \(length), the hub sends from \(response.offset)")
            }
            try target?.truncate(to: 0)
            digest = ports.trust.digest()
            length = 0
            durable = 0
        }
        let strong = response.etag.flatMap { $0.hasPrefix("W/") ? nil : $0 }
        try save(strong)
        phase = .receiving(id, etag: strong)
    }

    private mutating func take(_ bytes: [UInt8], _ id: TransferID, _ etag: String?) throws {
        guard length + Int64(bytes.count) <= file.length else {
            throw ProcedureFailure(
                .final(.downloadFailed), "\(file.objectID): the hub sends more than the \(file.length) bytes it promised")
        }
        try target?.write(bytes, at: length)
        digest.update(bytes)
        length += Int64(bytes.count)
        // The next piece must not carry more bytes beyond the checkpoint than may be fetched again.
        if length - durable > FileFetch.checkpointBytes - Int64(FileFetch.pieceMax) { try save(etag) }
    }

    /// Data first, then the note that says how much of it can be trusted to be there.
    private mutating func save(_ etag: String?) throws {
        try target?.sync()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let note = (try? encoder.encode(Checkpoint(etag: etag, length: length))) ?? Data()
        try ports.tree.replace(checkpoint, with: [UInt8](note), mode: 0o600)
        durable = length
    }

    private func cutShort() -> ProcedureFailure {
        ProcedureFailure(.transient(retryAfter: nil), "\(file.objectID): the body ended after \(length) of \(file.length) bytes")
    }

    private mutating func judge() throws {
        guard length == file.length, let found = digest.current() else { throw cutShort() }
        let signature = DetachedSignature(hashAlgorithm: file.hashAlgorithm, publicKey: file.publicKey, signature: file.signature)
        do {
            _ = try ports.trust.verify(signature, over: found)
        } catch {
            try discard()
            throw FileFetch.failure(error, file.objectID)
        }
        if file.component != .software { try checkStamp() }
        try target?.sync()
        target = nil
        try ports.tree.rename(partial, to: verified)
        try ports.tree.removeIfPresent(checkpoint)
        try ports.tree.syncDirectory(verified.parent)
        try ports.tree.syncDirectory(partial.parent)
    }

    private mutating func checkStamp() throws {
        let head = try target?.read(at: 0, max: 4096) ?? []
        do {
            let stamp = try FileStamp.read(file: head)
            guard let objection = DescriptorRule.objection(to: stamp, kind: file.component, version: file.version) else { return }
            throw ProcedureFailure(.final(.precheckFailed), "\(file.objectID): \(objection)")
        } catch let error as FileStampError {
            throw ProcedureFailure(.final(.precheckFailed), "\(file.objectID): \(error)")
        }
    }

    private mutating func discard() throws {
        target = nil
        try ports.tree.removeIfPresent(partial)
        try ports.tree.removeIfPresent(checkpoint)
    }

    /// Wrong bytes deserve one fresh try; an unsigned or SHA-1 object, or a node without keys, does not.
    private static func failure(_ error: TrustFailure, _ name: String) -> ProcedureFailure {
        switch error.kind {
        case .wrongSignature: ProcedureFailure(.distrusted, "\(name) is not believed: \(error.explanation)")
        case .unsigned, .weakAlgorithm, .malformed, .noPinnedKeys:
            ProcedureFailure(.final(.downloadFailed), "\(name) is not believed: \(error.explanation)")
        }
    }
}
