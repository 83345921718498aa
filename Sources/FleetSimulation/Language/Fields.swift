import YAML

/// The keys and values of one mapping while it is read, or while it is described: whoever asks for a key makes it known, to the file and to
/// the handbook.
final class Fields {
    private let entries: [(key: Node, value: Node)]
    private let node: Node?
    private let reader: ScenarioReader?
    private let part: LanguagePart?
    private var known: [String] = []
    /// What kind of entry it is could not be told, so nothing can be said about its keys.
    private var isLost = false

    init(_ entries: [(key: Node, value: Node)], _ node: Node, _ reader: ScenarioReader) {
        self.entries = entries
        self.node = node
        self.reader = reader
        part = nil
    }

    /// - Parameter part: gets a row for each key; nil = nobody wants to know.
    init(describing part: LanguagePart?) {
        (entries, node, reader) = ([], nil, nil)
        self.part = part
    }

    // MARK: Values

    /// A value that must be there.
    func need<Value>(_ key: String, _ form: Form<Value>, _ meaning: String) -> Value {
        if let value = read(key, form, meaning, default: "needed") { return value }
        if let node, let reader, entry(key) == nil { reader.note(node, "'\(key)' is missing; expected \(form.name): \(meaning)") }
        return form.example
    }

    /// A value that may be left out.
    func take<Value>(_ key: String, _ form: Form<Value>, _ meaning: String, else value: Value) -> Value {
        let shown = form.show(value)
        return read(key, form, meaning, default: shown.isEmpty ? "" : "`\(shown)`") ?? value
    }

    /// A value that may be left out.
    func maybe<Value>(_ key: String, _ form: Form<Value>, _ meaning: String) -> Value? { read(key, form, meaning, default: "") }

    private func entry(_ key: String) -> Node? { entries.first { $0.key.scalar?.string == key }?.value }

    private func read<Value>(_ key: String, _ form: Form<Value>, _ meaning: String, default value: String) -> Value? {
        known.append(key)
        part?.add(LanguagePart.Row(key: key, form: form.name, default: value, meaning: meaning))
        if let part { form.describe(part.book) }
        guard let reader, let node = entry(key) else { return nil }
        return reader.below(key) { form.read(node, reader) }
    }

    /// Two keys that exclude each other.
    func exclude(_ one: String, _ others: String...) {
        guard let reader, let node = entry(one) else { return }
        for other in others where entry(other) != nil { reader.note(node, "'\(one)' and '\(other)' exclude each other: leave one out") }
    }

    /// A key without which others say nothing.
    func expect(_ one: String, beside others: String...) {
        guard let reader, entry(one) == nil else { return }
        for other in others {
            if let node = entry(other) { reader.note(node, "'\(other)' without '\(one)' says nothing: add '\(one)', or leave it out") }
        }
    }

    /// Keys of which at least one must be there.
    func needOne(of keys: String...) {
        guard let reader, let node, keys.allSatisfy({ entry($0) == nil }) else { return }
        reader.note(node, "nothing is asked for; expected at least one of \(keys.joined(separator: ", "))")
    }

    /// Something is wrong with the value of a key.
    func note(_ key: String, _ message: String) {
        if let reader, let node = entry(key) { reader.below(key) { reader.note(node, message) } }
    }

    // MARK: Kinds

    /// What an entry of several possible kinds is: the one whose word is a key of it.
    func choice<Value>(_ words: [LanguageWord<Value>]) -> Value? {
        if let part { return describe(words, part) }
        let found = words.filter { entry($0.word) != nil }
        if found.count == 1 { return found[0].make(self) }
        isLost = true
        guard let reader, let node else { return nil }
        let names = words.map(\.word)
        if found.isEmpty {
            let keys = entries.compactMap(\.key.scalar?.string).filter { !known.contains($0) }
            let hint = keys.map { NearName.hint($0, names) }.first { $0.hasPrefix("did") } ?? NearName.hint("", names)
            reader.note(node, "found \(keys.isEmpty ? "nothing" : "'\(keys.joined(separator: "', '"))'"); \(hint)")
        } else {
            reader.note(node, "'\(found.map(\.word).joined(separator: "' and '"))' are two entries, expected one of them: begin a new line")
        }
        return nil
    }

    /// The same where the word is the value of a key.
    func kind<Value>(_ key: String, _ words: [LanguageWord<Value>]) -> Value? {
        if let part { return describe(words, part) }
        known.append(key)
        guard let reader, let node else { return nil }
        let names = words.map(\.word)
        if let word = words.first(where: { $0.word == entry(key)?.scalar?.string }) { return word.make(self) }
        isLost = true
        guard let value = entry(key) else {
            reader.note(node, "'\(key)' is missing; \(NearName.hint("", names))")
            return nil
        }
        reader.below(key) { reader.note(value, "found \(value.found); \(NearName.hint(value.scalar?.string ?? "", names))") }
        return nil
    }

    private func describe<Value>(_ words: [LanguageWord<Value>], _ part: LanguagePart) -> Value? {
        for word in words { part.book.add("`\(word.word)`", word.meaning, isWord: true, word.make) }
        return nil
    }

    /// Whatever nobody asked for is a mistake.
    func finish() {
        guard let reader, !isLost else { return }
        for (key, _) in entries {
            guard let name = key.scalar?.string else {
                reader.note(key, "found \(key.found) as a key, expected a word")
                continue
            }
            if !known.contains(name) { reader.note(key, "nobody knows '\(name)' here; \(NearName.hint(name, known))") }
        }
    }
}

/// One kind of entry in a list of several kinds.
struct LanguageWord<Value>: Sendable {
    /// As people write it.
    let word: String
    /// One sentence for people.
    let meaning: String
    /// Reads the rest of the entry.
    let make: @Sendable (Fields) -> Value

    init(_ word: String, _ meaning: String, _ make: @escaping @Sendable (Fields) -> Value) {
        self.word = word
        self.meaning = meaning
        self.make = make
    }
}
