import ArgumentParser
import NIOCore
import NIOPosix
import Synchronization

/// Answers a second over connections that stay open, each with its next request as soon as the last was answered.
struct LoadBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Put load on a server of this machine, as packaging/bench exchange does.", shouldDisplay: false)

    @Argument(help: "The requests (JSON).")
    var plan: String

    @Option(help: "Port at 127.0.0.1.")
    var port: Int

    @Option(help: "How many connections at once.")
    var connections = 1

    @Option(help: "How long it is measured, after a fifth of that which is not.")
    var seconds = 2.0

    func run() async throws {
        let plan = try LoadPlan(file: plan)
        let tally = SharedTally()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let begin = NIODeadline.now() + .nanoseconds(Int64(seconds * 0.2e9))
        let window = begin..<(begin + .nanoseconds(Int64(seconds * 1e9)))
        let requests = plan.bytes
        let bootstrap = ClientBootstrap(group: group).channelOption(.tcpOption(.tcp_nodelay), value: 1)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for index in 0..<connections {
                let channel = try await bootstrap.channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let first = index * requests.count / connections
                        try channel.pipeline.syncOperations.addHandler(
                            LoadClient(requests, status: plan.status, first: first, window: window, tally: tally))
                    }
                }.connect(host: "127.0.0.1", port: port).get()
                tasks.addTask { try await channel.closeFuture.get() }
            }
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
        print(try LoadFigures(tally.value, seconds: seconds).json())
    }
}

/// A tally that all clients write to.
final class SharedTally: Sendable {
    private let tally = Mutex(LoadTally())

    var value: LoadTally { tally.withLock { $0 } }

    /// Changes it.
    func change(_ body: (inout LoadTally) -> Void) { tally.withLock { body(&$0) } }
}
