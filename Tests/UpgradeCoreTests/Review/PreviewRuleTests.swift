import Testing
import UpgradeCore
import UpgradeModel

@Suite struct PreviewRuleTests {
    private let package = "horizon-agent-linux-deb-amd64.tar.gz"

    private func node(_ change: (inout PreviewRule.Node) -> Void = { _ in }) -> PreviewRule.Node {
        var node = PreviewRule.Node(
            architecture: "amd64", operatingSystem: "debian",
            current: PerComponent(software: "1.0.0", configuration: "1.0.0", certificate: "1.0.0"))
        change(&node)
        return node
    }

    private func offer(_ software: String? = "2.0.0", _ change: (inout PreviewRule.Offer) -> Void = { _ in }) -> PreviewRule.Offer {
        var offer = PreviewRule.Offer(
            manifest: "o/m", wanted: PerComponent(software: software.flatMap { Version($0) }, configuration: nil, certificate: nil),
            listed: PerComponent(software: ["*"], configuration: [], certificate: []),
            files: [PlannedFile(component: .software, version: "2.0.0", name: package)], allowsDowngrade: false)
        change(&offer)
        return offer
    }

    private func isNever(_ outlook: PreviewRule.Outlook, _ words: String) -> Bool {
        if case .never(let reason) = outlook { reason.contains(words) } else { false }
    }

    private func isUnknown(_ outlook: PreviewRule.Outlook, _ words: String) -> Bool {
        if case .unknown(let reason) = outlook { reason.contains(words) } else { false }
    }

    @Test func `a node with everything upgrades`() {
        #expect(PreviewRule.outlook(for: node(), offer()) == .upgrades)
        #expect(PreviewRule.outlook(for: node { $0.current.software = "local build" }, offer()) == .upgrades)
        #expect(PreviewRule.outlook(for: node { $0.status = "waiting" }, offer()) == .upgrades)
    }

    @Test func `a node that has it, or something newer, has nothing to do`() {
        for current in ["2.0.0", "3.0.0"] {
            guard case .nothingToDo = PreviewRule.outlook(for: node { $0.current.software = current }, offer()) else {
                Issue.record("\(current)")
                continue
            }
        }
    }

    @Test func `no package for the operating system`() {
        #expect(isNever(PreviewRule.outlook(for: node { $0.operatingSystem = "alpine" }, offer()), "alpine"))
        #expect(isNever(PreviewRule.outlook(for: node { $0.operatingSystem = "" }, offer()), "operating system"))
        #expect(isNever(PreviewRule.outlook(for: node { $0.operatingSystem = "fedora" }, offer()), "horizon-agent-linux-rpm-x86_64.tar.gz"))
        #expect(isNever(PreviewRule.outlook(for: node { $0.type = .cluster }, offer()), "edge-cluster"))
    }

    @Test func `a file that the manifest or the hub does not have`() {
        #expect(isNever(PreviewRule.outlook(for: node(), offer { $0.listed.software = ["other"] }), "not listed in the manifest o/m"))
        #expect(isNever(PreviewRule.outlook(for: node(), offer { $0.files = [] }), "the hub has no file '\(package)'"))
        #expect(isNever(PreviewRule.outlook(for: node(), offer("02.0.0")), "the hub has no file"))
    }

    @Test func `what runs is no version`() {
        #expect(isNever(PreviewRule.outlook(for: node { $0.current.software = "v1" }, offer()), "v1"))
    }

    @Test func `a status that has ended stays`() {
        #expect(isNever(PreviewRule.outlook(for: node { $0.status = "rollback successful" }, offer()), "rollback successful"))
    }

    @Test func `what only the node knows is said to be unknown`() {
        #expect(isUnknown(PreviewRule.outlook(for: node { $0.operatingSystem = nil }, offer()), "openhorizon.operatingSystem"))
        #expect(isUnknown(PreviewRule.outlook(for: node { $0.architecture = "" }, offer()), "architecture"))
        #expect(isUnknown(PreviewRule.outlook(for: node { $0.current.software = "" }, offer()), "software"))
        #expect(isUnknown(PreviewRule.outlook(for: node { $0.failed = ["2.0.0": "o/p"] }, offer()), "o/p"))
        let down = offer("2.0.0") { $0.allowsDowngrade = true }
        #expect(isUnknown(PreviewRule.outlook(for: node { $0.current.software = "3.0.0" }, down), "allow-downgrade"))
    }
}
