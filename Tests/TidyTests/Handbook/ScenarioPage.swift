import FleetSimulation

extension HandbookPages {
    /// `ScenarioFiles.md`: what the reader of scenario files knows, in its own order.
    static func scenarioFiles() -> String {
        let parts = LanguageBook().parts.map { part in
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

            \(parts.joined(separator: "\n\n"))

            """
    }

    private static func table(_ part: LanguagePart) -> String {
        let rows = part.rows.map { "| `\($0.key)` | \($0.form) | \($0.default) | \($0.meaning) |" }
        return "| key | value | left out | meaning |\n|---|---|---|---|\n" + rows.joined(separator: "\n")
    }
}
