import ExchangeModel
import Glibc
import NIOConcurrencyHelpers

/// Keeps uploads from filling the disk that the database needs too. What uploads under way are still going to write counts as written.
final class DiskSpace: Sendable {
    /// Where the files lie.
    let folder: String
    /// How much stays free. Bytes.
    private let freeBytesMin: Int64
    /// How much is free now. Bytes.
    private let freeBytes: @Sendable () throws -> Int64
    private let reserved = NIOLockedValueBox<Int64>(0)

    /// - Parameter freeBytes: Nil = ask the file system of the folder.
    init(folder: String, freeBytesMin: Int64, freeBytes: (@Sendable () throws -> Int64)? = nil) {
        self.folder = folder
        self.freeBytesMin = freeBytesMin
        self.freeBytes = freeBytes ?? { try Self.free(in: folder) }
    }

    /// Sets so much aside for one upload, until ``giveBack(_:)``.
    /// - Throws: 507 when it would not leave enough.
    func reserve(_ bytes: Int64) throws {
        try reserved.withLockedValue { reserved in
            if try freeBytes() - freeBytesMin - reserved < bytes { throw Self.isFull }
            reserved += bytes
        }
    }

    /// Bytes that are written now, or never will be.
    func giveBack(_ bytes: Int64) { reserved.withLockedValue { $0 -= bytes } }

    /// Asks only.
    /// - Throws: 507 when so much more would not leave enough, whatever was set aside: others write to the disk too.
    func require(_ bytes: Int64) throws {
        if try freeBytes() - freeBytesMin < bytes { throw Self.isFull }
    }

    private static func free(in folder: String) throws -> Int64 {
        var status = statvfs()
        if statvfs(folder, &status) != 0 { throw FileFailure("ask for the free space of", folder) }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    /// 507: the old object stays as it is.
    static let isFull = Refusal(
        status: 507, code: "insufficient-storage", message: "the hub's disk is too full for this object; nothing of it is kept")
}
