import Glibc
import UpgradeModel
import UpgradePorts

/// Starts and stops the agent's unit by `systemctl`, for an installer that is a service of its own. Source: systemctl(1).
package struct SystemdService: ServiceControl {
    /// The agent's unit.
    package static let unit = "upliftd.service"
    private static let properties = "ActiveState,SubState,Job,MainPID,ControlPID,ExecMainCode,ExecMainStatus,Result"

    private let program: String
    private let permit: StartPermit
    private let timeout: Duration

    /// - Parameters:
    ///   - program: absolute path of `systemctl`.
    ///   - timeout: longer than the unit's own time to stop.
    package init(program: String = "/usr/bin/systemctl", permit: StartPermit, timeout: Duration = .seconds(60)) {
        self.program = program
        self.permit = permit
        self.timeout = timeout
    }

    package func stopAgent() throws(ServiceFailure) {
        _ = permit.take()
        _ = try run(["stop", Self.unit])
    }

    package func startAgent() throws(ServiceFailure) {
        if case .running = try agent() { return }
        do { try permit.grant() } catch { throw ServiceFailure(.unavailable, error.explanation) }
        do {
            _ = try run(["start", "--no-block", Self.unit])
        } catch {
            _ = permit.take()
            throw error
        }
    }

    package func agent() throws(ServiceFailure) -> AgentProcess {
        let text = try run(["show", "--property=\(Self.properties)", Self.unit])
        guard let state = UnitState(shown: text) else {
            throw ServiceFailure(.unavailable, "asked \(program) for \(Self.unit), found '\(text)': expected its state")
        }
        return state.process
    }

    package func handOver(_ job: Ticket) throws(ServiceFailure) {
        throw ServiceFailure(.refused, "job \(job): an installer hands nothing over")
    }

    /// What it printed. Errors: it cannot be started or failed, which says nothing about the agent's program.
    private func run(_ arguments: [String]) throws(ServiceFailure) -> String {
        let what = "\(program) \(arguments.joined(separator: " "))"
        let running: RunningCommand
        do throws(SystemError) {
            running = try RunningCommand(
                Command(executable: program, arguments: arguments, directory: "/", environment: ["LC_ALL": "C"], timeout: timeout))
        } catch {
            throw ServiceFailure(.unavailable, "cannot start \(what): \(error.reason)")
        }
        running.watch()
        switch running.state {
        case .exited(0, let output): return output
        case .exited(let code, let output): throw ServiceFailure(.unavailable, "\(what): exit \(code) (\(output)); look at its journal")
        case .signalled(let signal, _): throw ServiceFailure(.unavailable, "\(what): signal \(signal)")
        case .timedOut, .running: throw ServiceFailure(.unavailable, "\(what): no answer within \(timeout)")
        }
    }
}
