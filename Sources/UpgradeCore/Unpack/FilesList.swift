import UpgradeModel

/// Everything that lies in an unpacked tree, in one order and one spelling, so that two trees are equal exactly when their lists are.
///
/// Text form: the line `uplift-files 1`, then one line for each entry, sorted by path: `directory 0755 a/b` or
/// `file 0644 LENGTH SHA-256 a/b/c`. In paths every byte outside `!`…`~`, and `%` itself, is written as `%` and two hexadecimal
/// digits, so no name can forge a separator or a line. Source: install.md, "What the installer believes".
package struct FilesList: Hashable, Sendable {
    /// One folder or file.
    package struct Entry: Hashable, Sendable {
        /// What it is, and for files what is in it.
        package enum Contents: Hashable, Sendable {
            /// A folder.
            case directory
            /// A file with its length in bytes and the digest of its bytes.
            case file(length: Int64, digest: Digest)
        }

        /// Where, below the root of the tree.
        package let path: TreePath
        /// The permission bits.
        package let mode: UInt16
        /// What.
        package let contents: Contents

        /// Memberwise.
        package init(path: TreePath, mode: UInt16, contents: Contents) {
            self.path = path
            self.mode = mode
            self.contents = contents
        }

        /// An accepted entry together with the digest of its bytes; nil for a file without one, because absent is not empty.
        package init?(_ entry: AcceptedEntry, digest: Digest?) {
            switch (entry.kind, digest) {
            case (.directory, _): self.init(path: entry.path, mode: entry.mode, contents: .directory)
            case (.file, let digest?): self.init(path: entry.path, mode: entry.mode, contents: .file(length: entry.length, digest: digest))
            case (.file, nil): return nil
            }
        }
    }

    /// Every entry but the root. Shape: sorted by path, component by component, byte by byte; each path once.
    package let entries: [Entry]

    /// Puts entries in order; nil when a path comes twice or is the root.
    package init?(_ entries: [Entry]) {
        let sorted = entries.sorted { $0.path < $1.path }
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0.path < $1.path }), sorted.first?.path != .root else { return nil }
        self.entries = sorted
    }

    /// The text form, with a line feed after each line.
    package var text: String { entries.reduce(into: FilesList.heading + "\n") { $0 += FilesList.line($1) + "\n" } }

    /// Equality of bytes: names that differ only in their Unicode form are different files.
    package static func == (left: FilesList, right: FilesList) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    /// Consistent with `==`.
    package func hash(into hasher: inout Hasher) { hasher.combine(Array(text.utf8)) }

    static let heading = "uplift-files 1"

    static func line(_ entry: Entry) -> String {
        let octal = String(entry.mode, radix: 8)
        let mode = String(repeating: "0", count: max(0, 4 - octal.utf8.count)) + octal
        switch entry.contents {
        case .directory: return "directory \(mode) \(encode(entry.path.text))"
        case .file(let length, let digest): return "file \(mode) \(length) \(digest) \(encode(entry.path.text))"
        }
    }

    private static func encode(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "%" + Digest.hexText([byte])
            }
        }
        return result
    }
}
