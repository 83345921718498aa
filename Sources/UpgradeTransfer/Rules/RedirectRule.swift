import Curl
import UpgradePorts

/// One request of a chain of redirects.
struct Hop: Hashable, Sendable {
    /// What is asked.
    let url: HubURL
    /// False from the first change of origin on, for good: a redirect back could be a trap as well.
    let sendsCredentials: Bool
    /// Redirects that led here.
    let number: Int

    /// The first one.
    init(_ url: HubURL) {
        self.url = url
        sendsCredentials = true
        number = 0
    }

    fileprivate init(_ url: HubURL, after previous: Hop) {
        self.url = url
        sendsCredentials = previous.sendsCredentials && url.hasSameOrigin(as: previous.url)
        number = previous.number + 1
    }
}

/// Where a redirect may lead: at most five times, never from https to http, never to a scheme that the URL could not have had itself.
enum RedirectRule {
    /// Longest chain that is followed.
    static let redirectsMax = 5

    /// Statuses that mean "ask there instead". 300 and 304 are none; they are failures like any other.
    static func isRedirect(status: Int) -> Bool { [301, 302, 303, 307, 308].contains(status) }

    /// `location` as the server sent it, absolute or not. Errors: `.redirect`, with the address that was refused.
    static func next(after hop: Hop, location: String, trust: HubTrust) throws(TransferFailure) -> Hop {
        guard hop.number < redirectsMax else {
            throw refusal(hop, "redirected more than \(redirectsMax) times")
        }
        guard let target = CurlURL.resolve(location, against: hop.url.text), let parts = CurlURL(target) else {
            throw refusal(hop, "redirected to \(HubURL.subject(ofUnreadable: location)), which is not a usable URL")
        }
        guard hop.url.parts.scheme != "https" || parts.scheme == "https" else {
            throw refusal(hop, "redirected from https to \(HubURL.subject(of: parts)), which is not https")
        }
        do {
            return Hop(try HubURL(target, trust: trust), after: hop)
        } catch {
            throw refusal(hop, "redirected to \(error.subject): \(error.explanation)")
        }
    }

    private static func refusal(_ hop: Hop, _ explanation: String) -> TransferFailure {
        TransferFailure(.redirect, subject: hop.url.subject, explanation: explanation)
    }
}
