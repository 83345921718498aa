import Testing

@Suite("Sizes and documentation")
struct SizeTests {
    @Test("files fit")
    func files() {
        let findings = SizeRule.longFiles(House.swift)
        #expect(findings.isEmpty, "\(findings.list)")
    }

    @Test("functions fit")
    func functions() {
        let findings = SizeRule.longFunctions(House.swift)
        #expect(findings.isEmpty, "\(findings.list)")
        #expect(House.swift.map { SizeRule.functions(in: $0).count }.reduce(0, +) > 1000)
    }

    @Test("what floors 1 to 3 offer is documented")
    func documentation() {
        let findings = DocumentationRule.undocumented(House.swift) + DocumentationRule.undocumentedCases(House.swift)
        #expect(findings.isEmpty, "\(findings.list)")
    }
}

@Suite("Sizes and documentation: the rules can fail")
struct SizeRuleSelfTests {
    private func source(_ text: String, file: String = "Sources/UpgradeModel/Planted.swift") -> SwiftSource {
        SwiftSource(file: file, text: text)
    }

    private func lines(_ count: Int) -> String { String(repeating: "    let a = 1\n", count: count) }

    @Test("a long file is found; an executable's limit is lower")
    func longFile() {
        #expect(SizeRule.longFiles([source(lines(400))]).isEmpty)
        #expect(SizeRule.longFiles([source(lines(401))]).count == 1)
        #expect(SizeRule.longFiles([source(lines(81), file: "Sources/upliftd/Planted.swift")]).count == 1)
        #expect(SizeRule.longFiles([source(lines(80), file: "Sources/upliftd/Planted.swift")]).isEmpty)
    }

    @Test(
        "a long function is found, whatever its form",
        arguments: [
            "func a() {", "init() {", "subscript(_ a: Int) -> Int {", "var a: Int {", "static func a(\n    b: Int\n) throws -> Int {",
        ])
    func longFunction(_ head: String) {
        let heads = head.split(separator: "\n").count
        let text = "struct A {\n\(head)\n\(lines(60 - heads))}\n}\n"
        #expect(SizeRule.longFunctions([source(text)]).count == 1)
        let fits = "struct A {\n\(head)\n\(lines(59 - heads))}\n}\n"
        #expect(SizeRule.longFunctions([source(fits)]).isEmpty)
        #expect(SizeRule.functions(in: source(fits)).map(\.length) == [60])
    }

    @Test("a long type is no long function, and braces in texts and comments do not count")
    func notFunctions() {
        let text = "struct A {\n    var c = 1\n    enum B {\n\(lines(70))}\n}\nfunc b() {\n    let t = \"{ \\(f { 1 }) }\" // }\n}\n"
        #expect(SizeRule.functions(in: source(text)).map(\.length) == [3])
    }

    @Test("an undocumented declaration is found")
    func undocumented() {
        let text = """
            /// A thing.
            package struct Thing {
                package var bare: Int
                /// Fine.
                @discardableResult
                package func fine() -> Int { 1 }
                package static func bare() {}
                var inner: Int
                package var description: String { "" }
                package init(_ text: String) {}
            }
            """
        #expect(DocumentationRule.undocumented([source(text)]).map(\.line) == [3, 7, 10])
        #expect(DocumentationRule.undocumented([source(text, file: "Sources/UpgradeAgent/P.swift")]).isEmpty)
    }

    @Test("an undocumented case of a package enum is found, a case of a switch is not")
    func cases() {
        let text = """
            /// Some.
            package enum Some {
                /// Fine.
                case fine
                case bare
                /// What.
                package var what: Int {
                    switch self {
                    case .fine: 1
                    case .bare: 2
                    }
                }
            }
            enum Inner { case a }
            """
        #expect(DocumentationRule.undocumentedCases([source(text)]).map(\.line) == [5])
    }
}
