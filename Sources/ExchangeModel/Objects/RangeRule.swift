/// What a request for object data gets, given its `Range`. Source: contract 2.3, RFC 9110 section 14.
package enum RangeRule {
    /// The answer.
    package enum Answer: Hashable, Sendable {
        /// 200 with everything.
        case whole
        /// 206 with these bytes, both ends included.
        case part(first: Int64, last: Int64)
        /// 400 with the reason.
        case malformed(String)
        /// 404. Kept: the real CSS answers so, not 416.
        case beyondEnd
    }

    /// Decides. No header, another unit than bytes, or several ranges give the whole object.
    ///
    /// Kept: a range at least as long as the object is answered with 200. Changed, because the real one writes an error and goes
    /// on: a malformed header is 400 and nothing else. Added: `bytes=a-` and `bytes=-n` as HTTP has them.
    package static func answer(range: String?, size: Int64) -> Answer {
        guard let range, let specification = afterUnit(range), !specification.contains(",") else { return .whole }
        let ends = specification.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return malformed(range) }
        switch (number(ends[0]), number(ends[1])) {
        case (.some(let first), .some(let last)):
            if last < first { return .malformed("the range '\(range)' ends before it begins") }
            return clamp(first: first, last: last, size: size)
        case (.some(let first), nil) where ends[1].isEmpty:
            return first >= size && size > 0 || first > 0 && size == 0 ? .beyondEnd : clamp(first: first, last: size - 1, size: size)
        case (nil, .some(let length)) where ends[0].isEmpty:
            if length == 0 { return .beyondEnd }
            return clamp(first: max(0, size - length), last: size - 1, size: size)
        default:
            return malformed(range)
        }
    }

    private static func clamp(first: Int64, last: Int64, size: Int64) -> Answer {
        if last - first >= size - 1 { return .whole }
        if first >= size { return .beyondEnd }
        return .part(first: first, last: min(last, size - 1))
    }

    private static func malformed(_ range: String) -> Answer {
        .malformed("cannot read the range '\(range)'; 'bytes=first-last' is expected")
    }

    private static func afterUnit(_ range: String) -> Substring? {
        guard let equals = range.firstIndex(of: "="), range[..<equals].lowercased() == "bytes" else { return nil }
        return range[range.index(after: equals)...]
    }

    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        // Beyond every object all places are the same.
        return Int64(text) ?? .max
    }
}
