import FoundationEssentials
import Glibc
import Synchronization
import Testing

/// A folder of its own that goes away with the object.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        var template = Array("/tmp/uplift-system-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A path in it.
    func path(_ name: String) -> String { folder + "/" + name }

    /// The lines of a file in it; none when it is not there.
    func lines(_ name: String) -> [String] {
        guard let bytes = try? Data(contentsOf: URL(filePath: path(name))) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

/// True as soon as the condition holds; false when it still does not after a long time.
func eventually(_ condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while !condition() {
        if ContinuousClock.now > deadline { return false }
        usleep(2000)
    }
    return true
}

/// False as soon as the process is gone (a zombie counts as gone).
func isRunning(_ pid: Int32) -> Bool {
    guard let bytes = try? Data(contentsOf: URL(filePath: "/proc/\(pid)/stat")) else { return false }
    return !String(decoding: bytes, as: UTF8.self).contains(") Z ")
}

/// Something that happened, told from another thread.
final class Flag: Sendable {
    private let value = Mutex(false)

    var isRaised: Bool { value.withLock { $0 } }

    func raise() { value.withLock { $0 = true } }
}
