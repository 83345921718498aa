import UpgradeModel

/// Text from outside, fit for a terminal: ordinary text stays as it is, whatever acts instead of being seen is escaped.
enum Shown {
    /// One line, whatever it holds: a name, a path, a reason. Nobody's name forges a line of ours.
    static func text(_ text: String) -> String {
        VisibleText.isVisible(text) ? text : VisibleText.escaping(text, max: 4096)
    }

    /// What somebody says at length: lines stay lines.
    static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { Shown.text(String($0)) }.joined(separator: "\n")
    }

    /// A body of an answer, at most a screenful.
    static func body(_ bytes: [UInt8]) -> String {
        let text = lines(String(decoding: bytes.prefix(4096), as: UTF8.self))
        return bytes.count > 4096 ? text + "…" : text
    }
}
