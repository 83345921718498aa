import UpgradeModel
import UpgradePorts

/// One fresh probe with the configuration, certificate and identity that a release would use. Source: install.md, "Health and commit".
package struct HubProbe: HubProber {
    private let reader: SettingsReader
    private let identity: IdentityFile
    private let connector: any ExchangeConnector

    /// Reads everything anew at each probe.
    package init(reader: SettingsReader, identity: IdentityFile, connector: any ExchangeConnector) {
        self.reader = reader
        self.identity = identity
        self.connector = connector
    }

    package func probe(release: Int) -> ProbeResult {
        do {
            let settings = reader.settings(release: release)
            let hub = try reader.hub(settings, release: release, timeout: settings.seconds(.probeTimeout))
            guard let identity = try identity.read() else { return ProbeResult(succeeded: false, reason: "the node is not registered") }
            return connector.client(hub, org: identity.org, node: identity.node, token: identity.token).probe()
        } catch {
            return ProbeResult(succeeded: false, reason: "\(error)")
        }
    }
}
