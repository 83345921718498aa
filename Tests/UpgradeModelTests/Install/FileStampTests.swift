import Testing
import UpgradeModel

@Suite("Stamp on the first line of configuration and certificate files")
struct FileStampTests {
    @Test(arguments: [
        ("# uplift: kind=configuration version=3", Component.configuration, "3"),
        ("# uplift: kind=certificate version=1.2.3-rc1", Component.certificate, "1.2.3-rc1"),
    ])
    func readsExactLines(line: String, kind: Component, version: String) throws {
        let stamp = try FileStamp.read(firstLine: line)
        #expect(stamp.kind == kind)
        #expect(stamp.version == version)
        #expect(stamp.line == line)
    }

    @Test(arguments: [
        ("", FileStampError.Kind.notStamped),
        ("HZN_ORG_ID=uplift", .notStamped),
        ("#uplift: kind=configuration version=3", .notStamped),
        (" # uplift: kind=configuration version=3", .notStamped),
        ("# uplift: kind=configuration", .wrongForm),
        ("# uplift: kind=configuration  version=3", .wrongForm),
        ("# uplift: kind=configuration version=3 ", .wrongForm),
        ("# uplift: kind=configuration Version=3", .wrongForm),
        ("# uplift: kind=software version=3", .unknownKind),
        ("# uplift: kind= version=3", .unknownKind),
        ("# uplift: kind=configuration version=", .badVersion),
        ("# uplift: kind=configuration version=v3", .badVersion),
        ("# uplift: kind=configuration version=3\r", .badVersion),
        ("# uplift: kind=configuration version=1.0-\u{212A}", .badVersion),
    ])
    func refusesEverythingElse(line: String, kind: FileStampError.Kind) {
        let error = #expect(throws: FileStampError.self) { try FileStamp.read(firstLine: line) }
        #expect(error?.kind == kind)
        #expect(error?.description.contains("expected") == true)
        #expect(error?.description.contains("\r") == false)
    }

    @Test func wholeFileComesBackAfterStamping() throws {
        let contents = Array("HZN_ORG_ID=uplift\n".utf8)
        let stamp = try #require(FileStamp(kind: .configuration, version: "3"))
        let stamped = stamp.adding(to: contents)
        #expect(try FileStamp.read(file: stamped) == stamp)
        #expect(String(decoding: stamped, as: UTF8.self) == "# uplift: kind=configuration version=3\nHZN_ORG_ID=uplift\n")
    }

    @Test func firstLineWithoutEndOrTextIsNoStamp() {
        let endless = Array("# uplift: kind=configuration version=".utf8) + Array(repeating: UInt8(ascii: "1"), count: 5000)
        #expect(throws: FileStampError.self) { try FileStamp.read(file: endless + [10]) }
        #expect(throws: FileStampError.self) { try FileStamp.read(file: [0xFF, 0xFE, 10]) }
        #expect(throws: FileStampError.self) { try FileStamp.read(file: []) }
    }

    @Test func softwareHasNoStamp() {
        #expect(FileStamp(kind: .software, version: "1.0.0") == nil)
        #expect(FileStamp(kind: .certificate, version: "new") == nil)
    }
}
