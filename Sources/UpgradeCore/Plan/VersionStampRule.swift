import UpgradeModel

/// Writes the version of a configuration or certificate into it, so that the file alone says what it is.
///
/// Works on bytes, after the signature was checked, and gives equal bytes for equal input. Source: contract 4.7.
package enum VersionStampRule {
    /// The key of the version in a configuration.
    package static let configurationKey = "HZN_CONFIG_VERSION"

    /// What marks the version line of a certificate.
    package static let certificateTitle = "OpenHorizon Version"

    /// The configuration without blank lines and old versions, and with `version` as its last line; nobody checks what it says.
    package static func configuration(_ bytes: [UInt8], version: String) -> [UInt8] {
        joined(keptLines(bytes, without: configurationKey) + [Array("\(configurationKey)=\(version)".utf8)[...]])
    }

    /// The certificate without blank lines and old versions, and with `version` as its first line.
    ///
    /// Kept: an empty certificate stays empty. On macOS the real agent does not stamp certificates.
    package static func certificate(_ bytes: [UInt8], version: String) -> [UInt8] {
        let lines = keptLines(bytes, without: certificateTitle)
        guard !lines.isEmpty else { return [] }
        return joined([Array("-----\(certificateTitle) \(version)-----".utf8)[...]] + lines)
    }

    private static func keptLines(_ bytes: [UInt8], without mark: String) -> [ArraySlice<UInt8>] {
        let mark = Array(mark.utf8)
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            return line.isEmpty || contains(line, mark) ? nil : line
        }
    }

    private static func contains(_ line: ArraySlice<UInt8>, _ mark: [UInt8]) -> Bool {
        guard line.count >= mark.count else { return false }
        return (line.startIndex...(line.endIndex - mark.count)).contains { line[$0...].starts(with: mark) }
    }

    private static func joined(_ lines: [ArraySlice<UInt8>]) -> [UInt8] {
        lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    }
}
