import UpgradeModel
import UpgradeWire
import YAML

// MARK: Texts and numbers

extension Form where Value == String {
    /// Any text.
    static let anyText = Form<String>.text("text", expected: "a text", example: "", show: { $0 }) { $0.isEmpty ? nil : $0 }

    /// A name that may be part of file names and of names of nodes.
    static let name = Form<String>.text("name", expected: "a name of small letters, digits and hyphens", example: "a", show: { $0 }) {
        text in
        let isName = text.first?.isLetter == true && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
        return isName ? text : nil
    }

    /// One version.
    static let version = Form<String>.text("version", expected: "a version such as 1.2.0", example: "1.0.0", show: { $0 }) {
        Version($0) == nil ? nil : $0
    }

    /// What a manifest may ask for.
    static let software = Form<String>.text(
        "version, range or `latest`", expected: "a version, a range such as '[1.0,2.0)', or latest", example: "latest", show: { $0 }
    ) { $0 == "latest" || VersionRange($0) != nil ? $0 : nil }

    /// A constraint of a policy.
    static let constraint = Form<String>(name: "constraint", example: "") { node, reader in
        guard let text = node.scalar?.string else {
            reader.note(node, "found \(node.found), expected a constraint such as site == berlin")
            return nil
        }
        do throws(ConstraintError) {
            _ = try Constraint(parsing: text)
            return text
        } catch {
            reader.note(node, "found '\(text)', at character \(error.position) of which \(error.explanation); \(error.remedy)")
            return nil
        }
    }

    /// A machine of the fleet.
    static let node = Form<String>.text("node", expected: "the name of a node such as edge-7", example: "edge-1", show: { $0 }) {
        $0.isEmpty ? nil : $0
    }.checked(needs: ["fleet"]) { name, scenario in scenario.objection(toNode: name) }

    /// A policy that a step publishes.
    static let policy = name.checked(needs: ["steps"]) { name, scenario in
        let names = scenario.published.map(\.policy)
        return names.contains(name) ? nil : "no step publishes '\(name)'; \(NearName.hint(name, names))"
    }

    /// A version that some node may run.
    static let knownVersion = version.checked(needs: ["fleet", "builds", "steps"]) { version, scenario in
        let asked = scenario.published.map(\.software)
        let names = scenario.fleet.map(\.version) + scenario.builds.map(\.version) + asked.filter { Version($0) != nil }
        return names.contains(version) ? nil : "nobody runs or publishes '\(version)'; \(NearName.hint(version, names))"
    }
}

