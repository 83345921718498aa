import Testing

@testable import UpgradeSystem

/// Pages that are given back are gone until they are needed again.
@Suite struct ResidentMemoryTests {
    /// Kilobytes of files that this process has in memory.
    private var resident: Int? {
        let line = LiveMachine.text("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("RssFile:") }
        return line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) }
    }

    @Test func `a process goes on with less of its program`() throws {
        // Tests beside this one may bring pages back meanwhile.
        for _ in 0..<5 {
            let before = try #require(resident)
            LiveResidentMemory().giveBack()
            if try #require(resident) < before { return }
        }
        Issue.record("as much of files is in memory as before")
    }
}
