import UpgradeModel

/// A text that is no list of files: which line, and what is wrong with it.
package struct FilesListError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    package let line: Int
    /// What stood there, fit for a message.
    package let found: String
    /// What would be right.
    package let expected: String

    package var description: String { "files.list line \(line): found `\(found)`, expected \(expected)" }
}

extension FilesList {
    /// Reads the text form back, and only it: another spelling or order of the same list is refused.
    package static func read(_ text: String) throws(FilesListError) -> FilesList {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first.map(String.init) == heading else { throw error(0, lines, expected: "`\(heading)`") }
        guard lines.count > 1, lines.last?.isEmpty == true else { throw error(lines.count - 1, lines, expected: "a line feed at the end") }
        var entries: [Entry] = []
        for index in lines.indices.dropFirst().dropLast() {
            guard let entry = entry(lines[index]), line(entry).utf8.elementsEqual(lines[index].utf8) else {
                throw error(index, lines, expected: "`directory MODE PATH` or `file MODE LENGTH SHA-256 PATH`")
            }
            guard entries.last.map({ $0.path < entry.path }) ?? true else {
                throw error(index, lines, expected: "a path after the one before, each once")
            }
            entries.append(entry)
        }
        guard let list = FilesList(entries) else { throw error(1, lines, expected: "each path once") }
        return list
    }

    private static func entry(_ line: Substring) -> Entry? {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count >= 3, let mode = UInt16(fields[1], radix: 8), mode <= 0o7777 else { return nil }
        guard let path = decode(fields[fields.count - 1]).flatMap({ TreePath($0) }) else { return nil }
        switch (fields[0], fields.count) {
        case ("directory", 3): return Entry(path: path, mode: mode, contents: .directory)
        case ("file", 5):
            guard let length = Int64(fields[2]), length >= 0, let digest = Digest(hex: String(fields[3])) else { return nil }
            return Entry(path: path, mode: mode, contents: .file(length: length, digest: digest))
        default: return nil
        }
    }

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func error(_ index: Int, _ lines: [Substring], expected: String) -> FilesListError {
        let found = lines.indices.contains(index) ? String(lines[index]) : ""
        return FilesListError(line: index + 1, found: VisibleText.escaping(found), expected: expected)
    }
}
