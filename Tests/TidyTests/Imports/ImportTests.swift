import Testing

@Suite("Floors and imports")
struct ImportTests {
    let manifest: ManifestText

    init() throws { manifest = ManifestText(try House.text("Package.swift")) }

    @Test("every entry of Package.swift is understood, and every folder of Sources and Tests has one")
    func manifestIsRead() throws {
        #expect(manifest.unreadable.isEmpty)
        let folders = Set((House.files(below: "Sources") + House.files(below: "Tests")).map { String($0.split(separator: "/")[1]) })
        #expect(folders.subtracting(manifest.targets.keys) == ["Uplift.docc", "Vectors", "Corpus"])
        #expect(Set(manifest.targets.keys).subtracting(folders).isEmpty)
    }

    @Test("the import table and Package.swift say the same")
    func tableIsManifest() {
        let rooms = manifest.targets.values.filter { !$0.isTest }
        #expect(Set(rooms.map(\.name)) == Set(ImportTable.rooms.map(\.name)))
        for room in ImportTable.rooms {
            #expect(manifest.targets[room.name]?.targets == room.imports, "\(room.name)")
            let guests = Set(ImportTable.guests.filter { $0.value.contains(room.name) }.keys)
            #expect(manifest.targets[room.name]?.products == guests, "\(room.name)")
        }
    }

    @Test("sources import what the table grants")
    func noStrangers() {
        let findings = ImportRule.strangers(House.swift, rooms: ImportTable.rooms, guests: ImportTable.guests)
        #expect(findings.isEmpty, "\(findings.list)")
    }

    @Test("tests import what Package.swift declares for them")
    func testsDeclare() {
        let findings = ImportRule.undeclared(House.swift, manifest: manifest)
        #expect(findings.isEmpty, "\(findings.list)")
    }

    @Test("arrows go down")
    func arrows() {
        #expect(ImportRule.wrongArrows(ImportTable.rooms, sideways: ImportTable.sideways).isEmpty)
    }

    @Test("a C header is imported by exactly one target")
    func oneThinTarget() {
        for header in ImportTable.rooms where header.name.hasPrefix("C") && header.floor == 0 && header.imports.isEmpty {
            let users = House.swift.filter { ImportRule.imports(in: $0).contains { $0.module == header.name } }.map(\.target)
            #expect(Set(users).count == 1, "\(header.name) is imported by \(Set(users).sorted())")
        }
    }

    @Test("floors 1 and 2 do not act")
    func pureFloors() {
        for room in ImportTable.rooms where (1...2).contains(room.floor) { #expect(room.system.isEmpty, "\(room.name)") }
        let findings = ImportRule.actions(House.swift)
        #expect(findings.isEmpty, "\(findings.list)")
    }

    @Test("the agent links no full Foundation")
    func leanAgent() {
        let linked = manifest.closure(of: ImportRule.lean)
        #expect(linked.isSuperset(of: ["UpgradeAgent", "UpgradeModel", "CCurl", "SQLite"]))
        let findings = ImportRule.foundation(House.swift, linked: linked)
        #expect(findings.isEmpty, "\(findings.list)")
    }
}

@Suite("Floors and imports: the rules can fail")
struct ImportRuleSelfTests {
    private func source(_ target: String, _ text: String) -> SwiftSource {
        SwiftSource(file: "Sources/\(target)/Planted.swift", text: text)
    }

    @Test("every spelling of an import is found, and no text or comment is taken for one")
    func spellings() {
        let text = """
            import A
            @testable import B
            @preconcurrency import C
            import struct D.Thing
            package import E
            // import F
            let text = "import G"
            /* import H */
            let note = \"\"\"
                import I
                \"\"\"
            """
        #expect(ImportRule.imports(in: source("X", text)).map(\.module) == ["A", "B", "C", "D", "E"])
    }

    @Test("a planted import is found")
    func stranger() {
        let planted = source("UpgradeCore", "import UpgradeModel\nimport Glibc\n")
        let findings = ImportRule.strangers([planted], rooms: ImportTable.rooms, guests: ImportTable.guests)
        #expect(findings.map(\.line) == [2])
        let guest = source("UpgradeModel", "import ArgumentParser")
        #expect(ImportRule.strangers([guest], rooms: ImportTable.rooms, guests: ImportTable.guests).count == 1)
        #expect(ImportRule.strangers([source("Attic", "let a = 1")], rooms: ImportTable.rooms, guests: [:]).count == 1)
    }

    @Test("a test's undeclared import is found")
    func undeclared() {
        let manifest = ManifestText(#"let package = Package(targets: [tests("ATests", ["A"])])"#)
        let planted = SwiftSource(file: "Tests/ATests/T.swift", text: "import A\nimport B\nimport Testing\n")
        #expect(ImportRule.undeclared([planted], manifest: manifest).map(\.line) == [2])
    }

    @Test(
        "time, chance and tasks on a pure floor are found",
        arguments: [
            "let now = Date()", "Task { work() }", "let n = Int.random(in: 0...1)", "var g = SystemRandomNumberGenerator()",
            "await other()",
        ])
    func action(_ line: String) {
        #expect(ImportRule.actions([source("UpgradeModel", line)]).count == 1)
        #expect(ImportRule.actions([source("UpgradeSystem", line)]).isEmpty)
        #expect(ImportRule.actions([source("UpgradeModel", "// " + line)]).isEmpty)
    }

    @Test("Foundation is found in what the agent links, and only there")
    func foundation() {
        let planted = source("UpgradeStore", "import Foundation")
        #expect(ImportRule.foundation([planted], linked: ["UpgradeStore"]).count == 1)
        #expect(ImportRule.foundation([planted], linked: ["UpgradeAgent"]).isEmpty)
        #expect(ImportRule.foundation([source("UpgradeStore", "import FoundationEssentials")], linked: ["UpgradeStore"]).isEmpty)
    }

    @Test("an arrow up, sideways or to nowhere is found")
    func arrows() {
        let low = Room("Low", floor: 1, ["High"])
        let high = Room("High", floor: 2, ["Twin", "Low", "Ghost"])
        let twin = Room("Twin", floor: 2)
        #expect(ImportRule.wrongArrows([low, high, twin], sideways: []).count == 3)
        #expect(ImportRule.wrongArrows([low, high, twin], sideways: ["High → Twin"]).count == 2)
    }

    @Test("a manifest is read: makers, products, shorthands, closures")
    func manifest() {
        let text = """
            let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
            let package = Package(products: [.executable(name: "p", targets: ["p"])], targets: [
                // room("Comment", ["Nobody"]),
                .systemLibrary(name: "CThing", providers: [.apt(["libthing-dev"])]),
                room("Thing", ["CThing"]),
                room("Upper", ["Thing", logging, .product(name: "NIOCore", package: "swift-nio")]),
                door("p", ["Upper"]),
                tests("ThingTests", ["Thing"], resources: [.copy("Vectors")]),
            ])
            """
        let manifest = ManifestText(text)
        #expect(manifest.unreadable.isEmpty)
        #expect(Set(manifest.targets.keys) == ["CThing", "Thing", "Upper", "p", "ThingTests"])
        #expect(manifest.targets["Upper"]?.targets == ["Thing"])
        #expect(manifest.targets["Upper"]?.products == ["Logging", "NIOCore"])
        #expect(manifest.targets["ThingTests"]?.targets == ["Thing"])
        #expect(manifest.closure(of: "p") == ["p", "Upper", "Thing", "CThing"])
        #expect(ManifestText(#"let package = Package(targets: [room("A", [surprise])])"#).unreadable.count == 1)
    }
}
