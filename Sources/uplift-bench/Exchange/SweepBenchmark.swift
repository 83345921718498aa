import ArgumentParser
import NIOCore
import NIOPosix

/// How long it takes until each of many connections, opened at once, has had a good answer; who gets none tries again.
struct SweepBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Ask once over each of many new connections, as packaging/bench exchange does.",
        shouldDisplay: false)

    @Argument(help: "The requests (JSON), one for each connection.")
    var plan: String

    @Option(help: "Port at 127.0.0.1.")
    var port: Int

    @Option(help: "Give up after so many seconds.")
    var limit = 300

    func run() async throws {
        let plan = try LoadPlan(file: plan)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (begin, retries) = (NIODeadline.now(), SharedTally())
        let end = begin + .seconds(Int64(limit))
        await withTaskGroup(of: Void.self) { tasks in
            for request in plan.bytes {
                tasks.addTask {
                    while NIODeadline.now() < end, await !ask(request, plan.status, group) {
                        retries.change { $0.failures += 1 }
                        try? await group.next().scheduleTask(in: .milliseconds(200)) {}.futureResult.get()
                    }
                }
            }
        }
        let seconds = Double((NIODeadline.now() - begin).nanoseconds) / 1e9
        try await group.shutdownGracefully()
        print(#"{"seconds":\#(seconds),"retries":\#(retries.value.failures)}"#)
    }

    /// True for a good answer; a client of the load generator that stops after the first one.
    private func ask(_ request: ByteBuffer, _ status: Int, _ group: MultiThreadedEventLoopGroup) async -> Bool {
        let tally = SharedTally()
        let now = NIODeadline.now()
        let channel = try? await ClientBootstrap(group: group).connectTimeout(.seconds(10)).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    LoadClient([request], status: status, first: 0, window: now..<(now + .seconds(60)), answersMax: 1, tally: tally))
            }
        }.connect(host: "127.0.0.1", port: port).get()
        try? await channel?.closeFuture.get()
        return tally.value.latencies.count == 1
    }
}
