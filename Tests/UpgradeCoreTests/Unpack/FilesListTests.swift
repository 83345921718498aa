import Testing
import UpgradeCore
import UpgradeModel

@Suite("List of an unpacked tree")
struct FilesListTests {
    private func digest(_ byte: UInt8) throws -> Digest { try #require(Digest(bytes: Array(repeating: byte, count: 32))) }

    private func file(_ path: String, mode: UInt16 = 0o644, length: Int64 = 3, byte: UInt8 = 7) throws -> FilesList.Entry {
        FilesList.Entry(path: try #require(TreePath(path)), mode: mode, contents: .file(length: length, digest: try digest(byte)))
    }

    private func folder(_ path: String) throws -> FilesList.Entry {
        FilesList.Entry(path: try #require(TreePath(path)), mode: 0o755, contents: .directory)
    }

    private func list(_ entries: FilesList.Entry...) throws -> FilesList { try #require(FilesList(entries)) }

    @Test func textIsSortedAndExact() throws {
        let sevens = String(repeating: "07", count: 32)
        let text = try list(file("b.x"), file("b/c d%\n"), folder("b"), file("a", mode: 0o755, length: 0)).text
        #expect(
            text == """
                uplift-files 1
                file 0755 0 \(sevens) a
                directory 0755 b
                file 0644 3 \(sevens) b/c%20d%25%0a
                file 0644 3 \(sevens) b.x

                """)
    }

    @Test func oddNamesComeBack() throws {
        let names = ["ü", "e\u{301}", "\u{e9}", "a\nb", "a b", "%41", "A", "-", "\"", "tab\t", "漢字", "a/b c/%"]
        let before = try #require(FilesList(try names.map { try file($0) }))
        #expect(try FilesList.read(before.text) == before)
        #expect(before.entries.count == names.count)
        let empty = try list()
        #expect(try FilesList.read(empty.text) == empty)
    }

    @Test(arguments: [
        "", "uplift-files 1", "uplift-files 2\n", "uplift-files 1\n\n", "uplift-files 1\ndirectory 0755 a",
        "uplift-files 1\ndirectory 755 a\n", "uplift-files 1\ndirectory 0755 ../a\n", "uplift-files 1\ndirectory 0755 /a\n",
        "uplift-files 1\ndirectory 0755 %61\n", "uplift-files 1\ndirectory 0755 %2\n", "uplift-files 1\ndirectory 0755 a%0A\n",
        "uplift-files 1\ndirectory 0755 b\ndirectory 0755 a\n", "uplift-files 1\ndirectory 0755 a\ndirectory 0755 a\n",
        "uplift-files 1\nfile 0644 1 00 a\n", "uplift-files 1\nfile 0644 3  a\n", "uplift-files 1\nlink 0755 a\n",
        "uplift-files 1\ndirectory 0755  a\n", "uplift-files 1\r\ndirectory 0755 a\r\n", "uplift-files 1\ndirectory 0755 .\n",
    ])
    func otherSpellingsAreRefused(text: String) {
        #expect(throws: FilesListError.self) { try FilesList.read(text) }
    }

    @Test func negativeAndPaddedLengthsAreRefused() throws {
        let sevens = String(repeating: "07", count: 32)
        for length in ["-1", "+3", "03", "9223372036854775808"] {
            #expect(throws: FilesListError.self) { try FilesList.read("uplift-files 1\nfile 0644 \(length) \(sevens) a\n") }
        }
    }

    @Test func onePathOnce() throws {
        #expect(FilesList([try file("a"), try folder("a")]) == nil)
        #expect(FilesList([FilesList.Entry(path: .root, mode: 0o755, contents: .directory)]) == nil)
    }

    @Test func filesNeedADigest() throws {
        let path = try #require(TreePath("a"))
        let accepted = AcceptedEntry(path: path, kind: .file, mode: 0o644, length: 0)
        #expect(FilesList.Entry(accepted, digest: nil) == nil)
        #expect(FilesList.Entry(accepted, digest: try digest(1)) != nil)
        #expect(FilesList.Entry(.directory(path), digest: nil)?.contents == .directory)
    }

    @Test func differencesAreNamed() throws {
        let wanted = try list(folder("bin"), file("bin/a"), file("bin/b"), file("bin/c"), file("d"), file("e"))
        let found = try list(
            folder("bin"), file("bin/a", byte: 8), file("bin/b", length: 4), file("bin/c", mode: 0o755), folder("d"), file("x"))
        let all = found.difference(from: wanted, max: 9)
        #expect(all.count == 6)
        #expect(all[0].hasPrefix("`bin/a`: found SHA-256 0808"))
        #expect(all[1] == "`bin/b`: found 4 bytes, expected 3")
        #expect(all[2] == "`bin/c`: found mode 755, expected 644")
        #expect(all[3] == "`d`: found a directory, expected a file")
        #expect(all[4] == "`e` is missing, expected a file")
        #expect(all[5] == "`x` is there, expected nothing of this name")
        #expect(found.difference(from: wanted) == Array(all.prefix(3)))
        #expect(wanted.difference(from: wanted).isEmpty)
    }

    @Test func namesEqualOnlyForUnicodeAreDifferentFiles() throws {
        let one = try list(file("e\u{301}"))
        let other = try list(file("\u{e9}"))
        #expect(one != other)
        #expect(one.difference(from: other).count == 2)
    }
}
