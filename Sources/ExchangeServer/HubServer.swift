import ExchangeModel
import Glibc
import Hummingbird
import Logging
import NIOCore
import UpgradeModel
import UpgradeWire

/// The hub as a server: opens what it keeps, binds, and answers until it is told to stop.
package struct HubServer: Sendable {
    private let options: ServeOptions
    private let logger: Logger

    /// Nothing is opened yet.
    package init(options: ServeOptions, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    /// Runs until SIGTERM, SIGINT or cancellation; requests under way get the grace time.
    /// - Parameter ready: Called with the port once requests are taken.
    /// - Throws: ``ServeFailure`` and others, each with a sentence for people, when the start fails.
    package func run(ready: @escaping @Sendable (Int) -> Void) async throws {
        if options.rootPassword.isEmpty {
            throw ServeFailure("the password of root/root is missing: set the environment variable EXCHANGE_ROOT_PW")
        }
        let folder = try HubFolder(path: options.root)
        let lock = try folder.lock()
        defer { withExtendedLifetime(lock) {} }
        try CopiedFolder(options.root).requireWhole()
        let store = try SQLiteHubStore(path: folder.database)
        let identities = try Identities(
            store: store, serverSecret: try folder.serverSecret(), rootPassword: options.rootPassword, limits: options.logins,
            logger: logger)
        let files = try ObjectFiles(folder: folder.objects, limits: options.objects)
        let now = options.clock ?? { Self.present() }
        let watch = FleetWatch(store: store, options: options.watch, now: now, logger: logger)
        let hub = Hub(
            store: store, files: files, identities: identities, now: now, watch: watch,
            selfReports: SelfReports(interval: options.watch.interval), logger: logger)
        let outcome: Result<Void, any Error>
        do {
            try await hub.prepare()
            await watch.begin()
            let watching = Task { await watch.run() }
            let keeping = Task { await OperationKeeper(store: store, now: now, logger: logger).run() }
            defer {
                watching.cancel()
                keeping.cancel()
            }
            try await listen(hub, ready: ready)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await identities.close()
        await files.close()
        await store.close()
        try outcome.get()
    }

    private func listen(_ hub: Hub, ready: @escaping @Sendable (Int) -> Void) async throws {
        let start = StartWatch(portFile: options.portFile, ready: ready)
        let application = try application(hub, start)
        let running = Task { [stopsOnSignals = options.stopsOnSignals] in
            if stopsOnSignals { try await application.runService() } else { try await application.run() }
        }
        await start.arm { running.cancel() }
        let deadline =
            options.stopsOnSignals
            ? StopDeadline(grace: options.grace) {
                hub.identities.refuseWaiting()
                running.cancel()
            } : nil
        defer { deadline?.disarm() }
        let outcome = await withTaskCancellationHandler {
            await running.result
        } onCancel: {
            running.cancel()
        }
        if let error = await start.failure { throw error }
        guard case .failure(let error) = outcome, !(error is CancellationError) else { return }
        if await start.isReady { throw error }
        throw cannotListen(error, areOthersOpen: await start.areOthersOpen)
    }

    /// The addresses are opened one after the other, the hub's own last, so the first one that is not open is the one that failed.
    private func cannotListen(_ error: any Error, areOthersOpen: Bool) -> ServeFailure {
        let (host, port) = areOthersOpen ? (options.host, options.port) : options.metricsListen ?? (options.host, options.port)
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        return ServeFailure("cannot listen on \(host.contains(":") ? "[\(host)]" : host):\(port): \(reason)")
    }

    private func application(_ hub: Hub, _ start: StartWatch) throws -> Application<HubResponder> {
        let meter = HubMeter()
        let operation = OperationRoutes(hub: hub, meter: meter, isPublic: options.metricsListen != nil)
        let listener = try HubListener(options: options, logger: logger)
        let others = try [options.metricsListen].compactMap { $0 }.map { address in
            try listener.application(operation.routes, on: address) { await start.noteOthersOpen() }
        }
        var application = Application(
            responder: HubResponder(
                routes: (others.isEmpty ? operation.routes : []) + hub.routes(partsMax: options.partsMax), meter: meter, logger: logger),
            server: try listener.server(meter), configuration: listener.configuration(options.host, options.port), services: others,
            onServerRunning: { await start.noteOpen(port: $0.localAddress?.port ?? 0) }, logger: logger)
        if !others.isEmpty { application.beforeServerStarts { try await start.waitForOthers() } }
        return application
    }

    static func present() -> UTCInstant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UTCInstant(secondsSinceEpoch: Int64(time.tv_sec), nanoseconds: Int32(clamping: time.tv_nsec))
    }
}
