import YAML

/// Reads a scenario file. Reading goes on after a mistake, so that all of them are told at once.
package final class ScenarioReader {
    private var mistakes: [ScenarioMistake] = []
    private var checks: [(Scenario) -> Void] = []
    /// The way to the value that is read.
    private var path: [String] = []

    /// Files that a scenario names.
    let files: (String) throws -> [UInt8]

    private init(files: @escaping (String) throws -> [UInt8]) { self.files = files }

    /// The scenario that a text describes. Errors: everything that is wrong with the text.
    /// - Parameter files: the content of a file beside the scenario's, for policies and manifests that are taken from theirs.
    package static func read(
        _ text: String, files: @escaping (String) throws -> [UInt8] = { _ in throw NoFiles() }
    ) throws(ScenarioMistakes) -> Scenario {
        let reader = ScenarioReader(files: files)
        let root = reader.compose(text)
        let scenario = root.flatMap { ScenarioLanguage.scenario.read($0, reader) }
        if let scenario { for check in reader.checks { check(scenario) } }
        guard let scenario, reader.mistakes.isEmpty else {
            throw ScenarioMistakes(all: reader.mistakes.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
        }
        return scenario
    }

    private func compose(_ text: String) -> Node? {
        do throws(YAMLFault) {
            return try DocumentReader.read(text)
        } catch {
            note(error.mark, "no YAML: \(error.problem)")
            return nil
        }
    }

    private func note(_ mark: Node.Mark, _ message: String) {
        let way = path.reduce("") { $1.hasPrefix("[") || $0.isEmpty ? $0 + $1 : $0 + "." + $1 }
        mistakes.append(ScenarioMistake(line: mark.line, column: mark.column, path: way, message: message))
    }

    /// Something is wrong with a node.
    func note(_ node: Node, _ message: String) { note(node.mark, message) }

    /// Asked when everything was read: what is wrong with a node in the light of the whole scenario.
    /// - Parameter needs: keys of the file; where one of them has a mistake nothing is asked, because the answer could be wrong.
    func later(_ node: Node, needs: [String], _ check: @escaping (Scenario) -> String?) {
        let path = path
        checks.append { [unowned self] scenario in
            guard !mistakes.contains(where: { mistake in needs.contains { mistake.path.hasPrefix($0) } }), let message = check(scenario)
            else {
                return
            }
            self.path = path
            note(node, message)
        }
    }

    /// Mistakes in there are told with one more step of the way.
    func below<Value>(_ step: String, _ body: () -> Value) -> Value {
        path.append(step)
        defer { path.removeLast() }
        return body()
    }
}

extension Node {
    /// What was found, for a mistake.
    var found: String {
        switch self {
        case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(scalar.string)'"
        case .mapping: "a mapping"
        case .sequence: "a list"
        }
    }
}
