import FoundationEssentials
import UpgradeModel

/// Reads the descriptor of a package from its JSON document.
///
/// Why strict, unlike the wire of the hub: the document is ours and signed, so a field that we do not know is a typing mistake or a
/// promise that we would not keep.
package enum PackageDescriptorDocument {
    /// The longest document that is read, in bytes.
    package static let lengthMax = 65_536

    /// The descriptor that the bytes spell. Errors: every mistake of the document at once.
    package static func read(_ bytes: [UInt8]) throws(DescriptorError) -> PackageDescriptor {
        guard bytes.count <= lengthMax else { throw unreadable("\(bytes.count) bytes", expected: "at most \(lengthMax)") }
        guard let found = try? JSONDecoder().decode(Found.self, from: Data(bytes)) else {
            throw unreadable("no JSON object", expected: #"an object like {"formatVersion":1,"name":…}"#)
        }
        guard let descriptor = found.descriptor, found.mistakes.isEmpty else { throw DescriptorError(mistakes: found.mistakes) }
        return descriptor
    }

    /// What a document says, and every mistake on the way. Errors: it is no object.
    private struct Found: Decodable {
        let descriptor: PackageDescriptor?
        let mistakes: [DescriptorError.Mistake]

        init(from decoder: any Decoder) throws {
            var reader = DescriptorFieldReader()
            let members = try decoder.container(keyedBy: MemberName.self)
            descriptor = PackageDescriptorDocument.readDescriptor(DescriptorFields(path: "", members: members), &reader)
            mistakes = reader.mistakes
        }
    }

    private static func unreadable(_ found: String, expected: String) -> DescriptorError {
        DescriptorError(mistakes: [.init(kind: .unreadable, field: "", found: found, expected: expected)])
    }

    private static func readDescriptor(_ fields: DescriptorFields, _ reader: inout DescriptorFieldReader) -> PackageDescriptor? {
        let format = reader.required(fields, "formatVersion", "1") { $0.integer == 1 ? 1 : nil }
        let name = reader.required(fields, "name", nameForm, plainName)
        let version = reader.required(fields, "version", "a version like 1.2.3 or 1.2.3-rc1") { Version($0.text ?? "")?.text }
        let architecture = reader.required(fields, "architecture", nameForm, plainName)
        let strategy = reader.required(fields, "strategy", "tree, deb or script") { InstallStrategy(rawValue: $0.text ?? "") }
        let health = readHealth(fields, &reader)
        let hooks = readHooks(fields, &reader)
        let free = reader.optional(fields, "minimumFreeBytes", "a whole number from 0 to 2^50", bytes)
        let systems = readSystems(fields, &reader)
        let agent = reader.optional(fields, "minimumAgentVersion", "a version like 1.2.3") { Version($0.text ?? "")?.text }
        let built = reader.optional(fields, "built", "a time like 2026-01-31T02:00:00Z") { UTCInstant(rfc3339: $0.text ?? "") }
        reader.refuseOthers(
            fields,
            known: [
                "formatVersion", "name", "version", "architecture", "strategy", "health", "hooks", "minimumFreeBytes", "os",
                "minimumAgentVersion", "built",
            ])
        guard let format, let name, let version, let architecture, let strategy else { return nil }
        return PackageDescriptor(
            formatVersion: format, name: name, version: version, architecture: architecture, strategy: strategy, health: health,
            hooks: hooks, minimumFreeBytes: free ?? 0, systems: systems, minimumAgentVersion: agent, built: built)
    }

    private static func readSystems(_ fields: DescriptorFields, _ reader: inout DescriptorFieldReader) -> [SupportedSystem] {
        let form = #"a list of 1 to 64 like [{"id":"debian","versions":["12"]}]"#
        return reader.optional(fields, "os", form) { member -> [SupportedSystem]? in
            guard let systems = member.value(of: [ListedSystem].self), (1...64).contains(systems.count) else { return nil }
            return systems.map(\.system)
        } ?? []
    }

    /// One element of `os`. Errors: it is anything else.
    private struct ListedSystem: Decodable {
        let system: SupportedSystem

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: MemberName.self)
            let versions = DescriptorMember(members: members, name: MemberName(stringValue: "versions"))
            guard members.allKeys.allSatisfy({ ["id", "versions"].contains($0.stringValue) }),
                let id = plainName(DescriptorMember(members: members, name: MemberName(stringValue: "id"))),
                let texts = versions.isPresent ? versions.value(of: [String].self) : [],
                texts.allSatisfy(isPlainName), !versions.isPresent || (1...64).contains(texts.count)
            else { throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no system")) }
            system = SupportedSystem(id: id, versions: texts)
        }
    }

    private static func readHealth(_ fields: DescriptorFields, _ reader: inout DescriptorFieldReader) -> HealthCommand? {
        guard let health = reader.optional(fields, "health", "an object", { $0.fields }) else { return nil }
        let command = reader.required(health, "command", commandForm, arguments)
        checkProgram(command, "health.command", &reader)
        let deadline = reader.required(health, "deadlineSeconds", "a number from 0.1 to 86400") { member -> Double? in
            guard let seconds = member.number, (0.1...86_400).contains(seconds) else { return nil }
            return seconds
        }
        reader.refuseOthers(health, known: ["command", "deadlineSeconds"])
        guard let command, let deadline else { return nil }
        return HealthCommand(command: command, deadlineSeconds: deadline)
    }

    private static func readHooks(_ fields: DescriptorFields, _ reader: inout DescriptorFieldReader) -> [HookEvent: [String]] {
        guard let hooks = reader.optional(fields, "hooks", "an object", { $0.fields }) else { return [:] }
        var commands: [HookEvent: [String]] = [:]
        for event in HookEvent.allCases {
            guard let command = reader.optional(hooks, event.rawValue, commandForm, arguments) else { continue }
            checkProgram(command, "hooks.\(event.rawValue)", &reader)
            commands[event] = command
        }
        reader.refuseOthers(hooks, known: HookEvent.allCases.map(\.rawValue))
        return commands
    }

    private static func checkProgram(_ command: [String]?, _ field: String, _ reader: inout DescriptorFieldReader) {
        guard let program = command?.first, TreePath(program) == nil || !VisibleText.isVisible(program) else { return }
        reader.add(
            .wrongValue, "\(field)[0]", found: DescriptorFieldReader.shown(.string(program)),
            expected: "a path below `software`, without `..`, like bin/upliftd")
    }

    private static let commandForm = "1 to 64 texts without NUL, up to 4096 bytes each"
    private static let nameForm = "1 to 64 of A-Z a-z 0-9 . _ -, not beginning with a dot"

    private static func plainName(_ member: DescriptorMember) -> String? {
        guard let text = member.text, isPlainName(text) else { return nil }
        return text
    }

    private static func isPlainName(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), !text.hasPrefix(".") else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
    }

    private static func arguments(_ member: DescriptorMember) -> [String]? {
        guard let texts = member.value(of: [String].self), (1...64).contains(texts.count) else { return nil }
        return texts.allSatisfy { $0.utf8.count <= 4096 && !$0.utf8.contains(0) } ? texts : nil
    }

    private static func bytes(_ member: DescriptorMember) -> Int64? {
        guard let count = member.integer, (0...(Int64(1) << 50)).contains(count) else { return nil }
        return count
    }
}
