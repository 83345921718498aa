import UpgradeCore
import UpgradeModel

/// `Version`, `VersionRange`, `VersionExpression`, and the review for authors.
enum RangeFuzz {
    static let pieces = [
        "0", "1", "01", "9", "99999999999999999999999", "9223372036854775807", ".", ".", "-", "a", "Z", "rc", "+", ",", "[", "(", "]", ")",
        "INFINITY", "latest", " ", "ä", "\u{301}", "\u{0660}", "\0", "[1.0.0,", ",2.0.0)", "1.0.0-rc.1",
    ]

    private static let probes = ["0", "1.0.0", "01.0.0", "1.0.0-rc", "1.2.3", "2", "2.0.0-a.1", "999.0.0", "INFINITY"].compactMap {
        Version($0)
    }

    static func read(_ text: String, _ fingerprint: inout Fingerprint) throws -> Bool {
        let version = Version(text)
        let range = VersionRange(text)
        if let version { try check(version, &fingerprint) }
        if let range { try check(range, text, &fingerprint) }
        switch VersionExpression(text) {
        case .latest?: guard text == VersionExpression.latestWord else { throw Finding("not the word for the newest version") }
        case .exact?: guard version != nil else { throw Finding("an exact version that is none") }
        case .range?: guard range != nil, version == nil else { throw Finding("a range that is none, or a version") }
        case nil: guard range == nil, version == nil else { throw Finding("asks for nothing, and is a range or a version") }
        }
        guard version != nil || !Version.isPropertyVersion(text) else { throw Finding("a property's version that is none") }
        fingerprint.add(VersionRange.resemblesRange(text))
        return range != nil
    }

    private static func check(_ version: Version, _ fingerprint: inout Fingerprint) throws {
        guard Version(version.padded) == version, Version(version.text) == version else { throw Finding("reads differently: \(version)") }
        for probe in probes {
            let orders = [version < probe, version == probe, probe < version]
            guard orders.count(where: { $0 }) == 1 else { throw Finding("\(version) and \(probe) have no one order: \(orders)") }
            for order in orders { fingerprint.add(order) }
        }
    }

    private static func check(_ range: VersionRange, _ text: String, _ fingerprint: inout Fingerprint) throws {
        guard let again = VersionRange(range.description), again.description == range.description else {
            throw Finding("what was printed reads differently: \(range)")
        }
        for probe in probes + [range.lower, range.upper] {
            guard again.contains(probe) == range.contains(probe) else { throw Finding("\(range) and \(text) differ in \(probe)") }
            fingerprint.add(range.contains(probe))
        }
        for quirk in RangeReview.quirks(in: range, text: text) { fingerprint.add("\(quirk.position) \(quirk.explanation)") }
    }
}
