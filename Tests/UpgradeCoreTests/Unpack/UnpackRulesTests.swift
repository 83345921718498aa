import Testing
import UpgradeCore
import UpgradeModel

@Suite("What of an archive may be written")
struct UnpackRulesTests {
    private func file(_ path: String?, mode: UInt16 = 0o644, length: Int64? = 1) -> ArchiveEntry {
        ArchiveEntry(path: path, kind: .file, mode: mode, length: length)
    }

    private func folder(_ path: String, mode: UInt16 = 0o755) -> ArchiveEntry {
        ArchiveEntry(path: path, kind: .directory, mode: mode, length: 0)
    }

    private func refusal(_ entries: [ArchiveEntry], limits: UnpackLimits = UnpackLimits()) -> UnpackRefusal? {
        var rules = UnpackRules(limits: limits)
        do {
            for entry in entries { _ = try rules.accept(entry) }
        } catch {
            return error
        }
        return nil
    }

    private func texts(_ accepted: [AcceptedEntry]) -> [String] {
        accepted.map { "\($0.kind.rawValue) \(String($0.mode, radix: 8)) \($0.path)" }
    }

    @Test func plainPackagePasses() throws {
        var rules = UnpackRules()
        #expect(try rules.accept(folder("./")).isEmpty)
        #expect(try rules.accept(folder(".")).isEmpty)
        #expect(texts(try rules.accept(folder("./bin/", mode: 0o700))) == ["directory 755 bin"])
        #expect(texts(try rules.accept(file("./bin/upliftd", mode: 0o700, length: 10))) == ["file 755 bin/upliftd"])
        #expect(texts(try rules.accept(file("share/a b\\ü", mode: 0o666, length: 5))) == ["directory 755 share", "file 644 share/a b\\ü"])
        #expect(rules.totalLength == 15)
        #expect(rules.count == 6)
    }

    @Test func impliedFoldersComeOnceAndMayBeNamedLater() throws {
        var rules = UnpackRules()
        #expect(texts(try rules.accept(file("a/b/c"))) == ["directory 755 a", "directory 755 a/b", "file 644 a/b/c"])
        #expect(texts(try rules.accept(file("a/b/d"))) == ["file 644 a/b/d"])
        #expect(try rules.accept(folder("a/b/")).isEmpty)
        #expect(throws: UnpackRefusal.self) { try rules.accept(folder("a/b")) }
    }

    @Test(arguments: [
        (nil, UnpackRefusal.Word.pathNotText), ("", .pathEmpty), ("/etc/passwd", .pathAbsolute), ("//x", .pathAbsolute),
        (".//x", .pathAbsolute),
        ("..", .pathClimbs), ("../x", .pathClimbs), ("a/../../x", .pathClimbs), ("./../x", .pathClimbs), ("a/..", .pathClimbs),
        ("a//b", .pathNotAllowed), ("a/./b", .pathNotAllowed), ("././a", .pathNotAllowed), ("a/", .pathNotAllowed), ("./", .pathNotAllowed),
        (String(repeating: "n", count: 256), .pathNotAllowed), ("a\nb", .pathNotVisible), ("a\u{1b}[2J", .pathNotVisible),
        ("a\0b", .pathNotVisible), ("evil\u{202E}txt", .pathNotVisible),
        (String(repeating: "abcdefg/", count: 128) + "x", .pathTooLong), (String(repeating: "d/", count: 32) + "x", .pathTooDeep),
    ])
    func namesThatAreRefused(path: String?, word: UnpackRefusal.Word) {
        #expect(refusal([file(path)])?.word == word)
    }

    @Test func foldersAreHeldToTheSameNames() {
        #expect(refusal([folder("../")])?.word == .pathClimbs)
        #expect(refusal([folder("/")])?.word == .pathAbsolute)
        #expect(refusal([folder("a//")])?.word == .pathNotAllowed)
        #expect(refusal([folder(".//")])?.word == .pathAbsolute)
    }

