import Testing
import UpgradeModel
import UpgradeWire

@Suite("Package descriptor")
struct PackageDescriptorDocumentTests {
    private static let full = """
        {"formatVersion":1,"name":"uplift","version":"1.1.0","architecture":"amd64","strategy":"tree",\
        "health":{"command":["bin/upliftd","selftest"],"deadlineSeconds":30},"hooks":{},"minimumFreeBytes":1048576}
        """

    private func mistakes(_ text: String) -> [DescriptorError.Mistake] {
        let error = #expect(throws: DescriptorError.self) { try PackageDescriptorDocument.read(Array(text.utf8)) }
        return error?.mistakes ?? []
    }

    private func changed(_ old: String, _ new: String) -> String {
        let text = Self.full
        guard let range = text.firstRange(of: old) else { return "test is wrong: no \(old)" }
        return text[..<range.lowerBound] + new + text[range.upperBound...]
    }

    @Test func readsTheWholeForm() throws {
        let descriptor = try PackageDescriptorDocument.read(Array(Self.full.utf8))
        let health = HealthCommand(command: ["bin/upliftd", "selftest"], deadlineSeconds: 30)
        #expect(
            descriptor
                == PackageDescriptor(
                    name: "uplift", version: "1.1.0", architecture: "amd64", strategy: .tree, health: health, minimumFreeBytes: 1_048_576))
        #expect(health.deadline == .seconds(30))
    }

    @Test func healthHooksAndFreeBytesMayBeAbsent() throws {
        let text = #"{"formatVersion":1,"name":"uplift","version":"1.1.0","architecture":"amd64","strategy":"deb"}"#
        let descriptor = try PackageDescriptorDocument.read(Array(text.utf8))
        #expect(descriptor.health == nil && descriptor.hooks.isEmpty && descriptor.minimumFreeBytes == 0)
    }

    @Test(arguments: [
        ("\"formatVersion\":1", "\"formatVersion\":2", "formatVersion"),
        ("\"formatVersion\":1", "\"formatVersion\":true", "formatVersion"),
        ("\"uplift\"", "\"\"", "name"),
        ("\"uplift\"", "\"../uplift\"", "name"),
        ("\"1.1.0\"", "\"v1.1\"", "version"),
        ("\"1.1.0\"", "1.1", "version"),
        ("\"amd64\"", "null", "architecture"),
        ("\"tree\"", "\"Tree\"", "strategy"),
        ("[\"bin/upliftd\",\"selftest\"]", "[]", "health.command"),
        ("[\"bin/upliftd\",\"selftest\"]", "[\"bin/upliftd\",7]", "health.command"),
        ("bin/upliftd", "../bin/sh", "health.command[0]"),
        ("bin/upliftd", "/bin/sh", "health.command[0]"),
        (":30}", ":0.05}", "health.deadlineSeconds"),
        (":30}", ":86401}", "health.deadlineSeconds"),
        (":30}", ":\"30\"}", "health.deadlineSeconds"),
        ("1048576", "-1", "minimumFreeBytes"),
        ("1048576", "1.5", "minimumFreeBytes"),
        ("\"hooks\":{}", "\"hooks\":[]", "hooks"),
    ])
    func namesTheFieldThatIsWrong(old: String, new: String, field: String) {
        let found = mistakes(changed(old, new))
        #expect(found.map(\.field) == [field])
        #expect(found.map(\.kind) == [.wrongValue])
        #expect(found.allSatisfy { !$0.found.isEmpty && !$0.expected.isEmpty })
    }

    @Test(arguments: [
        ("null", "null"), ("true", "true"), ("7", "7"), ("7.5", "7.5"), ("\"a b\"", "\"a b\""), ("[1, 2]", "a list of 2"),
        ("{\"a\": {}}", "an object of 1"), ("\"\\ud800\"", "an unreadable value"),
        (String(repeating: "[", count: 200) + String(repeating: "]", count: 200), "an unreadable value"),
    ])
    func aWrongValueIsShown(value: String, shown: String) {
        #expect(mistakes(changed("\"uplift\"", value)).map(\.found) == [shown])
    }

    @Test func aWholeNumberMayBeWrittenWithAFraction() throws {
        let descriptor = try PackageDescriptorDocument.read(Array(changed("1048576", "1048576.0").utf8))
        #expect(descriptor.minimumFreeBytes == 1_048_576)
    }

    @Test func whatANodeMustBeIsRead() throws {
        let systems = #""hooks":{},"os":[{"id":"debian","versions":["11","12"]},{"id":"fedora"}]"#
        let more = systems + #","minimumAgentVersion":"1.0.2","built":"2026-01-31T02:00:00Z""#
        let descriptor = try PackageDescriptorDocument.read(Array(changed("\"hooks\":{}", more).utf8))
        #expect(descriptor.systems == [.init(id: "debian", versions: ["11", "12"]), .init(id: "fedora", versions: [])])
        #expect(descriptor.minimumAgentVersion == "1.0.2")
        #expect(descriptor.built == UTCInstant(rfc3339: "2026-01-31T02:00:00Z"))
    }

    @Test(arguments: [
        (#""os":[]"#, "os"), (#""os":{"id":"debian"}"#, "os"), (#""os":[{"versions":["12"]}]"#, "os"),
        (#""os":[{"id":"debian","versions":[]}]"#, "os"), (#""os":[{"id":"debian","versions":[12]}]"#, "os"),
        (#""os":[{"id":"debian","version":"12"}]"#, "os"), (#""os":[{"id":"a b"}]"#, "os"),
        (#""os":[{"id":"debian","versions":null}]"#, "os"), (#""os":[null]"#, "os"), (#""os":null"#, "os"),
        (#""minimumAgentVersion":"new""#, "minimumAgentVersion"), (#""built":"yesterday""#, "built"),
    ])
    func whatANodeMustBeIsReadStrictly(field: String, name: String) {
        let found = mistakes(changed("\"hooks\":{}", field))
        #expect(found.map(\.field) == [name])
        #expect(found.map(\.kind) == [.wrongValue])
    }

    @Test func fractionsOfSecondsAreFine() throws {
        let descriptor = try PackageDescriptorDocument.read(Array(changed(":30}", ":0.25}").utf8))
        #expect(descriptor.health?.deadline == .milliseconds(250))
    }

    @Test func unknownFieldsAreRefusedByName() {
        let found = mistakes(changed("\"hooks\":{}", "\"hook\":{}"))
        #expect(found.map(\.field) == ["hook"])
        #expect(found.map(\.kind) == [.unknownField])
        #expect(mistakes(changed(":30}", ":30,\"user\":\"root\"}")).map(\.field) == ["health.user"])
    }

    @Test func everyHookIsACommandOfThePackage() throws {
        let hooks = HookEvent.allCases.map { "\"\($0.rawValue)\":[\"bin/hook\",\"\($0.rawValue)\"]" }.joined(separator: ",")
        let descriptor = try PackageDescriptorDocument.read(Array(changed("\"hooks\":{}", "\"hooks\":{\(hooks)}").utf8))
        #expect(descriptor.hooks.count == 8)
        for event in HookEvent.allCases { #expect(descriptor.hooks[event] == ["bin/hook", event.rawValue]) }
    }

    @Test(arguments: [
        (#"{"before-install":"bin/x"}"#, "hooks.before-install"), (#"{"before-install":[]}"#, "hooks.before-install"),
        (#"{"after-commit":["/bin/sh"]}"#, "hooks.after-commit[0]"), (#"{"after-commit":["../x"]}"#, "hooks.after-commit[0]"),
        (#"{"before":["bin/x"]}"#, "hooks.before"), (#"{"Before-Install":["bin/x"]}"#, "hooks.Before-Install"),
    ])
    func hooksAreReadStrictly(hooks: String, field: String) {
        #expect(mistakes(changed("\"hooks\":{}", "\"hooks\":\(hooks)")).map(\.field) == [field])
    }

    @Test func allMistakesComeTogether() {
        let found = mistakes(#"{"formatVersion":1,"version":"x","strategy":"zip","hooks":{"a":1},"extra":0}"#)
        #expect(found.map(\.field) == ["name", "version", "architecture", "strategy", "hooks.a", "extra"])
    }

    @Test(arguments: ["", "[]", "{", "null", "{\"formatVersion\":1}}"])
    func whatIsNoObjectIsUnreadable(text: String) {
        #expect(mistakes(text).map(\.kind) == [.unreadable])
    }

    @Test func tooLongIsUnreadable() {
        let long = changed("\"uplift\"", "\"" + String(repeating: "u", count: 65_536) + "\"")
        #expect(mistakes(long).map(\.kind) == [.unreadable])
    }
}
