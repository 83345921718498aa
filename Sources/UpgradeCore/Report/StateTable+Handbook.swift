import UpgradeModel

/// The generated part of the handbook's page about the machine.
extension StateTable {
    /// States, drawing, matrix and moves, as Markdown.
    package static func markdown() -> String {
        let cells = walk()
        return [
            "## States", states(cells), "## Drawing", drawing(cells), "## Every event in every state", legend, matrix(),
            "## Every move", moves(cells),
        ].joined(separator: "\n\n") + "\n"
    }

    private static let legend = """
        `→` moves to that state, `↻` moves within its state, `·` changes nothing, `stale` is late or repeated (counted), `rejected` cannot \
        happen (shown on a node, a failed run in the simulator). Events that are answered alike everywhere share a row, states that answer \
        alike share a column.
        """

    private static func states(_ cells: [Cell]) -> String {
        let rows = SampleStates.all.map { state in
            let targets = unique(cells.filter { $0.from == state }.compactMap(target).filter { $0 != title(state) }.map(\.text))
            return [
                title(state).text, state.map { spaced($0.status.rawValue) } ?? "no row", waitsFor(state),
                targets.isEmpty ? "nowhere" : targets.joined(separator: ", "),
            ]
        }
        return table(["State", "Status word", "Waits for", "Goes to"], rows)
    }

    private static func waitsFor(_ state: JobState?) -> String {
        guard let state else { return "a policy that matches" }
        switch state.wake {
        case SampleStates.scheduled: return "its scheduled start, and its turn"
        case SampleStates.runDeadline: return "the procedure's answer, at most until the run's deadline"
        case SampleStates.nextTry: return "the next try"
        case SampleStates.handoverDeadline: return "the installer's journal, at most until the hand-over's deadline"
        case .some: return "a moment without a name"
        case nil: break
        }
        if state.handover != nil { return "the installer's journal" }
        return state.status == .unknown ? "a reset" : "nothing: final"
    }

    private static func matrix() -> String {
        var columns: [(titles: [Title], answers: [String])] = []
        let rows = SampleEvent.all.map { (name: $0.name, answers: row($0).map(short)) }
        for (index, state) in SampleStates.all.enumerated() {
            let answers = rows.map { $0.answers[index] }
            if let same = columns.firstIndex(where: { $0.answers == answers }) {
                columns[same].titles.append(title(state))
            } else {
                columns.append(([title(state)], answers))
            }
        }
        var merged: [(names: [String], answers: [String])] = []
        for (index, row) in rows.enumerated() {
            let answers = columns.map { $0.answers[index] }
            if let same = merged.firstIndex(where: { $0.answers == answers }) {
                merged[same].names.append(row.name)
            } else {
                merged.append(([row.name], answers))
            }
        }
        return table(["Event"] + columns.map { heading($0.titles) }, merged.map { [$0.names.joined(separator: "; ")] + $0.answers })
    }

    /// `ended (successful / failed)`, or several kinds one after the other.
    private static func heading(_ titles: [Title]) -> String {
        unique(titles.map(\.kind)).map { kind in
            let variants = titles.filter { $0.kind == kind }.map(\.variant)
            return Title(kind, variants.joined(separator: " / ")).text
        }.joined(separator: ", ")
    }

    private static func short(_ cell: Cell) -> String {
        switch cell.answer {
        case .moved(let move): title(move.state) == title(cell.from) ? "↻" : "→ \(title(move.state).text)"
        case .unchanged: "·"
        case .stale: "stale"
        case .rejected: "rejected"
        }
    }

    private static func moves(_ cells: [Cell]) -> String {
        var merged: [(key: [String], events: [String])] = []
        for state in SampleStates.all {
            for cell in cells where cell.from == state {
                guard case .moved(let move) = cell.answer else { continue }
                let key = [
                    title(state).text, title(move.state).text, move.owed.map(word).joined(separator: ", "),
                    move.effects.map(word).joined(separator: ", "),
                ]
                if let same = merged.firstIndex(where: { $0.key == key }) {
                    merged[same].events.append(cell.sample.name)
                } else {
                    merged.append((key, [cell.sample.name]))
                }
            }
        }
        let rows = merged.map { [$0.key[0], $0.events.joined(separator: "; "), $0.key[1], $0.key[2], $0.key[3]] }
        return table(["From", "Event", "To", "Owed to the exchange", "Then"], rows)
    }

    /// Kinds of states and what leads from one to another, for Mermaid.
    private static func drawing(_ cells: [Cell]) -> String {
        var edges: [(from: String, to: String, events: [String])] = []
        for state in SampleStates.all {
            for cell in cells where cell.from == state {
                guard let to = target(cell)?.kind, to != title(state).kind else { continue }
                let from = title(state).kind
                if let same = edges.firstIndex(where: { $0.from == from && $0.to == to }) {
                    edges[same].events.append(cell.sample.short)
                } else {
                    edges.append((from, to, [cell.sample.short]))
                }
            }
        }
        let names = unique(SampleStates.all.map { title($0).kind }).filter { $0 != "none" }
        let lines = names.map { "    state \"\($0)\" as \(identifier($0))" }
        let arrows = edges.map { "    \(identifier($0.from)) --> \(identifier($0.to)): \(unique($0.events).joined(separator: ", "))" }
        return (["```mermaid", "stateDiagram-v2"] + lines + arrows + ["```"]).joined(separator: "\n")
    }

    private static func identifier(_ kind: String) -> String {
        kind == "none" ? "[*]" : String(kind.map { $0 == " " ? "_" : $0 })
    }

    private static func target(_ cell: Cell) -> Title? {
        guard case .moved(let move) = cell.answer else { return nil }
        return title(move.state)
    }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        let line = { (cells: [String]) in "| " + cells.joined(separator: " | ") + " |" }
        return ([line(head), line(head.map { _ in "---" })] + rows.map(line)).joined(separator: "\n")
    }

    private static func unique(_ words: [String]) -> [String] {
        words.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
