import UpgradeModel

/// Text from outside, fit for a terminal: ordinary text stays as it is, whatever acts instead of being seen is escaped.
enum Shown {
    /// Lines stay lines.
    static func text(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            VisibleText.isVisible(String(line)) ? String(line) : VisibleText.escaping(String(line), max: 4096)
        }.joined(separator: "\n")
    }

    /// A body of an answer, at most a screenful.
    static func body(_ bytes: [UInt8]) -> String {
        let text = text(String(decoding: bytes.prefix(4096), as: UTF8.self))
        return bytes.count > 4096 ? text + "…" : text
    }
}
