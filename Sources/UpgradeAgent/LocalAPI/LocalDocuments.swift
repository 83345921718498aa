import FoundationEssentials
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// `GET /node`. The token is never shown. Source: contract 3.2.
struct NodeAnswerDocument: Encodable {
    let id: String
    let organization: String
    let pattern: String
    let name: String
    let nodeType: String
    let token_last_valid_time: UInt64
    let token_valid: Bool
    let ha_group: String
    let configstate: ConfigStateDocument
}

/// `configstate` of a node.
struct ConfigStateDocument: Encodable {
    let state: String
    let last_update_time: UInt64
}

/// `POST /node`.
struct NodeRequestBody: Decodable {
    let id: String?
    let organization: String?
    let token: String?
    let pattern: String?
}

/// `PUT /node/configstate`.
struct ConfigStateBody: Decodable {
    let state: String
}

/// `GET /eventlog`, one record.
struct EventDocument: Encodable {
    let record_id: String
    let timestamp: Int64
    let severity: String
    let message: String
    let event_code: String
    var source_type = "node_management"
}

/// `POST /upgrade/give-back`.
struct GiveBackDocument: Codable {
    let ticket: String
    let reason: String
}

/// `POST /upgrade/trial-note`: what the installer's verdict waits for; shown in `GET /status`.
struct TrialNote: Codable, Hashable {
    let ticket: String
    let reason: String
    let nextProbe: String
}

/// `GET /status`: the reference's shape, and ours under `x-uplift`. Source: contract 3.2.
struct StatusAnswerDocument: Encodable {
    struct Configuration: Encodable {
        let exchange_api: String
        let exchange_version: String
        let required_minimum_exchange_version: String
        let preferred_exchange_version: String
        let mms_api: String
        let architecture: String
        let horizon_version: String
        let cert_file_version: String
        let config_file_version: String
    }

    struct Health: Encodable {
        let lastGoodContact: String?
        let trouble: String?
    }

    struct Uplift: Encodable {
        let release: Int
        let onTrial: Bool
        let restricted: Bool
        let trialNote: TrialNote?
        let databaseLost: String?
        let hold: HoldDocument
        let softwareFloor: String
        let outbox: Int
        let undeliverable: [UndeliverableDocument]
        let pollSeconds: Double
        let counters: EngineCounters
        let settings: [String: SettingDocument]
        let settingsMistakes: [String]
        let settingsOverridden: [String]
    }

    let configuration: Configuration
    let liveHealth: Health
    let uplift: Uplift

    private enum CodingKeys: String, CodingKey {
        case configuration, liveHealth
        case uplift = "x-uplift"
    }
}

/// A setting with the file it came from.
struct SettingDocument: Encodable {
    let value: String
    let source: String
}

/// A row that the exchange refused for good.
struct UndeliverableDocument: Encodable {
    let policy: String
    let what: String
    let code: Int
    let answer: String
    let at: String

    init(_ row: UndeliverableRow) {
        policy = row.row.policy.text
        what =
            switch row.row.content {
            case .status(let report): StatusWord.word(report.status)
            case .deletion: "deletion"
            case .softwareVersions: "softwareVersions"
            }
        code = row.code
        answer = row.answer
        at = row.at.rfc3339()
    }
}

extension LocalResponse {
    /// Compact JSON, keys sorted so that answers compare.
    static func json(_ status: Int, _ value: some Encodable) -> LocalResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return .text(500, "the answer cannot be written as JSON") }
        return LocalResponse(status, body: [UInt8](data))
    }

    /// The reference's error shape. Source: contract 3.
    static func error(_ status: Int, _ message: String, input: String) -> LocalResponse {
        .json(status, ["error": message, "input": input])
    }

    /// Plain text.
    static func text(_ status: Int, _ message: String) -> LocalResponse {
        LocalResponse(status, body: Array(message.utf8), contentType: "text/plain; charset=utf-8")
    }

    /// The same with another status code.
    func with(status: Int) -> LocalResponse { LocalResponse(status, body: body, contentType: contentType, headers: headers) }
}

extension LocalRequest {
    /// The answer of the method's handler; 405 with `Allow` for every other method, and the methods for OPTIONS.
    func only(_ handlers: [String: () throws -> LocalResponse]) throws -> LocalResponse {
        let wanted = method == "HEAD" ? "GET" : method
        if let handler = handlers[wanted] { return try handler() }
        let allow = (handlers.keys.sorted() + ["OPTIONS"]).joined(separator: ", ")
        return LocalResponse(method == "OPTIONS" ? 200 : 405, headers: [("Allow", allow)])
    }

    /// The body as JSON; nil when it is none of this form.
    func decoded<Document: Decodable>() -> Document? { try? JSONDecoder().decode(Document.self, from: Data(body)) }
}
