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
        guard let value = try? JSONValue.read(bytes), let members = value.object else {
            throw unreadable("no JSON object", expected: #"an object like {"formatVersion":1,"name":…}"#)
        }
        var reader = FieldReader()
        let descriptor = readDescriptor(members, &reader)
        guard let descriptor, reader.mistakes.isEmpty else { throw DescriptorError(mistakes: reader.mistakes) }
        return descriptor
    }

    private static func unreadable(_ found: String, expected: String) -> DescriptorError {
        DescriptorError(mistakes: [.init(kind: .unreadable, field: "", found: found, expected: expected)])
    }

    private static func readDescriptor(_ members: [String: JSONValue], _ reader: inout FieldReader) -> PackageDescriptor? {
        let fields = Fields(path: "", members: members)
        let format = reader.required(fields, "formatVersion", "1") { $0.integer == 1 ? 1 : nil }
        let name = reader.required(fields, "name", nameForm, plainName)
        let version = reader.required(fields, "version", "a version like 1.2.3 or 1.2.3-rc1") { Version($0.string ?? "")?.text }
        let architecture = reader.required(fields, "architecture", nameForm, plainName)
        let strategy = reader.required(fields, "strategy", "tree, deb or script") { InstallStrategy(rawValue: $0.string ?? "") }
        let health = readHealth(fields, &reader)
        let hooks = readHooks(fields, &reader)
        let free = reader.optional(fields, "minimumFreeBytes", "a whole number from 0 to 2^50") { bytes($0) }
        let systems = readSystems(fields, &reader)
        let agent = reader.optional(fields, "minimumAgentVersion", "a version like 1.2.3") { Version($0.string ?? "")?.text }
        let built = reader.optional(fields, "built", "a time like 2026-01-31T02:00:00Z") { UTCInstant(rfc3339: $0.string ?? "") }
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

    private static func readSystems(_ fields: Fields, _ reader: inout FieldReader) -> [SupportedSystem] {
        let form = #"a list of 1 to 64 like [{"id":"debian","versions":["12"]}]"#
        return reader.optional(fields, "os", form) { value -> [SupportedSystem]? in
            guard let elements = value.array, (1...64).contains(elements.count) else { return nil }
            let systems = elements.compactMap(system)
            return systems.count == elements.count ? systems : nil
        } ?? []
    }

    private static func system(_ value: JSONValue) -> SupportedSystem? {
        guard let members = value.object, members.keys.allSatisfy(["id", "versions"].contains), let id = members["id"].flatMap(plainName)
        else { return nil }
        guard let listed = members["versions"] else { return SupportedSystem(id: id, versions: []) }
        guard let versions = listed.array?.compactMap(plainName), versions.count == listed.array?.count, (1...64).contains(versions.count)
        else { return nil }
        return SupportedSystem(id: id, versions: versions)
    }

    private static func readHealth(_ fields: Fields, _ reader: inout FieldReader) -> HealthCommand? {
        guard let members = reader.optional(fields, "health", "an object", { $0.object }) else { return nil }
        let health = Fields(path: "health.", members: members)
        let command = reader.required(health, "command", commandForm, arguments)
        checkProgram(command, "health.command", &reader)
        let deadline = reader.required(health, "deadlineSeconds", "a number from 0.1 to 86400") { value -> Double? in
            guard case .number(let seconds) = value, (0.1...86_400).contains(seconds) else { return nil }
            return seconds
        }
        reader.refuseOthers(health, known: ["command", "deadlineSeconds"])
        guard let command, let deadline else { return nil }
        return HealthCommand(command: command, deadlineSeconds: deadline)
    }

    private static func readHooks(_ fields: Fields, _ reader: inout FieldReader) -> [HookEvent: [String]] {
        guard let members = reader.optional(fields, "hooks", "an object", { $0.object }) else { return [:] }
        let hooks = Fields(path: "hooks.", members: members)
        var commands: [HookEvent: [String]] = [:]
        for event in HookEvent.allCases {
            guard let command = reader.optional(hooks, event.rawValue, commandForm, arguments) else { continue }
            checkProgram(command, "hooks.\(event.rawValue)", &reader)
            commands[event] = command
        }
        reader.refuseOthers(hooks, known: HookEvent.allCases.map(\.rawValue))
        return commands
    }

    private static func checkProgram(_ command: [String]?, _ field: String, _ reader: inout FieldReader) {
        guard let program = command?.first, TreePath(program) == nil || !VisibleText.isVisible(program) else { return }
        reader.add(
            .wrongValue, "\(field)[0]", found: shown(.string(program)), expected: "a path below `software`, without `..`, like bin/upliftd")
    }

    private static let commandForm = "1 to 64 texts without NUL, up to 4096 bytes each"
    private static let nameForm = "1 to 64 of A-Z a-z 0-9 . _ -, not beginning with a dot"

    private static func plainName(_ value: JSONValue) -> String? {
        guard let text = value.string, (1...64).contains(text.utf8.count), !text.hasPrefix(".") else { return nil }
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        return allowed ? text : nil
    }

    private static func arguments(_ value: JSONValue) -> [String]? {
        guard let elements = value.array, (1...64).contains(elements.count) else { return nil }
        let texts = elements.compactMap(\.string)
        return texts.count == elements.count && texts.allSatisfy { $0.utf8.count <= 4096 && !$0.utf8.contains(0) } ? texts : nil
    }

    private static func bytes(_ value: JSONValue) -> Int64? {
        guard let count = value.integer, (0...(Int64(1) << 50)).contains(count) else { return nil }
        return count
    }

    fileprivate static func shown(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let value): Int64(exactly: value).map { "\($0)" } ?? "\(value)"
        case .string(let text): "\"" + VisibleText.escaping(text, max: 80) + "\""
        case .array(let elements): "a list of \(elements.count)"
        case .object(let members): "an object of \(members.count)"
        }
    }
}

/// The members of one object and how to name them in messages.
private struct Fields {
    let path: String
    let members: [String: JSONValue]
}

/// Reads fields and remembers every mistake on the way.
private struct FieldReader {
    private(set) var mistakes: [DescriptorError.Mistake] = []

    mutating func add(_ kind: DescriptorError.Mistake.Kind, _ field: String, found: String, expected: String) {
        mistakes.append(.init(kind: kind, field: field, found: found, expected: expected))
    }

    mutating func required<Value>(_ fields: Fields, _ key: String, _ expected: String, _ read: (JSONValue) -> Value?) -> Value? {
        guard fields.members[key] != nil else {
            add(.missing, fields.path + key, found: "", expected: expected)
            return nil
        }
        return optional(fields, key, expected, read)
    }

    mutating func optional<Value>(_ fields: Fields, _ key: String, _ expected: String, _ read: (JSONValue) -> Value?) -> Value? {
        guard let value = fields.members[key] else { return nil }
        if let result = read(value) { return result }
        add(.wrongValue, fields.path + key, found: PackageDescriptorDocument.shown(value), expected: expected)
        return nil
    }

    mutating func refuseOthers(_ fields: Fields, known: [String]) {
        for key in fields.members.keys.sorted() where !known.contains(key) {
            let shown = fields.path + VisibleText.escaping(key, max: 80)
            add(.unknownField, shown, found: "", expected: "only " + known.joined(separator: ", "))
        }
    }
}
