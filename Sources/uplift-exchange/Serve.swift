import ArgumentParser
import ExchangeServer
import Glibc
import Logging

/// `uplift-exchange serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the Exchange REST API and the CSS objects until SIGTERM or SIGINT.",
        discussion: """
            The Exchange is at http://HOST:PORT/v1 (HZN_EXCHANGE_URL), the CSS at http://HOST:PORT (HZN_FSS_CSSURL).
            The user root/root has the password in the environment variable EXCHANGE_ROOT_PW, which must be set.
            Everything is kept in DIR: exchange.db, server.secret and objects/. Copy all three for a backup.

            Example:
              EXCHANGE_ROOT_PW=secret uplift-exchange serve --root /var/lib/uplift-exchange --listen 127.0.0.1:8080
            """)

    @Option(help: ArgumentHelp("The folder that holds the hub's state; made if missing.", valueName: "dir"))
    var root: String

    @Option(help: ArgumentHelp("Where to listen; port 0 takes any free port.", valueName: "host:port"))
    var listen: String

    @Option(help: ArgumentHelp("Write the port here (decimal, newline) once requests are taken.", valueName: "file"))
    var portFile: String?

    @Option(help: ArgumentHelp("How much to log: trace, debug, info, notice, warning, error, critical.", valueName: "level"))
    var logLevel: String = "notice"

    func validate() throws {
        if Logger.Level(rawValue: logLevel) == nil { throw ValidationError("unknown log level '\(logLevel)'") }
        if address == nil { throw ValidationError("--listen must be HOST:PORT with a port from 0 to 65535, found '\(listen)'") }
    }

    private var address: (host: String, port: UInt16)? {
        guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]) else { return nil }
        let host = listen[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        return host.isEmpty ? nil : (String(host), port)
    }

    func run() async throws {
        guard let address else { return }
        var logger = Logger(label: "uplift-exchange", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .notice
        let password = getenv("EXCHANGE_ROOT_PW").map { String(cString: $0) } ?? ""
        let options = ServeOptions(root: root, host: address.host, port: Int(address.port), portFile: portFile, rootPassword: password)
        // The parser prints what is thrown as one line and exits with 1.
        try await HubServer(options: options, logger: logger).run { port in
            print("uplift-exchange listens on http://\(listen[..<(listen.lastIndex(of: ":") ?? listen.endIndex)]):\(port)")
            fflush(nil)
        }
    }
}
