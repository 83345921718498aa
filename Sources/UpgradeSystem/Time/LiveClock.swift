import Glibc
import UpgradeModel
import UpgradePorts

/// The machine's clocks.
package struct LiveClock: Clock {
    package let bootID: String

    /// Reads which boot this is. Errors: without `/proc`, because two boots that look alike would make an old health proof look fresh.
    package init() throws(FileError) {
        do throws(SystemError) {
            bootID = try Self.readBootID()
        } catch {
            throw FileError(error, operation: "read the boot's number from", path: .known("proc", "sys", "kernel", "random", "boot_id"))
        }
    }

    package func now() -> UTCInstant {
        let time = Self.read(CLOCK_REALTIME)
        return UTCInstant(secondsSinceEpoch: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }

    package func sinceBoot() -> Duration { Self.bootTime() }

    /// Time since boot including suspend, for those who need no clock object.
    static func bootTime() -> Duration {
        let time = read(CLOCK_BOOTTIME)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private static func readBootID() throws(SystemError) -> String {
        let file = Descriptor(owning: try retrying { open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC) })
        var bytes = [UInt8](repeating: 0, count: 64)
        let length = try file.use { number throws(SystemError) in
            try retrying { bytes.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) } }
        }
        let digits = bytes.prefix(length).prefix { $0 != UInt8(ascii: "\n") }
        guard !digits.isEmpty else { throw SystemError(code: ENODATA) }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}
