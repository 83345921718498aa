import UpgradeModel
import UpgradePorts

/// Runs a stepper that never has to wait to its end.
func finish<Value>(_ max: Int = 100_000, _ step: () throws -> Step<Value>) throws -> Value {
    for _ in 0..<max {
        if case .done(let value) = try step() { return value }
    }
    throw TooManySteps()
}

struct TooManySteps: Error {}

extension FileTree {
    /// Makes every folder on the way.
    func makeFolders(_ path: TreePath) throws {
        var folder = TreePath.root
        for component in path.components {
            folder = folder.appending(component)
            if try entry(folder) == nil { try makeDirectory(folder, mode: 0o755) }
        }
    }

    /// Puts a file where there was none.
    func put(_ path: TreePath, _ bytes: [UInt8], mode: UInt16 = 0o644) throws {
        try makeFolders(path.parent)
        let file = try create(path, mode: mode)
        try file.write(bytes, at: 0)
        try file.sync()
    }

    func put(_ path: TreePath, _ text: String, mode: UInt16 = 0o644) throws { try put(path, Array(text.utf8), mode: mode) }
}
