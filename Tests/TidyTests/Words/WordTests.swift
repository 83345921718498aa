import Testing

@Suite("Words")
struct WordTests {
    private var sources: [SwiftSource] { House.swift.filter(\.isSource) }
    private var tests: [SwiftSource] { House.swift.filter { !$0.isSource } }

    @Test("sources hold nothing that traps a node")
    func noTraps() {
        let findings = WordRule.findings(WordRule.sources, in: sources) + WordRule.forced(sources)
        #expect(findings.isEmpty, "\(findings.list)")
    }

    @Test("nothing is left for later, no test is switched off")
    func nothingPutOff() {
        let findings = WordRule.findings(WordRule.everywhere, in: House.swift) + WordRule.findings(WordRule.tests, in: tests)
        #expect(findings.isEmpty, "\(findings.list)")
    }

    @Test("nothing sleeps, except where the list says why")
    func noSleeps() {
        let findings = WordRule.sleeps(House.swift, allowed: Set(WordRule.sleepers.keys))
        #expect(findings.isEmpty, "\(findings.list)")
        for file in WordRule.sleepers.keys {
            let source = House.swift.filter { $0.file == file }
            #expect(!WordRule.sleeps(source, allowed: []).isEmpty, "\(file) sleeps no more: take it off the list")
        }
    }

    @Test("only programs and commands print")
    func printing() {
        let findings = WordRule.prints(House.swift)
        #expect(findings.isEmpty, "\(findings.list)")
    }

    @Test("no file names one machine's folders or a package host")
    func noPlaces() throws {
        let findings = House.files().flatMap { file in
            (try? House.text(file)).map { PlaceRule.findings(file: file, text: $0) } ?? []
        }
        #expect(findings.isEmpty, "\(findings.list)")
    }
}

@Suite("Words: the rules can fail")
struct WordRuleSelfTests {
    private func source(_ text: String, file: String = "Sources/UpgradeAgent/Planted.swift") -> SwiftSource {
        SwiftSource(file: file, text: text)
    }

    @Test("each banned word is found in code and not in comments or texts", arguments: WordRule.sources.map(\.word))
    func banned(_ word: String) {
        #expect(WordRule.findings(WordRule.sources, in: [source("    x = \(word) y")]).map(\.line) == [1])
        #expect(WordRule.findings(WordRule.sources, in: [source("// \(word)\nlet t = \"\(word)\"\n/* \(word) */")]).isEmpty)
        #expect(WordRule.findings(WordRule.sources, in: [source("let t = \"\\(f(\(word) y))\"")]).count == 1)
    }

    @Test("what is put off is found in comments too", arguments: WordRule.everywhere.map(\.word))
    func putOff(_ word: String) {
        #expect(WordRule.findings(WordRule.everywhere, in: [source("let a = 1\n// \(word): later")]).map(\.line) == [2])
    }

    @Test("a switched-off test is found")
    func disabled() {
        let planted = source("@Test(.disabled(\"later\")) func a() {}", file: "Tests/A/B.swift")
        #expect(WordRule.findings(WordRule.tests, in: [planted]).count == 1)
    }

    @Test(
        "forced unwraps are found, negations and comparisons are not",
        arguments: [("a!.b", 1), ("f()!", 1), ("a[0]!", 1), ("!a", 0), ("a != b", 0), ("a!=b", 0)])
    func forced(_ line: String, _ count: Int) {
        #expect(WordRule.forced([source(line)]).count == count)
    }

    @Test(
        "sleeping calls are found, the answer of a step is not",
        arguments: [
            ("usleep(10)", 1), ("sleep(1)", 1), ("try await clock.sleep(for: .seconds(1))", 1), ("Task.sleep(nanoseconds: 1)", 1),
            ("return .sleep(pause)", 0), ("case .sleep(let time): wait(time)", 0), ("oversleep(1)", 0),
        ])
    func sleeping(_ line: String, _ count: Int) {
        #expect(WordRule.sleeps([source(line)], allowed: []).count == count)
        #expect(WordRule.sleeps([source(line)], allowed: ["Sources/UpgradeAgent/Planted.swift"]).isEmpty)
    }

    @Test("printing is found outside of programs and commands")
    func printing() {
        #expect(WordRule.prints([source("print(1)")]).count == 1)
        #expect(WordRule.prints([source("let f = fingerprint(1)")]).isEmpty)
        #expect(WordRule.prints([source("print(1)", file: "Sources/uplift/Uplift.swift")]).isEmpty)
    }

    @Test("folders of one machine and package hosts are found")
    func places() {
        let folder = PlaceRule.folders[0]
        #expect(PlaceRule.findings(file: "a.sh", text: "cd \(folder)main").count == 1)
        #expect(PlaceRule.findings(file: "a.sh", text: "cd $here\(folder)main; curl $hub/orgs\(folder)x").isEmpty)
        #expect(PlaceRule.findings(file: "a.sh", text: "see https://\(PlaceRule.hosts[0])/x").count == 1)
        #expect(PlaceRule.findings(file: "Package.swift", text: "see https://\(PlaceRule.hosts[0])/x").isEmpty)
    }
}
