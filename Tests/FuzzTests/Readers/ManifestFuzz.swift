import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradeWire

@testable import UpgradeCommands

/// A manifest from the hub to its versions and files, and `check manifest`.
enum ManifestFuzz {
    static let pieces = [
        "\"softwareUpgrade\"", "\"configurationUpgrade\"", "\"certificateUpgrade\"", "\"version\"", "\"files\"", "\"latest\"", "\"1.0.0\"",
        "\"[1.0.0,2.0.0)\"", "\"*\"", "\"agent-install.cfg\"", "\"agent-install.sh\"", "\"../x\"",
        "{\"version\":\"1.0.0\",\"files\":[\"*\"]}",
    ]

    private static let offered = ["1.0.0", "01.0.0", "no version", "2.0.0-rc", "1.9.9", "INFINITY"]

    static func read(_ input: [UInt8], _ file: String, _ fingerprint: inout Fingerprint) throws -> Bool {
        fingerprint.add(try ManifestFile.reviewed(file))
        guard let document = try? JSONDecoder().decode(ManifestDocument.self, from: Data(input)) else { return false }
        let again = try JSONDecoder().decode(ManifestDocument.self, from: JSONEncoder().encode(document))
        guard again == document else { throw Finding("what was written reads differently: \(document), \(again)") }
        let parts = PerComponent(
            software: document.softwareUpgrade, configuration: document.configurationUpgrade, certificate: document.certificateUpgrade)
        var needs = PerComponent(software: UpgradeNeed.notWanted, configuration: .notWanted, certificate: .notWanted)
        for component in Component.allCases {
            do throws(VersionResolutionError) {
                let version = try VersionResolutionRule.resolve(parts[component].version, of: component, available: offered)
                fingerprint.add(version.text)
                needs[component] = .take(version)
            } catch {
                fingerprint.add(error.explanation + error.remedy)
            }
        }
        let listed = PerComponent(
            software: parts.software.files, configuration: parts.configuration.files, certificate: parts.certificate.files)
        let found = ManifestFilesRule.listedAndMissing(needs: needs, listed: listed, packages: ["p.tar.gz"], node: .device)
        for name in found.files.map(\.name) + found.missing { fingerprint.add(name) }
        return true
    }
}
