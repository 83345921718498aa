import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Makes the procedures of a job with what they need from this node.
struct Procedures: Sendable {
    let ports: AgentPorts
    let registrar: Registrar
    let release: ReleaseFacts
    let settings: Settings
    var meter = AgentMeter()

    /// What must hold before anything begins, on a node that may be in the middle of nowhere. Errors: what may pass.
    func checkSurroundings() throws(ProcedureFailure) {
        let minimum = Int(settings.number(.batteryMinimum))
        let objection =
            SurroundingsRule.objection(toClock: ports.clock.now(), built: release.descriptor?.built)
            ?? SurroundingsRule.objection(toPower: ports.power.state(), minimum: minimum)
            ?? SurroundingsRule.objection(toPackageLockHeld: ports.packageLock.isHeld, strategy: strategy)
        if let objection { throw ProcedureFailure(.notYet, objection) }
        do {
            if let objection = try horizon?.objection() { throw ReleaseError(objection) }
        } catch {
            throw ProcedureFailure(.final(.precheckFailed), "\(error)")
        }
    }

    private var horizon: HorizonAgent? { ports.horizon(settings) }

    private var strategy: InstallStrategy? { horizon == nil ? release.descriptor?.strategy : .script }

    /// Length of the database that the installer copies.
    private var databaseBytes: Int64 {
        [Layout.database(release.number), Layout.databaseLog(release.number)].reduce(0) { sum, path in
            sum + (((try? ports.state.entry(path)) ?? nil)?.length ?? 0)
        }
    }

    func plan(_ run: RunID, _ terms: JobTerms, _ policy: PolicyID, _ snapshot: EngineSnapshot) throws(ProcedureFailure) -> Worker.Procedure
    {
        let (client, identity) = try hub()
        let facts = snapshot.jobs[policy]?.facts
        let node = PlanningNode(
            org: identity.org, current: release.versions, operatingSystem: ports.machine.properties.operatingSystem,
            architecture: ports.machine.properties.architecture, softwareFloor: snapshot.keys[.softwareFloor] ?? "",
            scheduled: facts?.scheduled ?? ports.clock.now(), others: others(than: policy, snapshot))
        var here = node
        here.isContainerized = ports.machine.properties.isContainerized
        here.allowsDowngrade = settings.flag(.allowDowngrade)
        if facts?.insists != true { here.failedVersions = snapshot.keys.failedVersions }
        let state = ports.state
        let (trust, database) = (ports.trust, databaseBytes)
        return .plan(
            run,
            Planning(horizon, commands: ports.commands) { [here] installed in
                var node = here
                if let installed {
                    node.current = installed
                    // What was committed is of this agent's own numbers.
                    node.softwareFloor = ""
                }
                return Planner(
                    terms: terms, node: node, client: client, trust: trust,
                    databaseBytes: database, freeBytes: { () throws(FileError) -> Int64 in try state.freeBytes() })
            })
    }

    func fetch(_ run: RunID, _ plan: JobPlan) throws(ProcedureFailure) -> Worker.Procedure {
        let (client, _) = try hub()
        let fetch = FetchPorts(
            tree: ports.state, transfer: MeteredTransfer(real: ports.transfer, meter: meter), trust: ports.trust, client: client,
            lowSpeedTime: settings.seconds(.lowSpeedLimit), timeout: settings.seconds(.downloadTimeout))
        let hooks = Hooks(
            tree: ports.state, stateFolder: ports.stateFolder, runner: ports.commands, clock: ports.clock,
            settings: ports.reader.hooks(settings))
        return .fetch(
            run,
            HookedFetch(
                Fetcher(ticket: run.ticket, plan: plan, ports: fetch), ticket: run.ticket, release: release, hooks: hooks))
    }

    func unpack(_ run: RunID, _ plan: JobPlan, _ facts: JobFacts?) throws(ProcedureFailure) -> Worker.Procedure {
        let beside = horizon.map { (agent: $0, overwrites: facts?.terms.allowDowngrade == true && settings.flag(.allowDowngrade)) }
        let wayBack =
            strategy == .deb || beside != nil
            ? WayBack(ticket: run.ticket, release: release.number, ports: ports.wayBack, horizon: beside) : nil
        guard let software = plan.files.first(where: { $0.component == .software }) else {
            return .unpack(run, beside == nil ? nil : Unpacking(nil, wayBack: wayBack))
        }
        guard let current = release.descriptor else {
            throw ProcedureFailure(
                .final(.precheckFailed), "the running program belongs to no package; install one with `upliftd install --first`")
        }
        let expected = DescriptorRule.Expectation(
            name: beside == nil ? current.name : HorizonAgent.word, version: software.version,
            architecture: ports.machine.properties.architecture, strategy: beside == nil ? current.strategy : .script,
            system: ports.machine.system, agentVersion: current.version)
        let unpacker = Unpacker(
            package: Layout.verified(run.ticket).appending(software.localName), staged: Layout.staged(run.ticket),
            list: Layout.job(run.ticket).appending("files.list"), expected: expected, databaseBytes: databaseBytes,
            ports: UnpackPorts(tree: ports.state, archive: ports.archive, trust: ports.trust))
        return .unpack(run, Unpacking(unpacker, wayBack: wayBack))
    }

    func askTurn(_ run: RunID, _ policy: PolicyID, _ engine: Engine) throws(ProcedureFailure) -> Worker.Procedure {
        let (client, _) = try hub()
        let request = TurnRequest(
            policy: policy, knownGroup: engine.value(.group), client: client,
            isWanted: { engine.snapshot.jobs[policy]?.ticket == run.ticket },
            isOwing: { engine.outbox.contains { $0.policy == policy } })
        return .askTurn(run, request)
    }

    private func hub() throws(ProcedureFailure) -> (any ExchangeClient, Identity) {
        guard let client = registrar.client, let identity = registrar.identity else {
            throw ProcedureFailure(.transient(retryAfter: nil), "the node is not registered")
        }
        return (client, identity)
    }

    /// What other policies have decided, for the downgrade rule (contract 4.6).
    private func others(than policy: PolicyID, _ snapshot: EngineSnapshot) -> [UpgradeNeedRule.OtherUpgrade] {
        snapshot.jobs.compactMap { id, state in
            guard id != policy, let facts = state.facts, !facts.versions.isEmpty else { return nil }
            return UpgradeNeedRule.OtherUpgrade(
                scheduled: facts.scheduled,
                versions: PerComponent(
                    software: facts.versions[.software] ?? "", configuration: facts.versions[.configuration] ?? "",
                    certificate: facts.versions[.certificate] ?? ""))
        }
    }
}
