import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// What only the simulated tree, clock and chance can do.
@Suite("Simulated files, time and chance")
struct SimTreeTests {
    @Test("A full disk takes nothing new, and lets go of what is removed and closed")
    func capacity() throws {
        let tree = SimFileTree(SimDisk(capacity: 10))
        let file = try tree.create(at("file"), mode: 0o600)
        try file.write([1, 2, 3, 4, 5, 6, 7, 8], at: 0)
        #expect(try tree.freeBytes() == 2)
        #expect(fileFailure { try file.write([1, 2, 3], at: 8) } == .noSpace)
        #expect(fileFailure { try file.truncate(to: 11) } == .noSpace)
        try file.write([1, 2], at: 8)
        try file.write([5], at: 0)
        #expect(fileFailure { try tree.makeDirectory(at("folder"), mode: 0o700) } == .noSpace)
        #expect(fileFailure { try tree.symbolicLink("x", at: at("link")) } == .noSpace)
        #expect(fileFailure { try tree.link(at("file"), to: at("second")) } == .noSpace)
        try tree.rename(at("file"), to: at("moved"))
        try tree.remove(at("moved"))
        #expect(try tree.freeBytes() == 0)
        #expect(try file.read(at: 0, max: 1) == [5])
        try file.truncate(to: 0)
        #expect(try tree.freeBytes() == 10)
    }

    @Test("The n-th changing operation fails and leaves the disk as it was")
    func faults() throws {
        let tree = SimFileTree()
        try tree.makeDirectory(at("a"), mode: 0o700)
        tree.failMutation(2, with: .noSpace)
        try tree.makeDirectory(at("b"), mode: 0o700)
        let before = tree.disk
        #expect(fileFailure { try tree.rename(at("b"), to: at("c")) } == .noSpace)
        #expect(tree.disk == before)
        try tree.rename(at("b"), to: at("c"))
        _ = try tree.list(.root)
        #expect(tree.mutations == 4)
    }

    @Test("Every changing operation is counted, syncs too, and looking is not")
    func counting() throws {
        let tree = SimFileTree()
        let file = try tree.create(at("a"), mode: 0o600)
        try file.write([1], at: 0)
        try file.truncate(to: 3)
        try file.sync()
        try tree.syncDirectory(.root)
        try tree.link(at("a"), to: at("b"))
        try tree.rename(at("b"), to: at("c"))
        try tree.setMode(at("c"), mode: 0o640)
        try tree.remove(at("c"))
        try tree.symbolicLink("a", at: at("d"))
        try tree.makeDirectory(at("e"), mode: 0o700)
        try tree.removeDirectory(at("e"))
        #expect(tree.mutations == 12)
        _ = try (file.read(at: 0, max: 1), file.length(), tree.entry(at("a")), tree.readLink(at("d")), tree.freeBytes())
        #expect(tree.mutations == 12)
    }

    @Test("A disk is a value: a copy does not see what happens later")
    func snapshot() throws {
        let tree = SimFileTree()
        try tree.create(at("a"), mode: 0o600).write([1], at: 0)
        let copy = SimFileTree(tree.disk)
        try tree.open(at("a"), for: .writing).write([2], at: 0)
        #expect(try copy.open(at("a"), for: .reading).read(at: 0, max: 9) == [1])
    }

    @Test("The clock moves by hand, jumps apart, and starts anew with a boot")
    func clock() {
        let clock = SimClock()
        let (wall, boot) = (clock.now(), clock.bootID)
        clock.advance(by: .seconds(5))
        #expect(clock.now() == wall.adding(.seconds(5)) && clock.sinceBoot() == .seconds(105))
        clock.setWall(to: wall)
        #expect(clock.now() == wall && clock.sinceBoot() == .seconds(105) && clock.bootID == boot)
        clock.reboot()
        #expect(clock.sinceBoot() == .zero && clock.bootID != boot && clock.now() == wall.adding(.seconds(30)))
    }

    @Test("A seed repeats its numbers; the rule is the published one")
    func randomness() {
        // First three numbers of splitmix64 for seed 1234567, as its author lists them.
        let chance = SimRandomness(seed: 1_234_567)
        #expect((0..<3).map { _ in chance.next() } == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
        #expect(SimRandomness(seed: 1).next() != SimRandomness(seed: 2).next())
    }
}
