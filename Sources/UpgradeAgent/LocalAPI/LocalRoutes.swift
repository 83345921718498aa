import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The agent's local routes. Transport, doors and peers are the server's business; here a request becomes an answer.
/// Source: contract 3; issue of the first cut for what is left out.
struct LocalRoutes: LocalAPIHandler {
    let parts: AgentDaemon.Parts

    func respond(to request: LocalRequest) -> LocalResponse {
        do {
            return try route(request)
        } catch let refusal as Refusal {
            return .error(409, refusal.description, input: "management")
        } catch {
            return .text(500, "\(error)")
        }
    }

    private func route(_ request: LocalRequest) throws -> LocalResponse {
        switch request.path {
        case ["node"]:
            return try request.only(["GET": { nodeAnswer() }, "POST": { try register(request) }, "DELETE": { try unregister() }])
        case ["node", "configstate"]:
            return try request.only(["GET": { configState() }, "PUT": { try configure(request) }])
        case ["status"]: return try request.only(["GET": { statusAnswer() }])
        case ["eventlog"], ["eventlog", "all"]: return try request.only(["GET": { try eventLog() }])
        case ["nodemanagement", "status"]: return try request.only(["GET": { statuses(nil) }])
        case ["nodemanagement", "nextjob"]: return try request.only(["GET": { nextJob(request) }])
        case ["nodemanagement", "reset"]: return try request.only(["PUT": { try resetAll() }])
        case ["nodemanagement", "hold"]:
            return try request.only(["GET": { holdAnswer() }, "PUT": { try hold(request) }, "DELETE": { try release(request) }])
        case ["ping"]: return try request.only(["GET": { ping() }])
        case ["getStatus"]: return try request.only(["GET": { health() }])
        case ["metrics"]: return try request.only(["GET": { metrics() }])
        case ["opstatus"]: return try request.only(["GET": { try operations(request) }])
        case ["opstatus", "latest"]: return try request.only(["GET": { try latestOperations() }])
        case ["opstatus", "purge"]: return try request.only(["POST": { try purgeOperations() }])
        case ["upgrade", "evidence"]: return try request.only(["GET": { .json(200, evidence()) }])
        case ["upgrade", "probe"]: return try request.only(["POST": { probe() }])
        case ["upgrade", "nudge"]: return try request.only(["POST": { nudge() }])
        case ["upgrade", "trial-note"]: return try request.only(["POST": { takeNote(request) }])
        case ["upgrade", "give-back"]: return try request.only(["POST": { try giveBack(request) }])
        default: return try policyRoute(request)
        }
    }

    /// `…/status/{nmp}`, `…/status/{org}/{nmp}`, and the same below `reset`.
    private func policyRoute(_ request: LocalRequest) throws -> LocalResponse {
        let path = request.path
        if path.count == 2, path[0] == "opstatus" { return try request.only(["GET": { try operation(path[1]) }]) }
        guard (3...4).contains(path.count), path[0] == "nodemanagement" else { return notFound(request) }
        let org = path.count == 4 ? path[2] : parts.registrar.identity?.org ?? ""
        let policy = PolicyID(org: org, name: path[path.count - 1])
        switch path[1] {
        case "status": return try request.only(["GET": { statuses(policy) }, "PUT": { statusFromOutside() }])
        case "reset": return try request.only(["PUT": { try reset(policy) }])
        default: return notFound(request)
        }
    }

    private func notFound(_ request: LocalRequest) -> LocalResponse {
        .error(404, "there is no /\(request.path.map { VisibleText.escaping($0) }.joined(separator: "/")) here", input: "path")
    }

    // MARK: Upgrade status

    private func statuses(_ policy: PolicyID?) -> LocalResponse {
        guard parts.registrar.identity != nil else {
            return .error(
                404,
                "Exchange registration not recorded. Complete account and device registration with an exchange and then record node registration using this API's /node path.",
                input: "management")
        }
        var jobs = parts.engine.snapshot.jobs
        if let policy {
            guard let job = jobs[policy] else { return .error(404, "The nmp \(policy) cannot be found", input: "management") }
            jobs = [policy: job]
        }
        return .json(200, keyed(jobs))
    }

