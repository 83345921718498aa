/// Sizes that a reader can hold in mind.
enum SizeRule {
    /// Lines of a file.
    static let fileLinesMax = 400
    /// Lines of a function, from its name to its closing brace.
    static let functionLinesMax = 60
    /// Lines of a file of an executable: wiring only.
    static let doorLinesMax = 80

    /// One function body as found.
    struct Function: Hashable {
        let line: Int
        let length: Int
    }

    /// Lines of a text; a last line feed begins no line.
    static func lines(_ text: [Substring]) -> Int { text.last?.isEmpty == true ? text.count - 1 : text.count }

    /// Files that are too long.
    static func longFiles(_ sources: [SwiftSource]) -> [Finding] {
        sources.compactMap { source in
            let isDoor = source.isSource && ImportTable.room(source.target)?.floor == 5
            let max = isDoor ? doorLinesMax : fileLinesMax
            let count = lines(source.lines)
            return count > max
                ? Finding(file: source.file, line: max + 1, what: "\(count) lines, at most \(max): split it by subject") : nil
        }
    }

    /// Functions that are too long.
    static func longFunctions(_ sources: [SwiftSource]) -> [Finding] {
        sources.flatMap { source in
            functions(in: source).filter { $0.length > functionLinesMax }.map {
                Finding(file: source.file, line: $0.line, what: "a function of \($0.length) lines, at most \(functionLinesMax)")
            }
        }
    }

    /// Functions, initializers, subscripts and computed properties. A brace belongs to a function when the code between it and the brace
    /// before it says so: right for this code base, where only protocols declare functions without a body.
    static func functions(in source: SwiftSource) -> [Function] {
        var found: [Function] = []
        var open: [Int?] = []
        var head: Int?
        for (index, line) in source.code.enumerated() {
            var rest = line
            while let place = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
                let before = rest[..<place]
                head = declares(types, before) ? nil : head ?? (declares(functions, before) || declares(["var"], before) ? index + 1 : nil)
                if rest[place] == "{" {
                    open.append(head)
                } else if let begin = open.popLast() ?? nil {
                    found.append(Function(line: begin, length: index + 2 - begin))
                }
                head = nil
                rest = rest[rest.index(after: place)...]
            }
            head = declares(types, rest) ? nil : head ?? (declares(functions, rest) ? index + 1 : nil)
        }
        return found
    }

    private static let functions = ["func", "init", "subscript", "deinit"]
    private static let types = ["struct", "enum", "class", "actor", "protocol", "extension"]

    private static func declares(_ keywords: [String], _ code: Substring) -> Bool {
        keywords.contains { word in Words.places(of: word, in: code).contains { Words.before($0, in: code) != "." } }
    }
}
