import Foundation
import Testing

/// The model against what the real dpkg did when it was killed, as `packaging/booted-node` records it and compares it again.
@Suite struct SimDpkgTests {
    struct Row: Decodable, CustomTestStringConvertible, Sendable {
        let killed: String
        let left: String
        let call: String
        let exit: Int
        let state: String

        var testDescription: String { "\(left), \(call)" }
    }

    static let rows: [Row] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "dpkg-states.json")
        return (try? JSONDecoder().decode([Row].self, from: Data(contentsOf: file))) ?? []
    }()

    /// Every state of the manual that an upgrade passes through was left once.
    @Test func `all states were seen`() {
        #expect(Set(Self.rows.map(\.left)) == ["half-configured 1.0", "half-installed 1.0", "unpacked 1.1", "half-configured 1.1"])
        let passed = SimDpkg.install("1.1", from: .init(word: "installed", version: "1.0"))
        #expect(Set(Self.rows.map(\.left)) == Set(passed.dropLast().map(\.description)))
    }

    @Test(arguments: rows) func `the model ends where the real one does`(row: Row) throws {
        let words = row.left.split(separator: " ").map(String.init)
        let left = SimDpkg.State(word: words[0], version: words[1], needsFiles: row.killed == "in the old version's prerm")
        let steps: [SimDpkg.State]?
        switch row.call {
        case "configure": steps = SimDpkg.configure(left)
        case "install new": steps = SimDpkg.install("1.1", from: left)
        default: steps = SimDpkg.install("1.0", from: left)
        }
        #expect((steps == nil) == (row.exit != 0))
        #expect((steps?.last ?? left).description == row.state)
    }
}
