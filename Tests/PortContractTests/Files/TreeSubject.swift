import FoundationEssentials
import Glibc
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeSystem

/// The two file trees that keep the same contract.
enum TreeKind: CaseIterable, CustomTestStringConvertible {
    case live, simulated

    var testDescription: String { self == .live ? "real disk" : "simulated" }
}

/// One empty tree of a kind, and short words for what the tests do with it.
final class TreeSubject {
    let tree: any FileTree
    let owner: UInt32
    private let scratch: TreeScratch?

    init(_ kind: TreeKind) throws {
        switch kind {
        case .live:
            let scratch = try TreeScratch()
            self.scratch = scratch
            owner = geteuid()
            tree = try LiveFileTree(root: scratch.folder)
        case .simulated:
            scratch = nil
            owner = 7
            tree = SimFileTree(owner: 7)
        }
    }

    /// Makes a file with a text.
    func write(_ text: String, to path: String) throws {
        try tree.create(at(path), mode: 0o600).write(Array(text.utf8), at: 0)
    }

    /// Makes a folder.
    func folder(_ path: String) throws { try tree.makeDirectory(at(path), mode: 0o700) }

    /// A file's text.
    func text(_ path: String) throws -> String {
        String(decoding: try tree.open(at(path), for: .reading).read(at: 0, max: 1 << 20), as: UTF8.self)
    }

    /// What lies under a name.
    func kind(_ path: String) throws -> FileEntry.Kind? { try tree.entry(at(path))?.kind }
}

/// A path that the test names.
func at(_ text: String) -> TreePath { TreePath(text) ?? .root }

/// The kind of the error that a body throws; nil when it throws none.
func fileFailure(_ body: () throws -> Void) -> FileError.Kind? {
    do {
        try body()
        return nil
    } catch {
        return (error as? FileError)?.kind
    }
}

/// A folder of its own that goes away with the object.
final class TreeScratch {
    let folder: String

    init() throws {
        var template = Array("/tmp/uplift-tree-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}