    private func keyed(_ jobs: [PolicyID: JobState]) -> [String: some Encodable] {
        let (snapshot, folder) = (parts.engine.snapshot, parts.ports.stateFolder)
        return Dictionary(
            uniqueKeysWithValues: jobs.map { policy, state in
                (policy.text, state.document(stateFolder: folder, hold: snapshot.keys.hold, health: snapshot.health[policy]))
            })
    }

    /// The old cron job asks for `ready=true`: it must find nothing to install beside us. Source: issue, item 11.
    private func nextJob(_ request: LocalRequest) -> LocalResponse {
        let type = request.value("type") ?? ""
        let ready = request.value("ready") ?? ""
        guard ["", "agentUpgrade"].contains(type), ["", "true", "false"].contains(ready) else {
            return .text(
                500,
                "type is '\(VisibleText.escaping(type))' and ready '\(VisibleText.escaping(ready))'; expected agentUpgrade and true or false"
            )
        }
        if ready == "true" { return .json(200, [String: String]()) }
        let candidates = parts.engine.snapshot.jobs.filter { ready.isEmpty || $0.value.status == .waiting }
        let earliest = candidates.compactMap { job in job.value.facts.map { (job.key, $0.scheduled) } }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }
        guard let earliest, let state = candidates[earliest.0] else { return .json(200, [String: String]()) }
        return .json(200, keyed([earliest.0: state]))
    }

    /// A status comes from this agent's own journal, never from outside (deviation: the reference takes any word).
    private func statusFromOutside() -> LocalResponse {
        .error(
            409, "statuses of this agent come from its own journal and cannot be set; use reset to run a policy again", input: "management")
    }

    private func resetAll() throws -> LocalResponse {
        let known = parts.engine.snapshot.jobs.keys.sorted()
        parts.hub.wake(evaluate: true)
        let done = try parts.engine.reset(known)
        after()
        switch done.count {
        case 0: return .json(201, "No nmp status found")
        case 1: return .json(201, "Updated the status for NMP \(done[0]).")
        default: return .json(201, "Updated the status for NMPs \(done.map(\.text).joined(separator: ",")).")
        }
    }

    private func reset(_ policy: PolicyID) throws -> LocalResponse {
        guard parts.engine.snapshot.jobs[policy] != nil else {
            return .error(404, "The nmp \(policy) cannot be found", input: "management")
        }
        // Policies are read anew first: what a person edited before the reset must be what runs.
        parts.hub.wake(evaluate: true)
        _ = try parts.engine.reset([policy])
        after()
        return .json(201, "Updated status for NMP \(policy).")
    }

    func after() {
        parts.deeds.bell.ring()
        parts.hub.wake()
    }

    private func eventLog() throws -> LocalResponse {
        let rows = try parts.store.events(max: 500).reversed()
        return .json(
            200,
            rows.enumerated().map { index, row in
                EventDocument(
                    record_id: String(index + 1), timestamp: row.at.secondsSinceEpoch, severity: row.severity, message: row.message,
                    event_code: row.code)
            })
    }

    // MARK: For the installer

    func evidence() -> AgentEvidence {
        let started = parts.health.startedSinceBoot.components
        return AgentEvidence(
            bootID: parts.ports.clock.bootID, pid: parts.ports.machine.pid, startedSinceBoot: Double(started.seconds),
            release: parts.release.number, version: parts.release.software, ticket: parts.trialTicket?.text, databaseTrouble: "")
    }

    private func probe() -> LocalResponse {
        .json(
            200,
            HubProbe(reader: parts.ports.reader, identity: IdentityFile(tree: parts.ports.state), connector: parts.ports.connector)
                .probe(release: parts.release.number))
    }

    private func nudge() -> LocalResponse {
        parts.deeds.bell.ring()
        return .json(200, "ok")
    }

    private func takeNote(_ request: LocalRequest) -> LocalResponse {
        guard let note: TrialNote = request.decoded() else { return .error(400, "expected ticket, reason and nextProbe", input: "body") }
        parts.trialNote.set(note)
        return .json(200, "ok")
    }

    private func giveBack(_ request: LocalRequest) throws -> LocalResponse {
        guard let note: GiveBackDocument = request.decoded(), let ticket = Ticket(note.ticket) else {
            return .error(400, "expected {\"ticket\":…,\"reason\":…}", input: "body")
        }
        parts.deeds.add(.giveBack(ticket, reason: note.reason))
        return .json(200, "ok")
    }
}
