import Curl
import Testing
import UpgradePorts

@testable import UpgradeTransfer

@Suite struct SchemeRuleTests {
    static let strict = HubTrust(certificateAuthorityFile: nil, allowInsecureHub: false)
    static let insecure = HubTrust(certificateAuthorityFile: nil, allowInsecureHub: true)

    @Test(arguments: [
        "https://hub.example/v1", "http://127.0.0.1:80/", "http://127.255.3.4/", "http://localhost/", "http://LOCALHOST:9/",
        "http://[::1]:80/",
        "http://127.1/", "HTTPS://hub.example",
    ])
    func allows(_ url: String) throws {
        _ = try HubURL(url, trust: Self.strict)
    }

    @Test(arguments: [
        "http://hub.example/", "http://127.0.0.1.example/", "http://127.evil.example/", "http://128.0.0.1/", "http://localhost.example/",
        "http://[::2]/", "http://0.0.0.0/", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://10.0.0.1@hub.example/",
        "hub.example/v1", "", "https://", "http://user:secret@127.0.0.1/", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nHost: x",
        "http://127.0.0.1:99999/", "//127.0.0.1/",
    ])
    func refuses(_ url: String) {
        #expect { try HubURL(url, trust: Self.strict) } throws: { ($0 as? TransferFailure)?.kind == .badURL }
    }

    @Test func insecureHubIsASetting() throws {
        _ = try HubURL("http://hub.example/", trust: Self.insecure)
        #expect(throws: TransferFailure.self) { try HubURL("ftp://hub.example/", trust: Self.insecure) }
    }

    @Test func socketAllowsPlainHTTP() throws {
        _ = try HubURL("http://agent/status", trust: Self.strict, socketPath: "/run/agent.sock")
    }

    @Test func subjectShowsNoSecrets() throws {
        let url = try HubURL("https://hub.example/v1/a%2E%2E/../b?token=secret", trust: Self.strict)
        #expect(url.subject == "https://hub.example:443/v1/a%2E%2E/../b")
        let bad = #expect(throws: TransferFailure.self) { try HubURL("https://org:secret@hub.example/v1?token=other", trust: Self.strict) }
        #expect(bad?.subject == "hub.example/v1")
        #expect(bad?.description.contains("secret") == false)
    }
}
