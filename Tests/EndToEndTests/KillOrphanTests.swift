import Foundation
import Testing
import UpgradePorts

/// An agent whose supervisor was killed leaves at once, even out of a call that hangs, and never meets its successor. Source: install.md,
/// "Never two".
@Suite(.serialized) struct KillOrphanTests {
    @Test func anAgentThatHangsInACallLeavesWithItsSupervisor() throws {
        let lane = try KillLane()
        do {
            try lane.restart(holdingAfter: "begun")
            let attempt = try lane.begin(sick: false)
            try lane.awaitHold("begun")
            // Every word has arrived, so none may come twice.
            try eventually("'initiated' at the exchange") {
                try lane.hub.words(attempt.policy).last == "initiated" && lane.node.owed() == 0
            }
            let agent = try #require(lane.node.agentPID), installer = try #require(lane.node.installerPID)
            lane.hub.pause()
            try eventually("a call that the hub does not read") { KernelTables.hasUnreadCall(agent, port: lane.hub.port) }
            lane.node.supervisor?.killNow()
            try eventually("the end of agent and installer", within: 5) {
                Processes.all().allSatisfy { $0.pid != agent && $0.pid != installer }
            }
            #expect(lane.node.processes.isEmpty)

            lane.removeHold()
            try lane.node.start(environment: ["UPLIFT_FAILPOINT": "ready:\(lane.hold)"], awaitAgent: false)
            var looks = AgentLooks(node: lane.node)
            try eventually("the trial of the new release") {
                looks.look()
                return FileManager.default.fileExists(atPath: lane.hold)
            }
            let successor = try #require(lane.node.agentPID)
            #expect(looks.together <= 1, "agents that ran beside each other")
            #expect(looks.agents == [successor])
            #expect(try KernelTables.lockHolders(lane.node.state + "/agent.lock") == [successor])
            #expect(try lane.node.evidence().pid == successor)
            #expect(try lane.node.evidence().release == 2)

            lane.hub.goOn()
            lane.removeHold()
            try lane.judge(attempt)
        } catch {
            lane.hub.goOn()
            throw lane.explained(error, "supervisor killed while its agent hung in a call")
        }
    }

    /// The same while it starts: before it has taken in what the journal says.
    @Test func anAgentThatStillStartsLeavesWithItsSupervisor() throws {
        let lane = try KillLane()
        let place = "agent.committing.onTrial"
        do {
            try lane.restart(holdingAfter: place)
            var attempt = try lane.begin(sick: false)
            try lane.awaitHold(place)
            // Waits until nobody is left.
            try lane.strike(.supervisor, &attempt)
            try lane.judge(attempt)
        } catch {
            throw lane.explained(error, "supervisor killed while its agent started")
        }
    }
}

/// Looks at a node's agents again and again. One look takes time in which one may end and another begin, so only those that two looks saw
/// ran beside each other.
private struct AgentLooks {
    let node: TestNode
    private(set) var agents: Set<Int32> = []
    private(set) var together = 0

    init(node: TestNode) { self.node = node }

    mutating func look() {
        let seen = Set(node.processes.filter { $0.command.dropFirst().first == "run" }.map(\.pid))
        together = max(together, seen.intersection(agents).count)
        agents = seen
    }
}
