import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The settings of one release as they hold now, each with the file it came from.
///
/// Order, later wins: built-in, `/etc/default/horizon`, the release's configuration, `/etc/uplift/*.conf` by name. Source: install.md, "Layout".
package struct Settings: Sendable {
    /// One value and where it came from.
    package struct Entry: Hashable, Sendable {
        /// As written.
        package let value: String
        /// `built-in`, or the file.
        package let source: String
    }

    /// One file in the order of precedence.
    package struct Layer: Sendable {
        /// Shown to people.
        package let name: String
        /// Its text.
        package let text: String
        /// True for `/etc/uplift/*.conf`, which a release cannot override.
        package let isLocal: Bool

        /// Memberwise.
        package init(name: String, text: String, isLocal: Bool) {
            self.name = name
            self.text = text
            self.isLocal = isLocal
        }
    }

    private var entries: [String: Entry] = [:]
    private var localKeys: Set<String> = []
    /// Lines and values that could not be read, for the log and `/status`.
    package private(set) var mistakes: [String] = []

    /// Merges the layers, later ones winning.
    ///
    /// - Parameter mistakes: what was found wrong with the files themselves.
    package init(layers: [Layer], mistakes: [String] = []) {
        self.mistakes = mistakes
        for layer in layers {
            let (values, wrong) = SettingsFile.parse(layer.text)
            self.mistakes += wrong.map { "\(layer.name), \($0)" }
            for (key, value) in values {
                entries[key] = Entry(value: value, source: layer.name)
                if layer.isLocal { localKeys.insert(key) } else { localKeys.remove(key) }
            }
        }
        for key in entries.keys.sorted() { if let mistake = mistake(in: key) { self.mistakes.append(mistake) } }
    }

    /// A value that is not used as it is written, or a key of ours that does not exist; `HZN_…` keys are shared with others.
    private func mistake(in name: String) -> String? {
        guard let entry = entries[name] else { return nil }
        guard let key = SettingKey(rawValue: name) else {
            let isOurs = name.utf8.contains(UInt8(ascii: "-")) && name == name.lowercased()
            return isOurs ? "\(entry.source): there is no setting \(name)" : nil
        }
        var found: String { "\(entry.source): \(name) is '\(VisibleText.escaping(entry.value))', expected" }
        switch key.form {
        case .text: return nil
        case .flag: return SettingKey.flag(entry.value) == nil ? "\(found) yes or no; no holds" : nil
        case .word(let words):
            let list = words.joined(separator: ", ")
            return entry.value.isEmpty || words.contains(entry.value) ? nil : "\(found) \(list) or nothing; nothing holds"
        case .ages:
            return OperationLimits.ages(entry.value) == nil
                ? "\(found) ACTIVITY=SECONDS, separated by commas; \(key.defaultValue) holds" : nil
        case .number(let range):
            guard let value = Double(entry.value), value.isFinite else { return "\(found) a number; \(key.defaultValue) holds" }
            guard !range.contains(value) else { return nil }
            let bounds = "\(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))"
            return "\(found) a number from \(bounds); \(Self.plain(number(key))) holds"
        }
    }

    /// Whole numbers without their `.0`.
    private static func plain(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? "\(number)" }

    /// The value of a key with its source.
    package subscript(_ key: SettingKey) -> Entry { entries[key.rawValue] ?? Entry(value: key.defaultValue, source: "built-in") }

    /// True when `/etc/uplift/*.conf` sets the key, so that no release can.
    package func isLocal(_ key: SettingKey) -> Bool { localKeys.contains(key.rawValue) }

    /// Keys of a new configuration that `/etc/uplift` overrides; named in the event log and the job's evidence.
    package func overridden(by configuration: String) -> [String] {
        SettingsFile.parse(configuration).values.keys.filter { localKeys.contains($0) }.sorted()
    }

    /// A number of seconds (or hours, tries); a value that is none falls back to the default, one out of range to the nearest end.
    package func number(_ key: SettingKey) -> Double {
        let fallback = Double(key.defaultValue) ?? 0
        guard let value = Double(self[key].value), value.isFinite else { return fallback }
        guard case .number(let range) = key.form else { return fallback }
        return min(max(value, range.lowerBound), range.upperBound)
    }

    /// A setting whose name ends in `-seconds`.
    package func seconds(_ key: SettingKey) -> Duration { .milliseconds(Int64(number(key) * 1000)) }

    /// A word that is neither yes nor no counts as no, the safe side of every flag there is.
    package func flag(_ key: SettingKey) -> Bool { SettingKey.flag(self[key].value) ?? false }

    /// The bounds of a job.
    package var jobLimits: JobLimits {
        var limits = JobLimits()
        limits.retryFirstDelay = seconds(.retryFirstDelay)
        limits.retryDelayMax = seconds(.retryDelayMax)
        limits.retryTries = Int(number(.retryTries))
        limits.retrySpan = .seconds(number(.retrySpan) * 3600)
        limits.handoverTime = seconds(.handoverTimeout)
        limits.turnPause = seconds(.turnPause)
        return limits
    }

    /// How long operation records are kept.
    package var operationLimits: OperationLimits {
        var limits = OperationLimits()
        limits.maxAge = seconds(.operationsKept)
        limits.maxAges =
            OperationLimits.ages(self[.operationsKeptEach].value) ?? OperationLimits.ages(SettingKey.operationsKeptEach.defaultValue) ?? [:]
        limits.rowsMax = Int(number(.operationsMax))
        return limits
    }
}
