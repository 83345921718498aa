import Foundation
import Testing

/// A script of a Debian package inside which dpkg is killed.
private struct DpkgPlace: CustomStringConvertible {
    let package: String
    let script: String
    let isWayBack: Bool

    static let all = [false, true].flatMap { isWayBack in
        NodePackages.names.flatMap { package in
            NodePackages.scripts.map { DpkgPlace(package: package, script: $0, isWayBack: isWayBack) }
        }
    }

    /// What comes has `preinst` and `postinst`, what goes `prerm` and `postrm`; forward it is the new version that comes.
    var isOfNewVersion: Bool { script.hasSuffix("inst") != isWayBack }

    var description: String { "\(isOfNewVersion ? "new" : "old") \(script) of \(package), on the way \(isWayBack ? "back" : "forward")" }
}

/// The real dpkg, killed inside each script of an upgrade with whoever waits for it, forward and on the way back: what goes on brings all
/// packages to the release that runs. One place of each way by default; all of them, with every victim, with `UPLIFT_SOAK=1`.
@Suite(.serialized, .enabled(if: NodePackages.isPossible, "SKIPPED: needs dpkg, and root or user namespaces"))
struct KillDuringDpkgTests {
    @Test func thePackagesAreThoseOfTheReleaseThatRuns() throws {
        var dice = Dice(state: Soak.seed)
        let victims: [KillVictim] = [.installer, .supervisor, .all]
        let half = DpkgPlace.all.count / 2
        let cases =
            Soak.isOn
            ? DpkgPlace.all.flatMap { place in victims.map { (place, $0) } }
            : [0, half].map { (DpkgPlace.all[$0 + dice.next(below: half)], victims[dice.next(below: victims.count)]) }
        var lane = try KillLane(cargo: .deb)
        for (place, victim) in cases {
            do { try kill(victim, place, lane) } catch {
                Issue.record(lane.explained(error, "\(victim) killed in the \(place)"))
                lane = try KillLane(cargo: .deb)
            }
        }
    }

    private func kill(_ victim: KillVictim, _ place: DpkgPlace, _ lane: KillLane) throws {
        let packages = NodePackages(root: lane.node.root)
        let version = place.isOfNewVersion ? lane.nextVersion : try lane.node.currentVersion() ?? ""
        try packages.hold(place.package, version, place.script)
        var attempt = try lane.begin(sick: place.isWayBack)
        try eventually("a wait in the \(place)") { packages.isHeld }
        let left = try packages.state().split(separator: "\n").prefix(NodePackages.names.count)
        let killed = try lane.strike(victim, &attempt, meanwhile: packages.letGo)
        if !victim.takesSupervisor { try packages.letGo() }
        try #require(killed >= 1)
        try lane.judge(attempt)
        print("\(victim) killed in the \(place), where dpkg said \(left.joined(separator: ", "))")
    }
}
