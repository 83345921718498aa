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
    package init(layers: [Layer]) {
        for layer in layers {
            let (values, wrong) = SettingsFile.parse(layer.text)
            mistakes += wrong.map { "\(layer.name), \($0)" }
            for (key, value) in values {
                entries[key] = Entry(value: value, source: layer.name)
                if layer.isLocal { localKeys.insert(key) } else { localKeys.remove(key) }
            }
        }
        for key in entries.keys.sorted() { if let mistake = mistake(in: key) { mistakes.append(mistake) } }
    }

    /// A value that is not used as it is written, or a key of ours that does not exist; `HZN_…` keys are shared with others.
    private func mistake(in name: String) -> String? {
        guard let entry = entries[name] else { return nil }
        guard let key = SettingKey(rawValue: name) else {
            let isOurs = name.utf8.contains(UInt8(ascii: "-")) && name == name.lowercased()
            return isOurs ? "\(entry.source): there is no setting \(name)" : nil
        }
        guard Double(key.defaultValue) != nil else { return nil }
        if let value = Double(entry.value), value.isFinite, value >= 0 { return nil }
        return
            "\(entry.source): \(name) is '\(VisibleText.escaping(entry.value))', expected a number of 0 or more; its least or default holds"
    }

    /// The value of a key with its source.
    package subscript(_ key: SettingKey) -> Entry { entries[key.rawValue] ?? Entry(value: key.defaultValue, source: "built-in") }

    /// True when `/etc/uplift/*.conf` sets the key, so that no release can.
    package func isLocal(_ key: SettingKey) -> Bool { localKeys.contains(key.rawValue) }

    /// Keys of a new configuration that `/etc/uplift` overrides; named in the event log and the job's evidence.
    package func overridden(by configuration: String) -> [String] {
        SettingsFile.parse(configuration).values.keys.filter { localKeys.contains($0) }.sorted()
    }

    /// A number of seconds (or hours, tries); a value that is none falls back to the default.
    package func number(_ key: SettingKey, in range: ClosedRange<Double>) -> Double {
        let fallback = Double(key.defaultValue) ?? range.lowerBound
        guard let value = Double(self[key].value), value.isFinite else { return fallback }
        return min(max(value, range.lowerBound), range.upperBound)
    }

    /// A time of the unit that the key's name tells.
    package func seconds(_ key: SettingKey, atLeast least: Double = 0.01, atMost most: Double = 31_536_000) -> Duration {
        .milliseconds(Int64(number(key, in: least...most) * 1000))
    }

    /// `yes`, `true`, `1`, `on` are yes.
    package func flag(_ key: SettingKey) -> Bool { ["yes", "true", "1", "on"].contains(self[key].value.lowercased()) }

    /// The bounds of a job.
    package var jobLimits: JobLimits {
        var limits = JobLimits()
        limits.retryFirstDelay = seconds(.retryFirstDelay)
        limits.retryDelayMax = seconds(.retryDelayMax)
        limits.retryTries = Int(number(.retryTries, in: 1...100_000))
        limits.retrySpan = .seconds(number(.retrySpan, in: 0...87_600) * 3600)
        limits.handoverTime = seconds(.handoverTimeout, atLeast: 0.1)
        return limits
    }
}
