import Glibc
import Testing

@Suite("Fail points stay out of releases")
struct FailPointTests {
    /// As `Sources/upliftd/FailPoint.swift` has it.
    private static let marker = "uplift-failpoints-are-compiled-in"

    /// True when a file holds a text; nil when the file cannot be read.
    static func file(_ path: String, holds text: String) -> Bool? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_size > 0 else { return nil }
        guard let bytes = mmap(nil, Int(facts.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), bytes != MAP_FAILED else { return nil }
        defer { munmap(bytes, Int(facts.st_size)) }
        return holds(UnsafeRawBufferPointer(start: bytes, count: Int(facts.st_size)), text: Array(text.utf8))
    }

    /// Goes from one first byte to the next: programs are large, and debug builds of this test are slow.
    private static func holds(_ bytes: UnsafeRawBufferPointer, text: [UInt8]) -> Bool {
        guard let first = text.first, let start = bytes.baseAddress else { return true }
        var at = 0
        while at + text.count <= bytes.count, let found = memchr(start + at, Int32(first), bytes.count - at - text.count + 1) {
            if memcmp(found, text, text.count) == 0 { return true }
            at = UnsafeRawPointer(found) - start + 1
        }
        return false
    }

    @Test("the release's programs hold no fail point")
    func release() {
        guard let folder = Setting.releasePrograms else {
            return Setting.skipped("fail points in the release", needs: "UPLIFT_RELEASE_BIN")
        }
        for program in ["upliftd", "uplift", "uplift-exchange"] {
            #expect(FailPointTests.file(folder + "/" + program, holds: FailPointTests.marker) == false, "\(folder)/\(program)")
        }
    }

    @Test("the programs under test hold them: the marker is the right one")
    func debug() {
        guard let folder = Setting.debugPrograms else { return Setting.skipped("fail points in the debug build", needs: "UPLIFT_BIN") }
        #expect(FailPointTests.file(folder + "/upliftd", holds: FailPointTests.marker) == true, "\(folder)/upliftd")
    }

    @Test("the source holds the marker, and the search finds and misses")
    func search() throws {
        let file = House.path + "/Sources/upliftd/FailPoint.swift"
        #expect(FailPointTests.file(file, holds: FailPointTests.marker) == true)
        #expect(FailPointTests.file(file, holds: FailPointTests.marker + "?") == false)
        #expect(FailPointTests.file(file + "?", holds: "") == nil)
    }
}
