import Glibc
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging

/// How the hub listens: limits of connections, TLS, and the watch over requests.
struct HubListener {
    let options: ServeOptions
    let logger: Logger
    private let tls: TLSConfiguration?

    /// Reads certificate and key, and tries them.
    init(options: ServeOptions, logger: Logger) throws {
        self.options = options
        self.logger = logger
        tls = try options.tls.map { try Self.configuration($0) }
    }

    /// The connections of one address, counted by this meter.
    func server(_ meter: HubMeter) throws -> HTTPServerBuilder {
        let watch = RequestWatch(meter: meter, logger: logger, slow: options.slow)
        let limits = boundedLimits()
        let plain = HTTPServerBuilder { [logger] responder in
            let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100)
            let base = HTTP1Channel(responder: watch.around(responder), configuration: .init(httpDecoderConfiguration: decoder))
            return GuardedChannel(base: base, sendBufferBytes: limits.sendBufferBytes) {
                ConnectionGuard(limits: limits, meter: meter, logger: logger)
            }
        }
        guard let tls else { return plain }
        return try .tls(plain, tlsConfiguration: tls)
    }

    /// The address, with the bound on connections.
    func configuration(_ host: String, _ port: Int) -> ApplicationConfiguration {
        .init(
            address: .hostname(host, port: port), backlog: 1024,
            availableConnectionsDelegate: MaximumAvailableConnections(boundedLimits().connectionsMax, logger: logger))
    }

    /// A second address with these routes alone.
    /// - Parameter opened: Called once requests are taken there.
    func application(
        _ routes: [Route], on address: (host: String, port: Int), opened: @escaping @Sendable () async -> Void
    ) throws -> Application<HubResponder> {
        let meter = HubMeter()
        return Application(
            responder: HubResponder(routes: routes, meter: meter, logger: logger), server: try server(meter),
            configuration: configuration(address.host, address.port),
            onServerRunning: { [logger] channel in
                let place = "\(address.host):\(channel.localAddress?.port ?? address.port)"
                logger.notice("/health and /metrics are served", metadata: ["address": "\(place)"])
                await opened()
            },
            logger: logger)
    }

    /// As many connections as the system gives files for: one each, and one more for what it may download.
    private func boundedLimits() -> ConnectionLimits {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limits = options.limits
        var files = rlimit()
        guard getrlimit(resource, &files) == 0 else { return limits }
        files.rlim_cur = files.rlim_max
        if setrlimit(resource, &files) != 0 { getrlimit(resource, &files) }
        limits.connectionsMax = min(limits.connectionsMax, max(16, (Int(clamping: files.rlim_cur) - 128) / 2))
        return limits
    }

    private static func configuration(_ tls: (certificate: String, key: String)) throws -> TLSConfiguration {
        let files = "cannot use the certificate '\(tls.certificate)' with the key '\(tls.key)'"
        var configuration: TLSConfiguration
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(tls.certificate)
            let key = try NIOSSLPrivateKey(file: tls.key, format: .pem)
            configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        } catch {
            throw ServeFailure("\(files): \(error); both must be PEM files")
        }
        configuration.minimumTLSVersion = .tlsv12
        do {
            // Nobody is served by this one: it shows before anything is opened whether they fit together.
            _ = try TLSChannel(HTTP1Channel(responder: { _, _, _ in }), tlsConfiguration: configuration)
        } catch {
            throw ServeFailure("\(files): the key does not belong to the certificate (\(error))")
        }
        return configuration
    }
}
