import UpgradeModel

/// Configurations and certificates: a stamp, and what they say.
extension SimPackage {
    /// The end of a certificate that is the hub's.
    static let authority = "authority of the hub\n"

    /// The lines that name a hub.
    static func hubSettings(_ exchange: String) -> [UInt8] {
        Array("HZN_EXCHANGE_URL=\(exchange)\nHZN_FSS_CSSURL=sim://hub/css\nHZN_AGBOT_URL=sim://hub/agbot\n".utf8)
    }

    /// The file as it lies at the hub.
    static func bytes(of file: HubFile) -> [UInt8] {
        let version = file.damage == .replayed ? "0.1.0" : file.version
        let stamp = Array(((FileStamp(kind: file.component, version: version)?.line ?? "") + "\n").utf8)
        switch file.component {
        case .configuration: return stamp + hubSettings(file.isWrong ? "sim://nowhere/v1" : FleetBirth.exchangeURL)
        case .certificate, .software: return stamp + Array((file.isWrong ? "authority of a stranger\n" : authority).utf8)
        }
    }
}
