import UpgradeModel
import UpgradeWire

/// The pages of the handbook that are made from enums, so that they cannot say anything else than the program.
enum HandbookPages {
    /// Where each page is kept.
    static let folder = "Sources/Uplift.docc/"

    /// `Settings.md`.
    static func settings() -> String {
        let rows = SettingKey.allCases.map { key in
            let value = key.defaultValue.isEmpty ? "(empty)" : "`\(key.defaultValue)`"
            return "| `\(key.rawValue)` | \(value) | \(key.meaning) |"
        }
        return """
            # Settings

            Every setting of the agent. This page is made from `SettingKey`; a test compares it.

            Settings are `KEY=VALUE` lines. Later ones win: built-in, `/etc/default/horizon`, the configuration of the running release,
            `/etc/uplift/*.conf` in the order of their names. An upgrade writes none of these files: it brings a configuration as part of a
            release. `GET /status` on the agent's socket shows for each setting its value and the file that it came from, and every line or
            value that does not count as it is written; the log says the same at each start.

            `/etc/uplift` and each `*.conf` in it should belong to root or to the agent's user, and nobody else should write them. Otherwise
            they hold all the same, log and `/status` say which file it is and what to do. The trusted keys are stricter: of a folder that
            breaks this rule none is believed, and every upgrade ends as `precheck failed` with that reason. In both cases the agent runs:
            a wrong `chmod` must not take a node from its operator.

            Blank lines and lines that begin with `#` are skipped. `export ` before a key, and one pair of matching quotes around a value, are
            taken off. Nothing is expanded. A number that cannot be read counts as its default; one outside of its range as the nearest end; a
            word that is neither yes nor no as no.

            | setting | default | meaning |
            |---|---|---|
            \(rows.joined(separator: "\n"))

            All paths are below `--root`.

            """
    }

    /// `StatusWords.md`; the meanings are the doc comments of the enum's cases.
    static func statusWords(source: SwiftSource) throws -> String {
        let rows = try Status.allCases.map { status in
            let comment = try comment(on: "\(status)", in: source)
            return "| `\(StatusWord.word(status))` | \(status.isFinal ? "yes" : "no") | \(comment) |"
        }
        return """
            # Status words

            The words that the exchange and the local API use for a node management policy on a node. This page is made from `Status` and
            `StatusWord`; a test compares it. They are Open Horizon's words, all fifteen.

            A final status changes only when somebody resets the policy on the node or at the exchange, or when the policy stops concerning
            the node.

            | word | final | meaning |
            |---|---|---|
            \(rows.joined(separator: "\n"))

            The agent keeps a finer state than the word and derives the word from it; <doc:StateMachine> shows all states.

            What goes wrong decides the word:

            | what went wrong | word |
            |---|---|
            | transport, 404, length, digest or signature of a file; tries used up | `download failed` |
            | manifest missing, unsigned or invalid; version not resolvable; wrong package; refused archive or descriptor; too little space before the first byte; a version that failed here before; clock or battery, tries used up; a hook before download or installation | `precheck failed` |
            | the installer ends the job before the switch, for any reason | `precheck failed`, no rollback words |
            | anything from the switch on | `failed`, `rollback started`, then `rollback successful` or `rollback failed` |

            `ha node waiting` comes after `downloaded` for a member of a high-availability group while it is not its turn, or while the agbot
            (`HZN_AGBOT_URL`) cannot be asked; the node asks again every minute, without an end, and the reason is the status' `errorMessage`.
            The turn is given back by the status of the job's end: the gate watches it. `reset` is read from others and never made by this
            agent.

            """
    }

    /// The `///` lines above `case name`, joined.
    static func comment(on name: String, in source: SwiftSource) throws -> String {
        guard let index = source.lines.firstIndex(where: { $0.drop { $0 == " " } == "case " + name }) else { throw NoCase(name: name) }
        let above = source.lines[..<index].reversed().map { $0.drop { $0 == " " } }.prefix { $0.hasPrefix("///") }
        return above.reversed().map { $0.dropFirst(4) }.joined(separator: " ")
    }

    /// An enum's case that is not where it should be.
    struct NoCase: Error { let name: String }
}
