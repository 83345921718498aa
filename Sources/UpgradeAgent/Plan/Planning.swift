import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The procedure that plans. Where an Open Horizon agent beside us is upgraded, it is asked first who it is, and dpkg what is installed: somebody
/// may have upgraded it since.
struct Planning {
    private enum Phase {
        case looking(HorizonAgent, Interview)
        case planning(Planner)
    }

    private let make: (PerComponent<String>?) -> Planner
    private var phase: Phase

    /// - Parameters:
    ///   - horizon: nil where this agent upgrades itself.
    ///   - make: gets the versions that were found, nil for this agent's own.
    init(_ horizon: HorizonAgent?, commands: any CommandRunner, make: @escaping (PerComponent<String>?) -> Planner) {
        self.make = make
        phase = horizon.map { .looking($0, Interview(commands: commands)) } ?? .planning(make(nil))
    }

    /// One question or one call to the hub.
    mutating func step() throws(ProcedureFailure) -> Step<Planner.Outcome> {
        switch phase {
        case .planning(var planner):
            defer { phase = .planning(planner) }
            return try planner.step()
        case .looking(let agent, var interview):
            let step: Step<PerComponent<String>>
            do { step = try interview.step { try agent.versions(&$0) } } catch {
                throw ProcedureFailure(.final(.precheckFailed), "\(error)")
            }
            phase = .looking(agent, interview)
            switch step {
            case .again: return .again
            case .sleep(let time): return .sleep(time)
            case .await(let id): return .await(id)
            case .done(let versions):
                _ = try agent.identity()
                phase = .planning(make(versions))
                return .again
            }
        }
    }
}
