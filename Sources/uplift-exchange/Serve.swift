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
            Everything is kept in DIR. A running hub writes there all the time: copy it with 'uplift-exchange backup', not with cp.
            /health and /metrics need no credentials; without --metrics-listen only this machine sees them.

            Example:
              EXCHANGE_ROOT_PW=secret uplift-exchange serve --root /var/lib/uplift-exchange --listen 127.0.0.1:8080
            """)

    @Option(help: ArgumentHelp("The folder that holds the hub's state; made if missing.", valueName: "dir"))
    var root: String

    @Option(help: ArgumentHelp("Where to listen; port 0 takes any free port.", valueName: "host:port"))
    var listen: HubAddress

    @Option(help: ArgumentHelp("Write the port here (decimal, newline) once requests are taken.", valueName: "file"))
    var portFile: String?

    @Option(help: ArgumentHelp("Serve /health and /metrics here, to everybody who can connect.", valueName: "host:port"))
    var metricsListen: HubAddress?

    @Option(help: ArgumentHelp("Serve HTTPS with this certificate and its chain (PEM); needs --tls-key.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The private key of the certificate (PEM, without a password).", valueName: "file"))
    var tlsKey: String?

    @Option(help: ArgumentHelp("How long requests under way may go on after SIGTERM.", valueName: "seconds"))
    var grace: Int = 5

    @OptionGroup(title: "How the registered nodes are, for 'uplift fleet'")
    var watching: WatchArguments

    @Option(help: ArgumentHelp("How much to log: trace, debug, info (every request), notice, warning or error.", valueName: "level"))
    var logLevel: String = "notice"

    func validate() throws {
        if Logger.Level(rawValue: logLevel) == nil { throw ValidationError("unknown log level '\(logLevel)'") }
        if !(0...3600).contains(grace) { throw ValidationError("--grace must be 0 to 3600 seconds, found \(grace)") }
        if (tlsCertificate == nil) != (tlsKey == nil) { throw ValidationError("--tls-certificate and --tls-key need each other") }
    }

    func run() async throws {
        var logger = Logger(label: "uplift-exchange", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .notice
        let scheme = tlsKey == nil ? "http" : "https"
        // The parser prints what is thrown as one line and exits with 1.
        try await HubServer(options: options, logger: logger).run { [host = listen.host] port in
            print("uplift-exchange listens on \(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)")
            fflush(nil)
        }
    }

    private var options: ServeOptions {
        let password = getenv("EXCHANGE_ROOT_PW").map { String(cString: $0) } ?? ""
        var options = ServeOptions(root: root, host: listen.host, port: listen.port, portFile: portFile, rootPassword: password)
        options.grace = .seconds(grace)
        options.watch = watching.options
        options.metricsListen = metricsListen.map { ($0.host, $0.port) }
        if let tlsCertificate, let tlsKey { options.tls = (tlsCertificate, tlsKey) }
        return options
    }
}
