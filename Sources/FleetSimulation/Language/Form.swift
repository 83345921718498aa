import YAML

/// What a value of a scenario file may look like: how it is read, and what people are told about it.
struct Form<Value: Sendable>: Sendable {
    /// For tables: `time`.
    let name: String
    /// Stands for a value that could not be read.
    let example: Value
    /// A value as it would be written, for tables.
    var show: @Sendable (Value) -> String = { "\($0)" }
    /// Lets a book describe what is within.
    var describe: @Sendable (LanguageBook) -> Void = { _ in }
    /// The value; nil after a mistake was noted.
    let read: @Sendable (Node, ScenarioReader) -> Value?
}

extension Form {
    /// A text without parts.
    /// - Parameter expected: as in `expected a time such as 90s`.
    static func text(
        _ name: String, expected: String, example: Value, show: @escaping @Sendable (Value) -> String = { "\($0)" },
        _ parse: @escaping @Sendable (String) -> Value?
    ) -> Form {
        Form(name: name, example: example, show: show) { node, reader in
            if let text = node.scalar?.string, let value = parse(text) { return value }
            reader.note(node, "found \(node.found), expected \(expected)")
            return nil
        }
    }

    /// One of a few words.
    static func word(_ name: String, _ words: [(word: String, value: Value)], example: Value) -> Form {
        let names = words.map(\.word)
        return Form(
            name: name, example: example, show: { value in words.first { "\($0.value)" == "\(value)" }?.word ?? "" },
            describe: { $0.add(name, words: names) },
            read: { node, reader in
                if let text = node.scalar?.string, let row = words.first(where: { $0.word == text }) { return row.value }
                reader.note(node, "found \(node.found); \(NearName.hint(node.scalar?.string ?? "", names))")
                return nil
            })
    }

    /// Keys with values.
    static func mapping(_ title: String, _ about: String, _ make: @escaping @Sendable (Fields) -> Value) -> Form {
        Form(
            name: title, example: make(Fields(describing: nil)), show: { _ in "" },
            describe: { $0.add(title, about, make) },
            read: { node, reader in
                guard case .mapping(let mapping, _) = node else {
                    reader.note(node, "found \(node.found), expected keys with values")
                    return nil
                }
                let fields = Fields(mapping, node, reader)
                let value = make(fields)
                fields.finish()
                return value
            })
    }

    /// The same form, with a look at the value when everything was read; see `ScenarioReader.later`.
    func checked(needs: [String], _ check: @escaping @Sendable (Value, Scenario) -> String?) -> Form {
        var form = Form(name: name, example: example, show: show, describe: describe) { node, reader in
            guard let value = read(node, reader) else { return nil }
            reader.later(node, needs: needs) { check(value, $0) }
            return value
        }
        form.show = show
        return form
    }
}

extension Form {
    /// A list of such values.
    static func list<Element: Sendable>(of element: Form<Element>) -> Form<[Element]> where Value == [Element] {
        Form(
            name: "list of \(element.name)", example: [], show: { $0.map(element.show).joined(separator: ", ") },
            describe: element.describe,
            read: { node, reader in
                guard case .sequence(let sequence, _) = node else {
                    reader.note(node, "found \(node.found), expected a list")
                    return nil
                }
                return sequence.enumerated().compactMap { index, node in
                    reader.below("[\(index)]") { element.read(node, reader) }
                }
            })
    }
}
