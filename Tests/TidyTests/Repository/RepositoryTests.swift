import FoundationEssentials
import Testing

@Suite("The repository")
struct RepositoryTests {
    /// What a newcomer sees first.
    private static let top: Set<String> = ["Package.swift", "README.md", "LICENSE", "Sources", "Tests", "packaging", "manifests"]

    /// Names at the top that do not belong there. Files that start with a dot, and what the package manager makes, are not looked at.
    static func strangers(_ names: [String]) -> [String] {
        names.filter { !top.contains($0) && !$0.hasPrefix(".") && $0 != "Package.resolved" }.sorted()
    }

    @Test("the top level holds what it should and nothing else")
    func topLevel() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: House.path)
        #expect(RepositoryTests.strangers(names).isEmpty)
        #expect(RepositoryTests.top.subtracting(names).isEmpty)
        #expect(RepositoryTests.strangers(["README.md", "notes.txt", ".gitignore", "docs"]) == ["docs", "notes.txt"])
    }

    @Test("scripts are executable and their syntax is right")
    func scripts() throws {
        let scripts = try House.files(below: "packaging").filter { try Script.isBash(House.text($0)) } + [".ci/run"]
        #expect(scripts.contains("packaging/demo") && scripts.contains("packaging/test"))
        for script in scripts {
            if !script.hasSuffix(".sh") { #expect(Script.isExecutable(script), "\(script) is not executable: chmod +x \(script)") }
            #expect(Script.syntaxIsRight(script), "bash -n \(script) fails")
        }
        #expect(Script.isExecutable("packaging/lib.sh") == false, "packaging/lib.sh is sourced, not run")
    }

    @Test("a broken script is found")
    func brokenScript() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/uplift-tidy-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(FileManager.default.createFile(atPath: folder + "/bad", contents: Data("#!/bin/bash\nif true; then\n".utf8)))
        #expect(Script.isExecutable(folder + "/bad") == false)
        #expect(Script.syntaxIsRight(folder + "/bad") == false)
        #expect(FileManager.default.createFile(atPath: folder + "/good", contents: Data("#!/bin/bash\ntrue\n".utf8)))
        #expect(Script.syntaxIsRight(folder + "/good"))
    }

    @Test("the licence is Apache 2.0, and the README leads to the handbook and to the scripts")
    func firstPages() throws {
        let licence = try House.text("LICENSE")
        #expect(
            licence.contains("Apache License") && licence.contains("Version 2.0, January 2004")
                && licence.contains("END OF TERMS AND CONDITIONS"))
        let readme = try House.text("README.md")
        for link in ["Sources/Uplift.docc", "packaging/demo", "packaging/test"] {
            #expect(readme.contains(link), "README.md does not name \(link)")
        }
    }

    @Test("the README's floor table names every target")
    func floorTable() throws {
        let readme = try House.text("README.md")
        for room in ImportTable.rooms {
            let row = readme.split(separator: "\n").first { $0.hasPrefix("| \(room.floor) |") && $0.contains("`\(room.name)`") }
            #expect(row != nil, "README.md: no row of floor \(room.floor) names `\(room.name)`")
        }
    }
}
