import Testing
import UpgradeCore
import UpgradeModel
import UpgradeSimulation

@testable import UpgradeAgent

/// No procedure begins while the node is not fit for it, and the job waits for the moment when it is.
@Suite struct MindSurroundingsTests {
    private static let empty = PowerState(isOnMains: false, percent: 17)

    private func begun(_ clock: SimClock = SimClock(), power: PowerState? = nil) throws -> MindSite {
        let site = try MindSite(clock: clock)
        site.power.set(power)
        try site.engine.match()
        try site.engine.engine.handle(EngineSite.one, .chosen)
        return site
    }

    @Test func `an empty battery is waited for, and the plug ends it`() throws {
        let site = try begun(power: Self.empty)
        try site.run { $0?.failures == 3 }
        #expect(site.job?.message.contains("battery at 17 %") == true)
        site.power.set(PowerState(isOnMains: true, percent: 18))
        // From here on the node is only not registered.
        try site.run { $0?.message == "the node is not registered" }
    }

    @Test func `a battery that stays empty is a failed precheck`() throws {
        let site = try begun(power: Self.empty)
        try site.run { $0.isEnded }
        #expect(site.job?.status == .precheckFailed)
        #expect(
            site.job?.message.hasPrefix("given up after 20 tries: the node runs on battery at 17 %, expected mains or at least 30 %")
                == true)
    }

    @Test func `every procedure looks, not only the first`() throws {
        for answers in 0...3 {
            let site = try begun()
            let run = { try site.engine.run() }
            if answers > 0 { try site.engine.engine.handle(EngineSite.one, .planned(try run(), EngineSite.plan)) }
            if answers > 1 { try site.engine.engine.handle(EngineSite.one, .fetched(try run())) }
            if answers > 2 { try site.engine.engine.handle(EngineSite.one, .unpacked(try run())) }
            site.power.set(Self.empty)
            try site.run { $0?.message.contains("battery at 17 %") == true }
        }
    }

    @Test(arguments: InstallStrategy.allCases) func `another package manager is waited for where dpkg is needed`(
        strategy: InstallStrategy
    ) throws {
        let site = try MindSite(
            descriptor: PackageDescriptor(name: "uplift", version: "1.0.0", architecture: "amd64", strategy: strategy))
        site.packageLock.set(true)
        try site.engine.match()
        try site.engine.engine.handle(EngineSite.one, .chosen)
        try site.run { $0?.failures == 2 }
        #expect(site.job?.message.contains("(lock-frontend)") == (strategy != .tree))
        site.packageLock.set(false)
        try site.run { $0?.message == "the node is not registered" }
    }

    @Test func `a clock that was never set is waited for`() throws {
        let site = try begun(SimClock(now: UTCInstant(secondsSinceEpoch: 30)))
        try site.run { $0?.failures == 2 }
        #expect(site.job?.message.hasPrefix("the clock says 1970-01-01") == true)
        site.clock.setWall(to: UTCInstant(secondsSinceEpoch: 1_767_225_600))
        try site.run { $0?.message == "the node is not registered" }
    }
}
