import UpgradeModel
import UpgradePorts

/// Settings as the command line sees them: the environment, then `<root>/etc/uplift/*.conf`, then `<root>/etc/default/horizon`.
struct CommandSettings {
    /// The environment alone.
    let environment: [String: String]
    private let files: [String: String]

    /// A file that is missing is fine; one that may not be read is skipped with a note, because it need not be for this user.
    init(_ root: RootOption, in world: CommandWorld) {
        environment = world.environment
        let folder = root.path("etc/uplift")
        let local = UserFile.names(in: folder).filter { $0.hasSuffix(".conf") }.sorted().map { folder + "/" + $0 }
        var values: [String: String] = [:]
        for path in [root.path("etc/default/horizon")] + local {
            do throws(CommandError) {
                guard let bytes = try UserFile.bytesIfThere(path) else { continue }
                values.merge(SettingsFile.parse(String(decoding: bytes, as: UTF8.self)).values) { _, later in later }
            } catch {
                world.note("settings skipped: \(error.text)")
            }
        }
        files = values
    }

    /// The value of a key; nil when it is not set, or empty.
    subscript(_ key: String) -> String? {
        if let value = environment[key], !value.isEmpty { return value }
        if let value = files[key], !value.isEmpty { return value }
        return nil
    }

    /// The value of a key that must be there.
    func needed(_ key: SettingKey) throws(CommandError) -> String {
        guard let value = self[key.rawValue] else {
            throw CommandError(
                .usage, "\(key.rawValue) is not set: \(key.meaning) Set it in the environment or in <root>/etc/default/horizon")
        }
        return value
    }

    /// Which servers are believed.
    var trust: HubTrust {
        let insecure = self[SettingKey.allowInsecureHub.rawValue].flatMap(SettingKey.flag)
        return HubTrust(certificateAuthorityFile: self[SettingKey.certificatePath.rawValue], allowInsecureHub: insecure ?? false)
    }
}
