import Curl
import UpgradePorts

/// Which schemes may be spoken to which host.
///
/// Behaviour: changed, because Open Horizon speaks plain http to whatever the URL says.
enum SchemeRule {
    /// Why this URL must not be asked; nil when it may.
    static func objection(to url: CurlURL, trust: HubTrust, throughSocket: Bool) -> String? {
        switch url.scheme {
        case "https": nil
        case "http" where throughSocket || trust.allowInsecureHub || isLoopback(url.host): nil
        case "http": "plain http is allowed to loopback only; use https, or set allow-insecure-hub"
        default: "scheme \(url.scheme) found, https expected"
        }
    }

    /// `localhost` counts, because libcurl answers it itself and asks no name server.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { isOctet($0) }
    }

    private static func isOctet(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(text) != nil
    }
}
