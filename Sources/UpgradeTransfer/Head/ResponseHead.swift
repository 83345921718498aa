/// The head of an answer, put together from libcurl's header lines. Interim answers (1xx) are dropped, trailers are not taken.
struct ResponseHead: Sendable {
    /// Bytes of header lines that one answer may have.
    static let bytesMax = 256 << 10

    /// Nil until a status line came.
    private(set) var status: Int?
    /// Names in lower case, values trimmed.
    private(set) var headers: [(name: String, value: String)] = []
    /// The empty line after a final status came.
    private(set) var isComplete = false
    private var bytes = 0

    /// One line with its line end; false when there are too many of them.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Bool {
        bytes += line.count
        guard bytes <= Self.bytesMax else { return false }
        guard !isComplete else { return true }
        let text = String(decoding: line, as: UTF8.self).trimmed()
        if text.hasPrefix("HTTP/") {
            status = Self.status(of: text)
            headers = []
        } else if text.isEmpty {
            isComplete = (status ?? 0) >= 200
        } else if let colon = text.firstIndex(of: ":") {
            headers.append((text[..<colon].lowercased(), String(text[text.index(after: colon)...]).trimmed()))
        }
        return true
    }

    /// The last header of this (lower-case) name.
    func header(_ name: String) -> String? { headers.last { $0.name == name }?.value }

    private static func status(of line: String) -> Int? {
        let words = line.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? Int(words[1]) : nil
    }
}

extension String {
    /// Without white space at both ends.
    func trimmed() -> String {
        let head = drop { $0.isWhitespace }
        return String(head.reversed().drop { $0.isWhitespace }.reversed())
    }
}
