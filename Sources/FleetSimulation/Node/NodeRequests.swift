import Synchronization
import UpgradeModel
import UpgradePorts

/// What a person asks of a node at its own command line.
extension FleetNode {
    private static let triesMax = 240

    /// One local call, again each minute until the node does it.
    func ask(_ method: String, _ path: String, _ body: String = "", tries: Int = 1, done: @escaping @Sendable () -> Void = {}) {
        let agent = supervision.withLock { $0.agent }
        let answer = agent.flatMap { agent in
            agent.handler.flatMap { handler in
                live(agent.process) {
                    handler.respond(
                        to: LocalRequest(
                            method: method, path: path.split(separator: "/").map(String.init), body: Array(body.utf8),
                            door: .unixSocket(peer: PeerIdentity(uid: 0, gid: 0, pid: 1)), host: "localhost"))
                }
            }
        }
        watcher.note(self, "\(method) /\(path): \(answer.map { "\($0.status)" } ?? "nobody answers")")
        if let answer, answer.status < 300 { return done() }
        guard tries < FleetNode.triesMax else { return }
        timeline.at(clock.elapsed + .seconds(60)) { [self] in ask(method, path, body, tries: tries + 1, done: done) }
    }
}
