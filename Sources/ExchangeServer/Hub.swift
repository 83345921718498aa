import ExchangeModel
import HTTPTypes
import HummingbirdCore
import Logging
import UpgradeModel

/// What every route works with.
struct Hub: Sendable {
    /// Version that the hub reports: the release of the real exchange whose behaviour it follows. Source: contract 1.1.
    static let version = "2.154.0"

    /// Everything but object bytes.
    let store: any HubStore
    /// Object bytes.
    let files: ObjectFiles
    /// Who is who.
    let identities: Identities
    /// The clock.
    let now: @Sendable () -> UTCInstant
    /// How the nodes are.
    let watch: FleetWatch
    /// What they are asked to tell of themselves.
    let selfReports: SelfReports
    /// Where failures are written to.
    let logger: Logger

    /// Who makes this call, or 401.
    func caller(of call: Call) async throws -> Caller {
        let header = call.request.headers[.authorization]
        let caller = try await identities.caller(authorization: header, source: call.record.source)
        call.record.note { $0.caller = caller.name }
        return caller
    }

    /// The present as the exchange writes it.
    func timestamp() -> String { now().rfc3339(fractionDigits: 6) }
}
