import ExchangeModel
import Glibc

/// Keeps uploads from filling the disk that the database needs too.
struct DiskSpace: Sendable {
    /// Where the files lie.
    let folder: String
    /// How much stays free. Bytes.
    let freeBytesMin: Int64

    /// - Parameter bytes: How much is about to be written.
    /// - Throws: 507 when it would not leave enough.
    func require(_ bytes: Int64) throws {
        var status = statvfs()
        if statvfs(folder, &status) != 0 { throw FileFailure("ask for the free space of", folder) }
        let free = Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
        if free - freeBytesMin < bytes { throw Self.isFull }
    }

    /// 507: the old object stays as it is.
    static let isFull = Refusal(
        status: 507, code: "insufficient-storage", message: "the hub's disk is too full for this object; nothing of it is kept")
}
