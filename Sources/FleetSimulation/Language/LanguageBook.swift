/// What may stand in a scenario file, for the handbook: written by the same code that reads the files.
package final class LanguageBook {
    /// Mappings and words, in the order in which people meet them.
    package private(set) var parts: [LanguagePart] = []

    /// Values that are one of a few words: the name of the value, and the words.
    package private(set) var words: [(name: String, words: [String])] = []

    /// The whole language.
    package init() { ScenarioLanguage.scenario.describe(self) }

    func add(_ name: String, words: [String]) {
        if !self.words.contains(where: { $0.name == name }) { self.words.append((name, words)) }
    }

    func add<Value>(_ title: String, _ about: String, isWord: Bool = false, _ make: (Fields) -> Value) {
        guard !parts.contains(where: { $0.title == title && $0.about == about }) else { return }
        let part = LanguagePart(title: title, about: about, isWord: isWord, book: self)
        parts.append(part)
        _ = make(Fields(describing: part))
    }
}

/// One mapping, or one kind of entry in a list.
package final class LanguagePart {
    /// A key.
    package struct Row: Hashable, Sendable {
        /// As people write it.
        package let key: String
        /// What its value may look like.
        package let form: String
        /// `needed`, or what holds where it is left out; empty = nothing.
        package let `default`: String
        /// One sentence for people.
        package let meaning: String
    }

    /// Its name.
    package let title: String
    /// One sentence for people.
    package let about: String
    /// Whether it is a kind of entry of the part before.
    package let isWord: Bool
    /// Its keys.
    package private(set) var rows: [Row] = []
    unowned let book: LanguageBook

    init(title: String, about: String, isWord: Bool, book: LanguageBook) {
        self.title = title
        self.about = about
        self.isWord = isWord
        self.book = book
    }

    func add(_ row: Row) { rows.append(row) }
}
