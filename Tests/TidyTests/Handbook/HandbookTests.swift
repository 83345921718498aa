import FoundationEssentials
import Testing
import UpgradeModel
import UpgradeWire

@Suite("The handbook")
struct HandbookTests {
    private static let statuses = "Sources/UpgradeModel/Report/Status.swift"

    private func compare(_ page: String, _ text: String) throws {
        let file = HandbookPages.folder + page
        if Setting.updatesHandbook { try text.write(toFile: House.path + "/" + file, atomically: true, encoding: .utf8) }
        #expect(try House.text(file) == text, "\(file) is not up to date: UPLIFT_UPDATE_HANDBOOK=1 swift test --filter HandbookTests")
    }

    @Test("the page of settings is up to date")
    func settings() throws { try compare("Settings.md", HandbookPages.settings()) }

    @Test("the page of status words is up to date")
    func statusWords() throws {
        let source = SwiftSource(file: HandbookTests.statuses, text: try House.text(HandbookTests.statuses))
        try compare("StatusWords.md", HandbookPages.statusWords(source: source))
    }

    @Test("the page of scenario files is up to date")
    func scenarioFiles() throws {
        let sources = House.swift.filter { $0.file.hasPrefix("Sources/FleetSimulation/Scenario/") }
        try compare("ScenarioFiles.md", HandbookPages.scenarioFiles(sources: sources))
    }

    @Test("the page of operation status is up to date")
    func operationStatus() throws {
        let page = try HandbookPages.operationStatus(
            document: HandbookTests.source("UpgradeWire/OpStatus/OperationDocument.swift"),
            operation: HandbookTests.source("UpgradeModel/OpStatus/Operation.swift"))
        try compare("OperationStatus.md", page)
        for activity in Operation.Activity.allCases { #expect(page.contains("| `\(activity.rawValue)` |")) }
    }

    @Test("the page of a node's health is up to date, with every metric that is told")
    func nodeHealth() throws {
        let metrics = try HandbookTests.source("UpgradeAgent/Health/AgentMetrics.swift")
        let document = try HandbookTests.source("UpgradeWire/Health/NodeHealthDocument.swift")
        try compare("NodeHealth.md", HandbookPages.nodeHealth(document: document, metrics: metrics))
        let told = metrics.lines.joined().matches(of: /"uplift_[a-z_]+"/).count
        #expect(HandbookPages.metrics(in: metrics).count == told && told > 10)
    }

    @Test("the page of a fleet's health is up to date, with every field of the report")
    func fleetHealth() throws {
        let document = try HandbookTests.source("UpgradeWire/Health/FleetReportDocument.swift")
        let page = try HandbookPages.fleetHealth(document: document)
        try compare("FleetHealth.md", page)
        let fields = document.lines.joined(separator: "\n").matches(of: /package var ([a-zA-Z]+):/).map(\.output.1)
        for field in fields { #expect(page.contains("| `\(field)` |"), "\(field)") }
        #expect(fields.count > 20)
    }

    private static func source(_ file: String) throws -> SwiftSource {
        SwiftSource(file: "Sources/" + file, text: try House.text("Sources/" + file))
    }

    @Test("generated pages hold every case")
    func complete() throws {
        let settings = HandbookPages.settings()
        for key in SettingKey.allCases { #expect(settings.contains("| `\(key.rawValue)` |")) }
        let source = SwiftSource(file: HandbookTests.statuses, text: try House.text(HandbookTests.statuses))
        let words = try HandbookPages.statusWords(source: source)
        for status in Status.allCases { #expect(words.contains("| `\(StatusWord.word(status))` |")) }
        #expect(throws: HandbookPages.NoCase.self) { try HandbookPages.comment(on: "neverHeardOf", in: source) }
    }

    @Test("links between pages lead somewhere, and every page is reached from the first")
    func links() throws {
        let pages = House.files(below: "Sources/Uplift.docc", ending: ".md")
        let names = Set(pages.map { $0.dropFirst(HandbookPages.folder.count).dropLast(3) })
        #expect(names.contains("Uplift"))
        for page in pages {
            for link in HandbookTests.links(try House.text(page)) { #expect(names.contains(link), "\(page): no page <doc:\(link)>") }
        }
        let reached = Set(HandbookTests.links(try House.text(HandbookPages.folder + "Uplift.md")))
        #expect(names.subtracting(reached) == ["Uplift"])
    }

    @Test("files that README and handbook name exist")
    func files() throws {
        for page in House.files(below: "Sources/Uplift.docc", ending: ".md") + ["README.md"] {
            for file in HandbookTests.files(try House.text(page)) {
                #expect(FileManager.default.fileExists(atPath: House.path + "/" + file), "\(page) names \(file), which is not there")
            }
        }
    }

    @Test("links and files are found in a text")
    func reading() {
        #expect(HandbookTests.links("see <doc:A>, <doc:B-C>.") == ["A", "B-C"])
        #expect(
            HandbookTests.files("`Sources/A/B.swift`, `packaging/test [FILTER]`, `Sources`, `a/b`") == [
                "Sources/A/B.swift", "packaging/test",
            ])
    }

    static func links(_ text: String) -> [Substring] {
        text.ranges(of: "<doc:").map { text[$0.upperBound...].prefix { $0 != ">" } }
    }

    /// Paths of the repository in backquotes.
    static func files(_ text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.compactMap { piece in
            let path = piece.element.prefix { $0 != " " && $0 != "\n" }
            let isOurs = ["Sources/", "Tests/", "packaging/", "manifests/", ".ci/"].contains { path.hasPrefix($0) }
            return isOurs && !path.contains("*") && !path.contains("<") && !path.contains("…") ? String(path) : nil
        }
    }
}
