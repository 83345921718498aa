import ArgumentParser
import FoundationEssentials
import Hummingbird

/// The least that a server can do with the hub's HTTP library: what the hub is measured against.
struct HelloServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hello", abstract: "Answer GET /hello with a word, until SIGTERM.", shouldDisplay: false)

    @Option(help: "Write the port here once requests are taken.")
    var portFile: String

    func run() async throws {
        let router = Router()
        router.get("hello") { _, _ in "hello\n" }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { [portFile] channel in
                try? Data("\(channel.localAddress?.port ?? 0)\n".utf8).write(to: URL(filePath: portFile), options: .atomic)
            })
        try await application.runService()
    }
}
