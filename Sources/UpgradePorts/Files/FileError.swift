import UpgradeModel

/// A file operation that did not work: what was tried, on what, and why.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that callers tell apart.
    package enum Kind: String, Hashable, Sendable {
        /// Nothing has this name.
        case missing
        /// The name is taken.
        case exists
        /// A link, folder or device where a regular file is needed, or the like.
        case unexpectedKind
        /// The file system is full, or a quota is.
        case noSpace
        /// Rights, or a read-only file system.
        case denied
        /// The path leads outside, or through a link.
        case escapes
        /// Anything else; `code` says what.
        case other
    }

    /// Why, in one notion.
    package let kind: Kind
    /// What was tried, a verb: `open`, `rename`.
    package let operation: String
    /// On what.
    package let path: TreePath
    /// The system's error number; 0 when none.
    package let code: Int32
    /// The system's sentence for it.
    package let reason: String

    /// Memberwise.
    package init(_ kind: Kind, operation: String, path: TreePath, code: Int32 = 0, reason: String) {
        self.kind = kind
        self.operation = operation
        self.path = path
        self.code = code
        self.reason = reason
    }

    package var description: String { "cannot \(operation) \(path): \(reason)" }
}
