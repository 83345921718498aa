import FoundationEssentials
import Glibc
import Testing
import UpgradeSystem

/// dpkg's outer lock is seen, and never taken.
@Suite struct PackageLockTests {
    @Test func aLockIsSeenForAsLongAsItIsHeld() throws {
        let scratch = try Scratch()
        let lock = LivePackageLock(root: scratch.folder)
        #expect(!lock.isHeld)
        try FileManager.default.createDirectory(atPath: scratch.path("var/lib/dpkg"), withIntermediateDirectories: true)
        let descriptor = open(scratch.path("var/lib/dpkg/lock-frontend"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        #expect(!lock.isHeld)
        // A lock of the open file: unlike one of the process, the own process sees it as somebody else's.
        var wish = flock()
        wish.l_type = Int16(F_WRLCK)
        let setting = Int32(37)  // F_OFD_SETLK, which Swift does not import.
        try #require(withUnsafeMutablePointer(to: &wish) { fcntl(descriptor, setting, UnsafeMutableRawPointer($0)) } == 0)
        #expect(lock.isHeld)
        #expect(lock.isHeld)
        close(descriptor)
        #expect(!lock.isHeld)
    }
}
