import ExchangeServer
import UpgradePorts
import UpgradeTransfer

/// One GET to an address that a node gave for itself: the node chose it, so little time and few bytes are spent on it, and it leads nowhere else.
enum NodePing {
    static func get(_ url: String) -> PingReply {
        var request = HTTPRequest("GET", url)
        request.trust = HubTrust(certificateAuthorityFile: nil, allowInsecureHub: true)
        request.followsRedirects = false
        request.timeout = .seconds(5)
        request.answerBytesMax = 64 << 10
        do throws(TransferFailure) {
            let response = try CurlHTTPCaller().call(request)
            return .answer(status: response.status, body: response.body)
        } catch {
            return .none(error.explanation)
        }
    }
}