extension Form where Value == Int {
    /// A whole number.
    static func count(_ range: ClosedRange<Int>) -> Form {
        .text("number", expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", example: range.lowerBound) {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Form where Value == Bool {
    /// Yes or no.
    static let flag = Form<Bool>.text("yes or no", expected: "yes or no", example: false, show: { $0 ? "yes" : "no" }) {
        SettingKey.flag($0)
    }
}

extension Form where Value == Double {
    /// A part of the whole.
    static let share = Form<Double>.text("share", expected: "a share such as 3%", example: 1, show: { Unit.share($0) }) { Unit.share($0) }
}

// MARK: Units

extension Form where Value == Duration {
    /// How long.
    static let time = Form<Duration>.text("time", expected: "a time such as 90s, 10m, 2h or 3d", example: .zero, show: { Unit.time($0) }) {
        Unit.time($0).flatMap { $0 < .zero ? nil : $0 }
    }

    /// How long, and not no time at all.
    static let span = Form<Duration>.text("time", expected: "a time above 0 such as 90s or 2h", example: .zero, show: { Unit.time($0) }) {
        Unit.time($0).flatMap { $0 > .zero ? $0 : nil }
    }

    /// How far, forward or back.
    static let offset = Form<Duration>.text("time, or a time back", expected: "a time such as 2h, or -2h for back", example: .zero) {
        Unit.time($0)
    }

    /// An instant while faults happen, from the run's beginning.
    static let moment = time.checked(needs: ["duration"]) { time, scenario in
        time <= scenario.duration ? nil : "this is after the end: the duration is \(Unit.time(scenario.duration))"
    }
}

extension Form where Value == Int64 {
    /// Bytes.
    static let bytes = Form<Int64>.text("bytes", expected: "bytes such as 30MB or 4GB", example: 1, show: { Unit.bytes($0) }) {
        Unit.bytes($0)
    }

    /// Bytes a second.
    static let rate = Form<Int64>.text(
        "bytes a second", expected: "bytes a second above 0 such as 1MB/s", example: 1, show: { Unit.bytes($0) + "/s" }
    ) {
        $0.hasSuffix("/s") ? Unit.bytes(String($0.dropLast(2))).flatMap { $0 > 0 ? $0 : nil } : nil
    }
}

// MARK: Words

extension Form where Value == Status {
    /// A status word.
    static let status = word("status word", Status.allCases.map { (StatusWord.word($0), $0) }, example: .successful)
}

extension Form where Value == Share {
    /// Some of the nodes.
    static let nodes = Form<Share>.text(
        "share, or the name of a node", expected: "a share such as 3%, or a node such as edge-7", example: .part(1),
        show: { share in
            switch share {
            case .part(let part): Unit.share(part)
            case .node(let name): name
            }
        }
    ) {
        Unit.share($0).map { .part($0) } ?? ($0.contains("-") ? .node($0) : nil)
    }.checked(needs: ["fleet"]) { share, scenario in
        if case .node(let name) = share { scenario.objection(toNode: name) } else { nil }
    }
}

extension Form where Value == [Property] {
    /// Names with values, typed as YAML types them.
    static let properties = Form<[Property]>(name: "names with values", example: [], show: { _ in "" }) { node, reader in
        guard case .mapping(let mapping, _) = node else {
            reader.note(node, "found \(node.found), expected names with values")
            return nil
        }
        return mapping.compactMap { key, value in
            guard let name = key.scalar?.string, let scalar = value.scalar else {
                reader.note(value, "found \(value.found), expected a text, a number or a boolean")
                return nil
            }
            return Property(name: name, value: propertyValue(scalar))
        }
    }

    private static func propertyValue(_ scalar: Node.Scalar) -> PropertyValue {
        guard scalar.isPlain else { return .string(scalar.string) }
        if scalar.string == "true" || scalar.string == "false" { return .bool(scalar.string == "true") }
        return Double(scalar.string).map { .number($0) } ?? .string(scalar.string)
    }
}

extension Form where Value == [SettingKey: String] {
    /// The agent's settings.
    static let settings = Form<[SettingKey: String]>(name: "settings with values", example: [:], show: { _ in "" }) { node, reader in
        guard case .mapping(let mapping, _) = node else {
            reader.note(node, "found \(node.found), expected settings with values, such as poll-interval-seconds: 60")
            return nil
        }
        var settings: [SettingKey: String] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, let setting = SettingKey(rawValue: name) else {
                reader.note(
                    key, "there is no setting \(key.found); \(NearName.hint(key.scalar?.string ?? "", SettingKey.allCases.map(\.rawValue)))"
                )
                continue
            }
            if let text = value.scalar?.string, setting.takes(text) {
                settings[setting] = text
            } else {
                reader.note(value, "found \(value.found), expected \(setting.expected): \(setting.meaning)")
            }
        }
        return settings
    }
}

extension SettingKey {
    fileprivate func takes(_ text: String) -> Bool {
        switch form {
        case .text: true
        case .flag: SettingKey.flag(text) != nil
        case .number(let range): Double(text).map { range.contains($0) } ?? false
        case .word(let words): text.isEmpty || words.contains(text)
        case .ages: OperationLimits.ages(text) != nil
        }
    }

    fileprivate var expected: String {
        switch form {
        case .text: "a text"
        case .flag: "yes or no"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .word(let words): "one of \(words.joined(separator: ", "))"
        case .ages: "ACTIVITY=SECONDS, separated by commas"
        }
    }
}

extension Scenario {
    /// What is wrong with a name that should be a machine's.
    fileprivate func objection(toNode name: String) -> String? {
        if hasNode(name) { return nil }
        let nodes = fleet.map { "\($0.name)-1 to \($0.name)-\($0.count)" }
        return "there is no node '\(name)'; nodes are \(nodes.joined(separator: ", "))"
    }

    /// Whether there is a machine of this name.
    package func hasNode(_ name: String) -> Bool {
        fleet.contains { group in
            guard name.hasPrefix(group.name + "-"), let number = Int(name.dropFirst(group.name.count + 1)) else { return false }
            return (1...max(1, group.count)).contains(number) && "\(group.name)-\(number)" == name
        }
    }
}
