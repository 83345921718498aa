/// A mistake in a scenario file.
package struct ScenarioMistake: Hashable, Sendable {
    /// Where in the text; both begin with 1.
    package let line: Int
    /// See `line`; characters.
    package let column: Int
    /// Which value, as `faults[0].from`; empty = the whole file.
    package let path: String
    /// What was found and what was expected.
    package let message: String

    /// `file:12:5: faults[0].from: found …, expected …`.
    package func sentence(file: String) -> String { "\(file):\(line):\(column): \(path.isEmpty ? "" : path + ": ")\(message)" }
}

/// Everything that is wrong with a scenario file, in the order of its lines.
package struct ScenarioMistakes: Error, Sendable {
    /// At least one.
    package let all: [ScenarioMistake]
}

/// What somebody may have meant.
enum NearName {
    /// `, did you mean 'x'?` when one of the names is near, else all names there are.
    static func hint(_ found: String, _ names: [String]) -> String {
        let near = names.map { ($0, distance(found, $0)) }.min { $0.1 < $1.1 }
        if let near, near.1 <= (found.count < 4 ? 1 : max(2, found.count / 3)) { return "did you mean '\(near.0)'?" }
        return "expected " + (names.isEmpty ? "none" : "one of \(names.joined(separator: ", "))")
    }

    /// How many letters must be added, taken away or replaced.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.lowercased()), Array(right.lowercased()))
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
