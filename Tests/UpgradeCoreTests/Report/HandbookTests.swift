import FoundationEssentials
import Testing
import UpgradeCore
import UpgradeModel

/// The handbook says what the machine does, because the machine wrote it.
@Suite struct HandbookTests {
    private static let begin = "<!-- generated: begin -->"
    private static let end = "<!-- generated: end -->"

    /// `UPLIFT_UPDATE_HANDBOOK=1 swift test --filter HandbookTests` writes the page anew.
    @Test func thePageAboutTheMachineIsUpToDate() throws {
        let page = HandbookTests.repository.appending(path: "Sources/Uplift.docc/StateMachine.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let begin = try #require(text.firstRange(of: HandbookTests.begin))
        let end = try #require(text.firstRange(of: HandbookTests.end))
        let fresh = text[..<begin.upperBound] + "\n\n" + StateTable.markdown() + "\n" + text[end.lowerBound...]
        if ProcessInfo.processInfo.environment["UPLIFT_UPDATE_HANDBOOK"] == "1" {
            try Data(fresh.utf8).write(to: page)
        } else if text != fresh {
            Issue.record("StateMachine.md does not say what the machine does: run this test once with UPLIFT_UPDATE_HANDBOOK=1")
        }
    }

    @Test func theTableIsTheSameEveryTime() {
        #expect(StateTable.markdown() == StateTable.markdown())
    }

    /// A word that the table cannot explain would show as a moment without a name, a ragged row as a broken table.
    @Test func theTableIsWhole() {
        let lines = StateTable.markdown().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(!lines.contains { $0.contains("a moment without a name") })
        for section in lines.split(separator: "") where section.first?.hasPrefix("|") == true {
            #expect(Set(section.map { $0.count { $0 == "|" } }).count == 1)
        }
    }

    private static var repository: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }
}
