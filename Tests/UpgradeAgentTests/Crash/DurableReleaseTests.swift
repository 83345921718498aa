import Testing
import UpgradeAgent
import UpgradeArchive
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// One sync for all of a package's files: what a power cut leaves of them, after unpacking and after the switch.
@Suite struct DurableReleaseTests {
    private let staged = Layout.staged(Fixture.ticket)

    /// The package as `Fixture` unpacks it, by nobody yet.
    private func unpacker(_ tree: any FileTree) throws -> Unpacker {
        let expected = DescriptorRule.Expectation(name: "uplift", version: "1.1.0", architecture: "amd64", strategy: .tree)
        let name = try #require(try tree.list(Layout.verified(Fixture.ticket)).first { $0.hasPrefix("software") })
        return Unpacker(
            package: Layout.verified(Fixture.ticket).appending(name), staged: staged, list: nil, expected: expected,
            ports: UnpackPorts(tree: tree, archive: LibArchiveReader(), trust: try Publisher.shared.get().trust))
    }

    /// Whatever an interruption leaves of `staged/`, the next unpacking takes nothing of it over, and its end is durable.
    @Test(arguments: PowerCutLoss.allCases) func `an interrupted unpacking begins anew`(loss: PowerCutLoss) throws {
        let image = try Fixture().image()
        let whole = Listing(image.disk, staged)
        let clean = FaultyTree(SimFileTree(image.disk))
        let disks = Shared<[SimDisk]>([])
        clean.watch { [unowned clean] _, _ in
            disks.change { $0.append(clean.inner.disk.afterPowerCut(losing: loss)) }
            return nil
        }
        var first = try unpacker(clean)
        _ = try finish { try first.step() }
        #expect(Listing(clean.inner.disk.afterPowerCut(losing: .everything), staged) == whole)
        #expect(disks.value.count > 20)
        for disk in disks.value {
            let tree = SimFileTree(disk)
            var again = try unpacker(tree)
            _ = try finish { try again.step() }
            #expect(Listing(tree.disk.afterPowerCut(losing: .everything), staged) == whole)
        }
    }

    /// The installer believes nobody: an agent that says that it unpacked, and synced nothing of it.
    @Test func `before the switch all is durable, whatever the agent has synced`() throws {
        var fixture = Fixture(scenario: CrashProcedure.upgrade.scenario)
        fixture.tamper = { tree in
            try tree.removeTree(staged)
            try tree.syncAll()
            let forgetful = SyncOfAllMissing(tree)
            var unpacker = try unpacker(forgetful)
            _ = try finish { try unpacker.step() }
        }
        let image = try fixture.image()
        let whole = Listing(image.disk, staged)
        #expect(Listing(image.disk.afterPowerCut(losing: .everything), staged).entries.isEmpty)
        let node = try SimNode(fixture.scenario, image)
        node.boot()
        try node.run { $0.contains(.switchIntended) }
        let left = node.inner.disk.afterPowerCut(losing: .everything)
        #expect(Listing(left, Layout.software(2)) == whole && whole.entries.count > 5)
    }
}
