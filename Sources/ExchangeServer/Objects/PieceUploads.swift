import ExchangeModel
import LibCrypto

/// Uploads that come in pieces, one request each. Source: contract 2.2.
///
/// They live in memory and in one partial file each: a hub that was started anew knows none and has removed their files, and the client
/// begins again with byte 0. One that waits too long for its next piece is removed too.
actor PieceUploads {
    /// Whose upload of what. There is one at a time: a new first piece takes the place of an older upload.
    struct Key: Hashable, Sendable {
        let object: ObjectName
        /// `org/id` of the caller.
        let caller: String
    }

    /// An upload that one request may write to.
    struct Open: Sendable {
        let key: Key
        /// What the client gives back with every further piece.
        let owner: String
        let upload: ObjectUpload
    }

    private struct Entry {
        let open: Open
        let total: Int64
        var isBusy: Bool
        var lastUse: ContinuousClock.Instant
        var watch: Task<Void, Never>?
    }

    private let limits: ObjectLimits
    private var entries: [Key: Entry] = [:]

    init(_ limits: ObjectLimits) { self.limits = limits }

    /// The upload that the piece continues, for this request alone until ``release(_:)`` or ``end(_:)``.
    func take(_ piece: UploadPiece, of key: Key, owner: String?) throws -> Open {
        guard var entry = entries[key], entry.open.owner == owner else {
            throw Refusal.badInput("no upload in pieces is open under this MMS-Upload-Owner; begin again with byte 0")
        }
        if entry.isBusy { throw Self.refused("another piece of this upload is still coming in", entry.open) }
        if let reason = piece.refusal(received: entry.open.upload.bytes, expected: entry.total) { throw Self.refused(reason, entry.open) }
        entry.isBusy = true
        entries[key] = entry
        return entry.open
    }

    /// Opens an upload for its first piece; the file is new.
    /// - Throws: 429 when the caller has too many, or when all places are taken by pieces that come in right now.
    func begin(_ piece: UploadPiece, of key: Key, in upload: ObjectUpload) throws -> Open {
        if entries[key] == nil { try makeRoom(for: key.caller) }
        entries[key].map { end($0.open) }
        let open = Open(key: key, owner: hexText(try SecretBytes.random(16)), upload: upload)
        let watch = Task { [weak self] in
            while !Task.isCancelled, let rest = await self?.rest(open) { try? await Task.sleep(for: rest) }
        }
        entries[key] = Entry(open: open, total: piece.total, isBusy: true, lastUse: .now, watch: watch)
        return open
    }

    /// A caller who opens uploads and leaves them must not keep the places from everybody else.
    private func makeRoom(for caller: String) throws {
        if entries.keys.count(where: { $0.caller == caller }) >= limits.pieceUploadsPerCallerMax {
            throw Refusal.tooMany("you have too many uploads in pieces open; finish one of them or try again later", retryAfter: 30)
        }
        if entries.count < limits.pieceUploadsMax { return }
        guard let idle = entries.values.filter({ !$0.isBusy }).min(by: { $0.lastUse < $1.lastUse }) else {
            throw Refusal.tooMany("too many uploads in pieces are open; try again later", retryAfter: 30)
        }
        end(idle.open)
    }

    /// The piece is in the file; the next one may come.
    func release(_ open: Open) throws {
        guard var entry = entries[open.key], entry.open.owner == open.owner else {
            throw Refusal.badInput("a newer upload of this object took the place of this one")
        }
        entry.isBusy = false
        entry.lastUse = .now
        entries[open.key] = entry
    }

    /// Forgets an upload, whole or not; its file goes with it unless it was finished.
    func end(_ open: Open) {
        guard let entry = entries[open.key], entry.open.owner == open.owner else { return }
        entry.watch?.cancel()
        entries[open.key] = nil
    }

    /// Forgets everything.
    func close() {
        for entry in entries.values { end(entry.open) }
    }

    /// How long the upload may still wait; nil = it is over.
    private func rest(_ open: Open) -> Duration? {
        guard let entry = entries[open.key], entry.open.owner == open.owner else { return nil }
        let rest = entry.isBusy ? limits.pieceWaitMax : limits.pieceWaitMax - (.now - entry.lastUse)
        if rest > .zero { return rest }
        end(open)
        return nil
    }

    private static func refused(_ reason: String, _ open: Open) -> Refusal {
        var refusal = Refusal.badInput(reason)
        refusal.headers[ObjectUploadRoutes.ownerHeader] = open.owner
        return refusal
    }
}
