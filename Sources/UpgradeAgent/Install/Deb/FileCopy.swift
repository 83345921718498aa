import UpgradeModel
import UpgradePorts

/// A file on one of the node's trees.
struct Place {
    let tree: any FileTree
    let path: TreePath
}

/// Copies a file piece by piece. Under its name stands the old file or the whole new one, durable; the mode is the source's.
struct FileCopy {
    private static let pieceMax = 4 << 20

    private let from: Place
    private let to: Place
    private let new: TreePath
    private var open: (source: any TreeFile, target: any TreeFile)?
    private var offset: Int64 = 0

    init(_ from: Place, to: Place) {
        self.from = from
        self.to = to
        new = to.path.parent.appending(to.path.name + ".new")
    }

    /// One piece; true when all is there. Errors: as the trees', `.missing` where there is no such file.
    mutating func step() throws(FileError) -> Bool {
        guard let (source, target) = open else {
            let source = try from.tree.open(from.path, for: .reading)
            try to.tree.removeIfPresent(new)
            open = (source, try to.tree.create(new, mode: try from.tree.entry(from.path)?.mode ?? 0o600))
            return false
        }
        let piece = try source.read(at: offset, max: Self.pieceMax)
        guard piece.isEmpty else {
            try target.write(piece, at: offset)
            offset += Int64(piece.count)
            return false
        }
        try target.sync()
        try to.tree.rename(new, to: to.path)
        try to.tree.syncDirectory(to.path.parent)
        return true
    }
}
