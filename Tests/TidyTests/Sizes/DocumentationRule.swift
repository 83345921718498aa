/// What the rest of the house may use says what it is for.
enum DocumentationRule {
    /// The targets whose doors must be labelled.
    static let targets: Set<String> = ["UpgradeModel", "UpgradeCore", "UpgradePorts", "UpgradeWire"]

    /// Declarations that a protocol of the standard library explains: what they do is said there.
    private static let witnesses = [
        "var description:", "static func <", "static func ==", "func hash(into", "init(from decoder:", "func encode(to encoder:",
    ]

    /// `package` declarations, and cases of `package` enums, without `///` above them.
    static func undocumented(_ sources: [SwiftSource]) -> [Finding] {
        sources.filter { $0.isSource && targets.contains($0.target) }.flatMap { source in
            source.code.indices.compactMap { index in
                guard isDoor(source.code[index]), !isDocumented(index, source) else { return nil }
                let shown = source.lines[index].drop { $0 == " " }.prefix(60)
                return Finding(file: source.file, line: index + 1, what: "`\(shown)` has no doc comment")
            }
        }
    }

    private static func isDoor(_ line: Substring) -> Bool {
        let words = line.split(separator: " ").drop { $0.hasPrefix("@") || $0.hasSuffix(")") && !$0.hasPrefix("package") }
        let modifiers: Set<Substring> = ["final", "nonisolated", "static", "indirect", "mutating"]
        guard words.drop(while: { modifiers.contains($0) }).first == "package", !words.contains("import") else { return false }
        return !witnesses.contains { line.contains($0) }
    }

    private static func isDocumented(_ index: Int, _ source: SwiftSource) -> Bool {
        var above = index - 1
        while above >= 0 {
            let line = source.lines[above].drop { $0 == " " }
            if line.hasPrefix("///") { return true }
            guard line.hasPrefix("@") || line.hasPrefix("#") else { return false }
            above -= 1
        }
        return false
    }

    /// Enum cases without `///` above them, in `package` enums; several cases on one line share a comment.
    static func undocumentedCases(_ sources: [SwiftSource]) -> [Finding] {
        sources.filter { $0.isSource && targets.contains($0.target) }.flatMap { source -> [Finding] in
            var enums: [Bool] = []
            var found: [Finding] = []
            for (index, line) in source.code.enumerated() {
                let words = line.split(separator: " ")
                let isCase = words.first == "case" || words.first == "indirect" && words.dropFirst().first == "case"
                if isCase, enums.last == true, !isDocumented(index, source) {
                    found.append(Finding(file: source.file, line: index + 1, what: "`\(line.drop { $0 == " " })` has no doc comment"))
                }
                for character in line {
                    if character == "{" { enums.append(words.contains("enum") && words.contains("package")) }
                    if character == "}" { _ = enums.popLast() }
                }
            }
            return found
        }
    }
}
