/// Finds imports and what is wrong with them.
enum ImportRule {
    /// Programs whose footprint counts: nothing that they link imports full Foundation.
    static let lean = "upliftd"

    private static let full: Set<String> = ["Foundation", "FoundationNetworking", "FoundationXML", "FoundationInternationalization"]
    private static let acting = [
        "Date()", "Date.now", "Task {", "Task.", "Task(", ".random(", "SystemRandomNumberGenerator", "ContinuousClock", "SuspendingClock",
        "async ", "await ",
    ]

    /// One import statement.
    struct Import: Hashable {
        let module: String
        let line: Int
    }

    /// The imports of a file: `import A`, `@testable import A`, `import struct A.B`, `package import A`.
    static func imports(in source: SwiftSource) -> [Import] {
        source.code.enumerated().compactMap { index, line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import") else { return nil }
            guard
                words[..<keyword].allSatisfy({
                    $0.hasPrefix("@") || ["package", "public", "internal", "private", "fileprivate"].contains($0)
                })
            else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            guard let name = words[(keyword + 1)...].first(where: { !kinds.contains($0) }) else { return nil }
            return Import(module: String(name.prefix { $0 != "." && $0 != ";" }), line: index + 1)
        }
    }

    /// Imports that the table does not grant.
    static func strangers(_ sources: [SwiftSource], rooms: [Room], guests: [String: Set<String>]) -> [Finding] {
        sources.filter(\.isSource).flatMap { source -> [Finding] in
            guard let room = rooms.first(where: { $0.name == source.target }) else {
                return [Finding(file: source.file, line: 1, what: "target \(source.target) is not in the import table")]
            }
            return imports(in: source).compactMap { found in
                if room.imports.contains(found.module) || room.system.contains(found.module) { return nil }
                if guests[found.module]?.contains(room.name) == true { return nil }
                return Finding(file: source.file, line: found.line, what: "\(room.name) may not import \(found.module)")
            }
        }
    }

    /// Imports of test targets beyond what the manifest declares for them.
    static func undeclared(_ sources: [SwiftSource], manifest: ManifestText) -> [Finding] {
        sources.filter { !$0.isSource }.flatMap { source -> [Finding] in
            guard let target = manifest.targets[source.target] else { return [] }
            let allowed = target.targets.union(target.products).union(ImportTable.testModules)
            return imports(in: source).filter { !allowed.contains($0.module) }.map {
                Finding(
                    file: source.file, line: $0.line,
                    what: "\(source.target) imports \($0.module), which Package.swift does not declare for it")
            }
        }
    }

    /// What floors 1 and 2 must not touch: time, chance, tasks, the system.
    static func actions(_ sources: [SwiftSource], floors: ClosedRange<Int> = 1...2) -> [Finding] {
        sources.filter { $0.isSource && floors.contains(ImportTable.room($0.target)?.floor ?? -1) }.flatMap { source -> [Finding] in
            source.code.enumerated().flatMap { index, line in
                acting.filter { Words.contains($0, in: line) }.map {
                    Finding(file: source.file, line: index + 1, what: "a pure floor says `\($0)`; take time and chance from outside")
                }
            }
        }
    }

    /// Full Foundation in something that the agent links.
    static func foundation(_ sources: [SwiftSource], linked: Set<String>) -> [Finding] {
        sources.filter { $0.isSource && linked.contains($0.target) }.flatMap { source in
            imports(in: source).filter { full.contains($0.module) }.map {
                Finding(
                    file: source.file, line: $0.line,
                    what: "\(lean) links \(source.target): import FoundationEssentials instead of \($0.module)")
            }
        }
    }

    /// Arrows of a table that do not go down.
    static func wrongArrows(_ rooms: [Room], sideways: Set<String>) -> [String] {
        rooms.flatMap { room in
            room.imports.sorted().compactMap { name in
                guard let below = rooms.first(where: { $0.name == name }) else { return "\(room.name) → \(name), which is no target" }
                let arrow = "\(room.name) → \(name)"
                if below.floor < room.floor || sideways.contains(arrow) { return nil }
                return "\(arrow) goes from floor \(room.floor) to floor \(below.floor)"
            }
        }
    }
}
