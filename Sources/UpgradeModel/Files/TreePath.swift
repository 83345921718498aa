/// A path below the folder that a `FileTree` is rooted in: it cannot be absolute, climb, or hide a separator.
///
/// Nothing that comes from the exchange or an archive becomes a path except through the failable initializers
/// (architecture, "Bytes and trust").
package struct TreePath: Hashable, Sendable, CustomStringConvertible, Comparable {
    /// Shape: each at least one byte and at most 255, without `/` and NUL, never `.` or `..`. Empty only for the root.
    package let components: [String]

    /// The folder itself that the tree is rooted in.
    package static let root = TreePath(known: [])

    /// A path that the program itself names, component by component.
    package static func known(_ components: String...) -> TreePath { TreePath(known: components) }

    /// Reads a relative path; nil when any component is not allowed.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard !parts.isEmpty, parts.allSatisfy(TreePath.isAllowed) else { return nil }
        components = parts
    }

    private init(known components: [String]) { self.components = components }

    /// The path of `name` inside this folder; nil when the name is not allowed.
    package func appending(checked name: String) -> TreePath? {
        TreePath.isAllowed(name) ? TreePath(known: components + [name]) : nil
    }

    /// The path of a name that the program itself made (a constant, a number, a ticket).
    package func appending(_ name: String) -> TreePath { TreePath(known: components + [name]) }

    /// The path of `other` seen from this folder.
    package func appending(_ other: TreePath) -> TreePath { TreePath(known: components + other.components) }

    /// The folder that holds the last component; the root's parent is the root.
    package var parent: TreePath { TreePath(known: Array(components.dropLast())) }

    /// The last component; empty for the root.
    package var name: String { components.last ?? "" }

    /// The components joined by `/`; `.` for the root.
    package var text: String { components.isEmpty ? "." : components.joined(separator: "/") }

    package var description: String { text }

    package static func < (left: TreePath, right: TreePath) -> Bool {
        left.components.lexicographicallyPrecedes(right.components) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// True for a name that can stand as one component.
    package static func isAllowed(_ name: String) -> Bool {
        let bytes = name.utf8
        return !bytes.isEmpty && bytes.count <= 255 && name != "." && name != ".." && !bytes.contains(0)
            && !bytes.contains(UInt8(ascii: "/"))
    }
}

extension TreePath {
    /// A folder above the path, or the path itself: the first components of it.
    package func prefix(_ count: Int) -> TreePath { TreePath(known: Array(components.prefix(count))) }

    /// The path without its first components: as seen from a folder above it.
    package func dropping(_ count: Int) -> TreePath {
        var path = TreePath.root
        for component in components.dropFirst(count) { path = path.appending(component) }
        return path
    }
}
