import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Single values of the store that are more than a text.
extension [StoreKey: String] {
    /// Versions that failed or were rolled back on this node. A text that cannot be read counts as none: then a version may be tried once more.
    var failedVersions: Set<ComponentVersion> {
        guard let text = self[.failedVersions] else { return [] }
        return (try? JSONDecoder().decode(Set<ComponentVersion>.self, from: Data(text.utf8))) ?? []
    }

    /// Policies whose reset stands at the exchange and was taken in. A text that cannot be read counts as none: then a job begins once more.
    var resetsTaken: Set<PolicyID> {
        guard let text = self[.resetsTaken] else { return [] }
        return (try? JSONDecoder().decode(Set<PolicyID>.self, from: Data(text.utf8))) ?? []
    }

    /// Who holds the node, if anybody does. A text that cannot be read holds it too.
    package var hold: Hold? {
        guard let text = self[.hold] else { return nil }
        return (try? JSONDecoder().decode(Hold.self, from: Data(text.utf8)))
            ?? Hold(by: "somebody", since: UTCInstant(secondsSinceEpoch: 0), reason: "the stored record of the hold cannot be read")
    }
}

extension StoreChange {
    /// Keeps these failed versions, in a fixed order.
    static func set(failed versions: Set<ComponentVersion>) -> StoreChange {
        let sorted = versions.sorted { ($0.component.rawValue, $0.version) < ($1.component.rawValue, $1.version) }
        return .set(.failedVersions, text(sorted))
    }

    /// Keeps these policies, in order.
    static func set(resetsTaken policies: Set<PolicyID>) -> StoreChange {
        .set(.resetsTaken, policies.isEmpty ? nil : text(policies.sorted()))
    }

    /// Keeps or forgets the hold.
    static func set(_ hold: Hold?) -> StoreChange { .set(.hold, hold.map { text($0) }) }

    private static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
