import FleetSimulation

extension HandbookPages {
    /// `ScenarioFiles.md`: what the reader of scenario files knows, in its own order.
    /// - Parameter sources: the enums whose words are values; what a word means is the doc comment of its case.
    static func scenarioFiles(sources: [SwiftSource]) throws -> String {
        let book = LanguageBook()
        let words = try book.words.compactMap { try table($0.name, $0.words, sources) }
        let parts = book.parts.map { part in
            let head = part.isWord ? "#### \(part.title)\n\n\(part.about)" : "## \(part.title)\n\n\(part.about)"
            return part.rows.isEmpty ? head : head + "\n\n" + table(part)
        }
        return """
            # Scenario files

            Every key of the files that `uplift simulate` reads. This page is made by the code that reads them; a test compares it. What the
            command does with a file is in <doc:Simulator>; samples are in `manifests/scenarios`.

            A file is YAML. Every mistake in it is told with its line and column, all of them at once; a key that nobody knows is one.

            | value | looks like |
            |---|---|
            | time | `90s`, `10m`, `2h`, `3d`, `1y` of 365 days, `80ms`, `1h 30m`; times of steps and faults count from the run's beginning |
            | bytes | `500B`, `30MB`, `4GB`; `KiB`, `MiB` and `GiB` too |
            | bytes a second | `1MB/s` |
            | share | `3%` |
            | node | `edge-7`: the name of its group and a number from 1 |
            | version, constraint, status word | as everywhere; <doc:StatusWords> lists the words |

            \((parts + words).joined(separator: "\n\n"))

            """
    }

    private static func table(_ part: LanguagePart) -> String {
        let rows = part.rows.map { "| `\($0.key)` | \($0.form) | \($0.default) | \($0.meaning) |" }
        return "| key | value | left out | meaning |\n|---|---|---|---|\n" + rows.joined(separator: "\n")
    }

    /// The words of an enum; nil where it is explained on another page.
    private static func table(_ name: String, _ words: [String], _ sources: [SwiftSource]) throws -> String? {
        let type = "enum \(name.prefix(1).uppercased())\(name.dropFirst()):"
        guard let source = sources.first(where: { $0.lines.contains { $0.contains(type) } }),
            let begin = source.lines.firstIndex(where: { $0.contains(type) })
        else { return nil }
        let body = SwiftSource(file: source.file, text: source.lines[begin...].joined(separator: "\n"))
        let rows = try words.map { word in
            let comment = try (try? comment(on: word, in: body)) ?? comment(ending: " = \"\(word)\"", in: body)
            return "| `\(word)` | \(comment) |"
        }
        return "## \(name.prefix(1).uppercased())\(name.dropFirst())\n\n| word | means |\n|---|---|\n" + rows.joined(separator: "\n")
    }

    private static func comment(ending: String, in source: SwiftSource) throws -> String {
        guard let line = source.lines.first(where: { $0.hasSuffix(ending) }) else { throw NoCase(name: ending) }
        return try comment(on: String(line.drop { $0 == " " }.dropFirst(5)), in: source)
    }
}