    @Test(arguments: [
        (ArchiveEntry.Kind.symbolicLink("bin"), UnpackRefusal.Word.symbolicLink), (.symbolicLink("../../etc"), .symbolicLink),
        (.hardLink("a"), .hardLink), (.special("character device"), .specialFile), (.special("fifo"), .specialFile),
    ])
    func onlyFilesAndFolders(kind: ArchiveEntry.Kind, word: UnpackRefusal.Word) {
        #expect(refusal([ArchiveEntry(path: "x", kind: kind, mode: 0o777, length: 0)])?.word == word)
    }

    @Test(arguments: [UInt16(0o4755), 0o2755, 0o1755, 0o7777, 0o10644])
    func specialBitsAreRefusedNotMasked(mode: UInt16) {
        #expect(refusal([file("x", mode: mode)])?.word == .specialMode)
        #expect(refusal([folder("x", mode: mode)])?.word == .specialMode)
    }

    @Test func onePathOneEntry() {
        #expect(refusal([file("a"), file("a")])?.word == .duplicatePath)
        #expect(refusal([file("a"), file("./a")])?.word == .duplicatePath)
        #expect(refusal([file("a"), folder("a/")])?.word == .duplicatePath)
        #expect(refusal([folder("a"), file("a")])?.word == .duplicatePath)
        #expect(refusal([file("a/b"), file("a")])?.word == .duplicatePath)
        #expect(refusal([file("e\u{301}"), file("\u{e9}")])?.word == .duplicatePath)
        #expect(refusal([file("a"), file("a/b")])?.word == .fileAsFolder)
        #expect(refusal([file("a/b"), folder("a/b/c/d")])?.word == .fileAsFolder)
    }

    @Test func lengthsAreBounded() {
        let limits = UnpackLimits(fileLengthMax: 100, totalLengthMax: 150)
        #expect(refusal([file("a", length: nil)])?.word == .lengthUnknown)
        #expect(refusal([file("a", length: -1)])?.word == .lengthUnknown)
        #expect(refusal([file("a", length: 101)], limits: limits)?.word == .fileTooLong)
        #expect(refusal([file("a", length: .max)])?.word == .fileTooLong)
        #expect(refusal([file("a", length: 100), file("b", length: 51)], limits: limits)?.word == .totalTooLong)
        #expect(refusal([file("a", length: 100), file("b", length: 50)], limits: limits) == nil)
        #expect(refusal([file("a", length: 10 << 30)])?.word == .fileTooLong)
    }

    @Test func countsEntriesAndImpliedFolders() {
        let limits = UnpackLimits(entriesMax: 4)
        #expect(refusal([file("a"), file("b"), file("c"), file("d"), file("e")], limits: limits)?.word == .tooManyEntries)
        #expect(refusal([file("a/b/c/d"), file("e")], limits: limits)?.word == .tooManyEntries)
        #expect(refusal(Array(repeating: folder("./"), count: 5), limits: limits)?.word == .tooManyEntries)
        #expect(refusal([file("a/b/c/d")], limits: limits) == nil)
    }

    @Test func aMillionEntriesStopAtTheLimit() {
        var rules = UnpackRules()
        var refused: (Int, UnpackRefusal.Word)?
        for number in 1...1_000_000 where refused == nil {
            do throws(UnpackRefusal) { _ = try rules.accept(file("f\(number)")) } catch { refused = (number, error.word) }
        }
        #expect(refused?.0 == 20_001)
        #expect(refused?.1 == .tooManyEntries)
    }

    @Test func spaceIsCountedInBlocks() throws {
        var rules = UnpackRules()
        _ = try rules.accept(folder("a"))
        #expect(rules.spaceNeeded == 4096)
        _ = try rules.accept(file("a/b", length: 4097))
        #expect(rules.spaceNeeded == 4096 + 3 * 4096)
    }

    @Test func refusalsSayEverythingWithoutActing() {
        let text = refusal([file("a\u{1b}]0;x\u{7}")])?.description ?? ""
        #expect(text.hasPrefix("archive entry `a\\u{1b}]0;x\\u{7}` refused, path-not-visible: "))
        #expect(text.hasSuffix("found a control or invisible character, expected visible characters only"))
        #expect(Set(UnpackRefusal.Word.allCases.map(\.rawValue)).count == UnpackRefusal.Word.allCases.count)
    }
}
