import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// Which file wins, and what is said about it. Source: install.md, "Layout".
@Suite struct SettingsTests {
    private let root = SimFileTree()
    private let state = SimFileTree()

    private var reader: SettingsReader { SettingsReader(root: root, rootPath: "/r", state: state, user: 1000) }

    private func put(_ path: String, _ text: String) throws { try root.put(try #require(TreePath(path)), text) }

    @Test func `built-in, then host, then release, then local files by name`() throws {
        var settings = reader.settings(release: 1)
        #expect(settings[.pollInterval].value == "20")
        #expect(settings[.pollInterval].source == "built-in")
        try put("etc/default/horizon", "poll-interval-seconds=1\nHZN_EXCHANGE_URL=http://host\nretry-tries=3\nHZN_FSS_CSSURL=http://css\n")
        try state.put(Layout.configuration(1), "# uplift: kind=configuration version=1\nHZN_EXCHANGE_URL=http://release\nretry-tries=4\n")
        try put("etc/uplift/20-b.conf", "retry-tries=6\n")
        try put("etc/uplift/10-a.conf", "retry-tries=5\npoll-interval-max-seconds=9\n")
        try put("etc/uplift/30.conf.bak", "retry-tries=7\n")
        settings = reader.settings(release: 1)
        #expect(settings[.pollInterval] == .init(value: "1", source: "/etc/default/horizon"))
        #expect(settings[.exchangeURL] == .init(value: "http://release", source: "release 1"))
        #expect(settings[.retryTries] == .init(value: "6", source: "/etc/uplift/20-b.conf"))
        #expect(settings[.pollIntervalMax].source == "/etc/uplift/10-a.conf")
        #expect(settings.mistakes == [])
        #expect(settings.isLocal(.retryTries) && !settings.isLocal(.exchangeURL))
        #expect(reader.settings(release: 2)[.exchangeURL].value == "http://host")
        #expect(reader.settings(release: nil)[.exchangeURL].value == "http://host")
    }

    @Test func `what a new configuration cannot change is named`() throws {
        try put("etc/uplift/a.conf", "HZN_EXCHANGE_URL=http://local\nretry-tries=1\n")
        let settings = reader.settings(release: nil)
        #expect(settings.overridden(by: "HZN_EXCHANGE_URL=x\nHZN_FSS_CSSURL=y\n") == ["HZN_EXCHANGE_URL"])
    }

    @Test func `mistakes are reported with file and line, and cost only their line`() throws {
        try put("etc/default/horizon", "HZN_ORG_ID=a\nnonsense\nHZN EXCHANGE=1\nretry-tries=8\n")
        let settings = reader.settings(release: nil)
        #expect(settings.mistakes.count == 2)
        #expect(settings.mistakes.first?.hasPrefix("/etc/default/horizon, line 2:") == true)
        #expect(settings[.retryTries].value == "8")
    }

    @Test func `values that are none fall back, values out of bounds are bounded`() throws {
        try put("etc/uplift/a.conf", "retry-tries=many\npoll-interval-seconds=-3\nretry-first-delay-seconds=nan\nretry-span-hours=1e300\n")
        let settings = reader.settings(release: nil)
        #expect(settings.jobLimits.retryTries == 20)
        #expect(settings.seconds(.pollInterval) == .milliseconds(10))
        #expect(settings.jobLimits.retryFirstDelay == .seconds(10))
        #expect(settings.jobLimits.retrySpan == .seconds(87_600 * 3600))
    }

    @Test func `what cannot be read costs only itself`() throws {
        try put("etc/default/horizon", "retry-tries=8\n")
        try put("etc/uplift/b.conf", "poll-interval-seconds=7\n")
        try root.setLink(.known("etc", "uplift", "a.conf"), to: "b.conf")
        try root.makeDirectory(.known("etc", "uplift", "c.conf"), mode: 0o755)
        let settings = reader.settings(release: nil)
        #expect(settings[.retryTries].value == "8" && settings[.pollInterval].value == "7")
        #expect(settings.mistakes.map { $0.prefix(while: { $0 != ":" }) } == ["a", "c"].map { "/etc/uplift/\($0).conf does not hold" })
    }

    @Test func `a release's certificate beats the host's, not the local one`() throws {
        try put("etc/default/horizon", "HZN_MGMT_HUB_CERT_PATH=/etc/host.crt\n")
        var hub = try reader.hub(reader.settings(release: 1), release: 1)
        #expect(hub.trust.certificateAuthorityFile == "/etc/host.crt")
        try state.put(Layout.certificate(1), "x")
        hub = try reader.hub(reader.settings(release: 1), release: 1)
        #expect(hub.trust.certificateAuthorityFile == "/r/var/lib/uplift/releases/1/certificate")
        hub = try reader.hub(reader.settings(release: 2), release: 2)
        #expect(hub.trust.certificateAuthorityFile == "/etc/host.crt")
        try put("etc/uplift/a.conf", "HZN_MGMT_HUB_CERT_PATH=/etc/local.crt\nallow-insecure-hub=yes\n")
        hub = try reader.hub(reader.settings(release: 1), release: 1)
        #expect(hub.trust.certificateAuthorityFile == "/etc/local.crt")
        #expect(hub.trust.allowInsecureHub)
    }

    @Test func `an empty certificate path means the system's`() throws {
        #expect(try reader.hub(reader.settings(release: nil), release: nil).trust.certificateAuthorityFile == nil)
    }
}
