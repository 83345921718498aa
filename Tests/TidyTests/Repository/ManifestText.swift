/// What `Package.swift` says about targets, read as text: the tidy tests need no package manager for it.
struct ManifestText {
    /// One target.
    struct Target: Hashable {
        /// Its name.
        let name: String
        /// `systemLibrary`, `target`, `room`, `door`, `tests`.
        let kind: String
        /// Targets of this package that it depends on.
        let targets: Set<String>
        /// Products of other packages, `Logging` and the like.
        let products: Set<String>

        var isTest: Bool { kind == "tests" || kind == "testTarget" }
    }

    /// All targets by name.
    let targets: [String: Target]
    /// Entries that could not be read.
    let unreadable: [String]

    private static let makers = ["systemLibrary", "executableTarget", "testTarget", "target", "room", "door", "tests"]

    /// Reads the entries of the `targets:` list.
    init(_ text: String) {
        let source = SwiftSource(file: "Package.swift", text: text)
        let code = source.withTexts.joined(separator: "\n")
        let shorthands = ManifestText.shorthands(code)
        var targets: [String: Target] = [:]
        var unreadable: [String] = []
        for entry in ManifestText.entries(code) {
            if let target = ManifestText.target(entry, shorthands) { targets[target.name] = target } else { unreadable.append(entry) }
        }
        self.targets = targets
        self.unreadable = unreadable
    }

    /// Everything that a program links: its dependencies and theirs.
    func closure(of name: String) -> Set<String> {
        var seen: Set<String> = []
        var open = [name]
        while let next = open.popLast() {
            guard seen.insert(next).inserted else { continue }
            open += targets[next]?.targets ?? []
        }
        return seen
    }

    // MARK: Reading

    /// `let logging: Target.Dependency = .product(name: "Logging", …)` → `logging: Logging`.
    private static func shorthands(_ code: String) -> [String: String] {
        var found: [String: String] = [:]
        for line in code.split(separator: "\n") where line.hasPrefix("let ") && line.contains(".product(name:") {
            let name = line.dropFirst(4).prefix { $0.isLetter || $0.isNumber }
            if let product = quoted(line).first { found[String(name)] = product }
        }
        return found
    }

    /// The text of each entry from its maker to its closing parenthesis.
    private static func entries(_ code: String) -> [String] {
        guard let list = code.ranges(of: "targets: [").last else { return [] }
        var entries: [String] = []
        var depth = 0
        var entry = ""
        for character in code[list.upperBound...] {
            if character == "(" || character == "[" { depth += 1 }
            if character == ")" || character == "]" { depth -= 1 }
            if depth < 0 { break }
            if character == ",", depth == 0 {
                entries.append(entry)
                entry = ""
            } else {
                entry.append(character)
            }
        }
        return (entries + [entry]).map { trimmed($0) }.filter { !$0.isEmpty }
    }

    private static func target(_ entry: String, _ shorthands: [String: String]) -> Target? {
        guard let open = entry.firstIndex(of: "(") else { return nil }
        let kind = String(entry[..<open].drop { $0 == "." })
        guard makers.contains(kind), let name = quoted(entry[...]).first else { return nil }
        guard kind != "systemLibrary", let list = firstList(entry) else {
            return Target(name: name, kind: kind, targets: [], products: [])
        }
        var targets: Set<String> = []
        var products: Set<String> = []
        for item in split(list) {
            if item.hasPrefix(".product") {
                if let product = quoted(item[...]).first { products.insert(product) }
            } else if item.hasPrefix("\"") {
                targets.formUnion(quoted(item[...]))
            } else if let product = shorthands[item] {
                products.insert(product)
            } else {
                return nil
            }
        }
        return Target(name: name, kind: kind, targets: targets, products: products)
    }

    /// The first bracketed list, which is the dependencies' in every maker.
    private static func firstList(_ entry: String) -> Substring? {
        guard let open = entry.firstIndex(of: "[") else { return nil }
        var depth = 0
        for index in entry[open...].indices {
            if entry[index] == "[" { depth += 1 }
            if entry[index] == "]" { depth -= 1 }
            if depth == 0 { return entry[entry.index(after: open)..<index] }
        }
        return nil
    }

    private static func split(_ list: Substring) -> [String] {
        var items: [String] = []
        var item = ""
        var depth = 0
        for character in list {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 {
                items.append(item)
                item = ""
            } else {
                item.append(character)
            }
        }
        return (items + [item]).map { trimmed($0) }.filter { !$0.isEmpty }
    }

    private static func quoted(_ text: Substring) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private static func trimmed(_ text: String) -> String {
        let front = text.drop { $0.isWhitespace }
        return String(front.reversed().drop { $0.isWhitespace }.reversed())
    }
}
