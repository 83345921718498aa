import Testing
import UpgradePorts

@testable import UpgradeTransfer

@Suite struct RedirectRuleTests {
    let strict = HubTrust(certificateAuthorityFile: nil, allowInsecureHub: false)
    let insecure = HubTrust(certificateAuthorityFile: nil, allowInsecureHub: true)

    func first(_ url: String, _ trust: HubTrust? = nil) throws -> Hop { Hop(try HubURL(url, trust: trust ?? strict)) }

    @Test(arguments: [
        ("https://hub.example/b", true), ("https://HUB.example:443/b", true), ("https://hub.example:444/b", false),
        ("https://other.example/a", false), ("https://sub.hub.example/a", false),
    ])
    func credentialsStayWithTheOrigin(_ location: String, _ kept: Bool) throws {
        let hop = try RedirectRule.next(after: first("https://hub.example/a"), location: location, trust: strict)
        #expect(hop.sendsCredentials == kept)
        #expect(hop.number == 1)
    }

    @Test(arguments: [
        ("/c?d", "https://hub.example/c?d"), ("c", "https://hub.example/a/c"), ("?e", "https://hub.example/a/b?e"),
        ("//other.example/x", "https://other.example/x"), ("/x/../y z", "https://hub.example/x/../y%20z"),
    ])
    func relativeAddresses(_ location: String, _ target: String) throws {
        let hop = try RedirectRule.next(after: first("https://hub.example/a/b?q=1"), location: location, trust: strict)
        #expect(hop.url.text == target)
    }

    @Test func credentialsAreNotTakenUpAgain() throws {
        let away = try RedirectRule.next(after: first("https://hub.example/a"), location: "https://other.example/", trust: strict)
        let back = try RedirectRule.next(after: away, location: "https://hub.example/a", trust: strict)
        #expect(!back.sendsCredentials)
    }

    @Test func changeOfSchemeIsAChangeOfOrigin() throws {
        let hop = try RedirectRule.next(after: first("http://127.0.0.1:443/a"), location: "https://127.0.0.1:443/a", trust: strict)
        #expect(!hop.sendsCredentials)
    }

    @Test(arguments: [
        "http://hub.example/a", "http://127.0.0.1/a", "ftp://hub.example/a", "file:///etc/passwd", "https://user:pw@hub.example/",
        "https://", "https://hub.example:99999/", "//user@hub.example/",
    ])
    func refusesFromHTTPS(_ location: String) throws {
        let hop = try first("https://hub.example/a")
        for trust in [strict, insecure] {
            #expect { try RedirectRule.next(after: hop, location: location, trust: trust) } throws: {
                ($0 as? TransferFailure)?.kind == .redirect
            }
        }
    }

    @Test func plainHTTPElsewhereNeedsTheSetting() throws {
        let hop = try first("http://127.0.0.1/a")
        #expect { try RedirectRule.next(after: hop, location: "http://hub.example/", trust: strict) } throws: {
            ($0 as? TransferFailure)?.kind == .redirect
        }
        _ = try RedirectRule.next(after: hop, location: "http://hub.example/", trust: insecure)
    }

    @Test func fiveAreEnough() throws {
        var hop = try first("https://hub.example/a")
        for _ in 1...5 { hop = try RedirectRule.next(after: hop, location: "https://hub.example/a", trust: strict) }
        let last = hop
        #expect { try RedirectRule.next(after: last, location: "https://hub.example/a", trust: strict) } throws: {
            ($0 as? TransferFailure)?.kind == .redirect
        }
    }
}
