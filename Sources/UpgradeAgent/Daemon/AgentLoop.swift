import UpgradePorts

/// What one of the agent's loops says after one bounded piece of work. Source: architecture, "Steppers".
package enum LoopStep: Sendable {
    /// Call again at once.
    case again
    /// Call again when the loop's bell rings, or after this long; nil = only then.
    case wait(atMost: Duration?)
    /// Call again when the transfer has something to say.
    case await(TransferID)
    /// Not again.
    case over
}

/// One of the agent's loops: on a node a thread of its own, in a simulation one of many on a heap of virtual instants.
package struct AgentLoop: Sendable {
    /// For debuggers and traces.
    package let name: String
    /// What wakes it.
    package let bell: any Bell
    /// One piece of work.
    package let step: @Sendable () -> LoopStep
}

extension AgentLoop {
    /// The thread's body.
    func run(_ transfer: any Transfer) {
        while true {
            switch step() {
            case .again: break
            case .wait(let time): bell.wait(atMost: time)
            case .await(let id): transfer.wait(id, atMost: .seconds(1))
            case .over: return
            }
        }
    }
}
