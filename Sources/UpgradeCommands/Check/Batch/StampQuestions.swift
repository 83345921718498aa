import UpgradeCore
import UpgradeWire

/// `insert_config_version`: the configuration with its version.
struct ConfigurationStampQuestion: BatchQuestion {
    static let answerKey = "after"

    let before: String
    let version: String

    var answer: BatchAnswer {
        .value(.string(String(decoding: VersionStampRule.configuration(Array(before.utf8), version: version), as: UTF8.self)))
    }
}

/// `insert_cert_version`: the certificate with its version.
struct CertificateStampQuestion: BatchQuestion {
    static let answerKey = "after"

    let before: String
    let version: String

    var answer: BatchAnswer {
        .value(.string(String(decoding: VersionStampRule.certificate(Array(before.utf8), version: version), as: UTF8.self)))
    }
}
