import FleetSimulation
import FoundationEssentials
import Testing

/// `manifests/scenarios/coverage.txt`: every line has a scenario, or waits for a feature that is not there yet.
@Suite struct CoverageTests {
    private struct Line {
        let name: String
        /// Stands in Sources as soon as the feature is there.
        var sign: String?
    }

    @Test func everyLineIsCoveredOrWaits() throws {
        let (lines, sources) = (try lines(), try sources())
        let covered = try ScenarioFilesTests.names.reduce(into: [String: [String]]()) { found, file in
            for line in try ScenarioFilesTests.read(file).covers { found[line, default: []].append(file) }
        }
        #expect(Set(lines.map(\.name)).count == lines.count, "a line stands twice")
        for line in lines {
            let files = covered[line.name] ?? []
            guard let sign = line.sign else {
                #expect(!files.isEmpty, "no scenario covers `\(line.name)`")
                continue
            }
            #expect(files.isEmpty, "`\(line.name)` waits, and is covered by \(files): let it wait no more")
            let isThere = sources.contains(sign.lowercased())
            #expect(!isThere, "`\(sign)` stands in Sources: `\(line.name)` must be covered now")
        }
        for (name, files) in covered {
            #expect(lines.contains { $0.name == name }, "\(files) cover `\(name)`, which is no line of the list")
        }
    }

    /// The list would be no list if its reader knew no line, or a sign were found nowhere.
    @Test func theListIsRead() throws {
        let lines = try lines()
        #expect(lines.count >= 70 && lines.count { $0.sign != nil } >= 5)
        #expect(try sources().contains("fleetrun"))
    }

    private func lines() throws -> [Line] {
        let text = try String(contentsOf: ScenarioFilesTests.folder.appending(path: "coverage.txt"), encoding: .utf8)
        return try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: "|").map { $0.trimmed }
            try #require(parts.count == 1 || parts.count == 3 && parts[1].hasPrefix("waits for "), "`\(line)` is no line of the list")
            return Line(name: parts[0], sign: parts.count == 3 ? parts[2] : nil)
        }
    }

    /// All of Sources in small letters.
    private func sources() throws -> String {
        let folder = ScenarioFilesTests.folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
        var text = ""
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".swift") {
            text += try String(contentsOf: folder.appending(path: path), encoding: .utf8).lowercased()
        }
        return text
    }
}

extension Substring {
    fileprivate var trimmed: String {
        let start = drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
