import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Who the node is, and how it is doing.
extension LocalRoutes {
    func nodeAnswer() -> LocalResponse {
        let identity = parts.registrar.identity
        let isConfigured = identity?.standing == .configured
        let pattern = isConfigured ? parts.hub.contact.pattern : ""
        return .json(
            200,
            NodeAnswerDocument(
                id: identity?.node ?? "", organization: identity?.org ?? "", pattern: pattern.isEmpty ? identity?.pattern ?? "" : pattern,
                name: identity?.node ?? "", nodeType: "device",
                token_last_valid_time: UInt64(max(0, identity?.changed.secondsSinceEpoch ?? 0)),
                token_valid: isConfigured && parts.hub.contact.trouble != "credentials refused",
                ha_group: parts.engine.snapshot.keys[.group] ?? "",
                configstate: configDocument()))
    }

    func configState() -> LocalResponse { .json(200, configDocument()) }

    private func configDocument() -> ConfigStateDocument {
        let identity = parts.registrar.identity
        let state =
            switch identity?.standing {
            case nil: "unconfigured"
            case .configuring: "configuring"
            case .configured: "configured"
            }
        return ConfigStateDocument(state: state, last_update_time: UInt64(max(0, identity?.changed.secondsSinceEpoch ?? 0)))
    }

    func register(_ request: LocalRequest) throws -> LocalResponse {
        try refuseOnTrial()
        guard let body: NodeRequestBody = request.decoded() else {
            return .error(400, "expected {\"id\":…,\"organization\":…,\"token\":…,\"pattern\":…}", input: "node")
        }
        try parts.registrar.begin(org: body.organization ?? "", node: body.id ?? "", token: body.token ?? "", pattern: body.pattern ?? "")
        return nodeAnswer().with(status: 201)
    }

    func configure(_ request: LocalRequest) throws -> LocalResponse {
        try refuseOnTrial()
        guard let body: ConfigStateBody = request.decoded(), body.state == "configured" else {
            return .error(400, "expected {\"state\":\"configured\"}", input: "configstate.state")
        }
        do {
            try parts.registrar.complete()
        } catch let failure as TransferFailure {
            return .error(400, "the exchange does not take this node: \(failure)", input: "configstate.state")
        }
        parts.hub.wake(evaluate: true)
        return configState().with(status: 201)
    }

    /// Jobs vanish on both sides as far as the exchange can be reached; a job in the installer's hands has to come back first.
    func unregister() throws -> LocalResponse {
        try parts.hub.alone { try forget() }
    }

    private func forget() throws -> LocalResponse {
        try refuseOnTrial()
        for policy in parts.engine.snapshot.jobs.keys.sorted() {
            try parts.engine.handle(policy, .unmatched(reason: "the node is unregistered"))
        }
        guard parts.engine.snapshot.jobs.isEmpty else {
            throw Refusal("an installation is being cancelled: try again in a moment")
        }
        if let client = parts.registrar.client {
            _ = try Outbox(client: client, engine: parts.engine, clock: parts.ports.clock).drain()
        }
        let untold = try parts.registrar.forget()
        try parts.engine.record([.forgetAll, .set(.nextChange, nil), .set(.resetsTaken, nil)])
        after()
        return .json(200, untold.map { "Unregistered. The exchange could not be told: \($0)" } ?? "Unregistered.")
    }

    func refuseOnTrial() throws {
        if parts.engine.snapshot.isRestricted {
            throw Refusal("an upgrade is on trial; until it is committed or rolled back nothing can be changed: try again later")
        }
    }

    func statusAnswer() -> LocalResponse {
        let snapshot = parts.engine.snapshot
        let contact = parts.hub.contact
        var settings: [String: SettingDocument] = [:]
        for key in SettingKey.allCases {
            settings[key.rawValue] = SettingDocument(value: shown(parts.settings[key].value), source: parts.settings[key].source)
        }
        return .json(
            200,
            StatusAnswerDocument(
                configuration: .init(
                    exchange_api: shown(parts.hubAddress.exchangeURL), exchange_version: "", required_minimum_exchange_version: "2.124.0",
                    preferred_exchange_version: "2.126.1", mms_api: shown(parts.hubAddress.objectsURL),
                    architecture: parts.ports.machine.properties.architecture, horizon_version: parts.versions.software,
                    cert_file_version: parts.versions.certificate, config_file_version: parts.versions.configuration),
                liveHealth: .init(lastGoodContact: contact.lastGood?.rfc3339(), trouble: parts.registrar.trouble ?? contact.trouble),
                uplift: .init(
                    release: parts.release.number, onTrial: parts.trialTicket != nil && snapshot.isRestricted,
                    restricted: snapshot.isRestricted, trialNote: snapshot.isRestricted ? parts.trialNote.value : nil,
                    databaseLost: snapshot.keys[.databaseLost], hold: HoldDocument(snapshot.keys.hold),
                    softwareFloor: snapshot.keys[.softwareFloor] ?? "", outbox: snapshot.outbox.count,
                    undeliverable: snapshot.undeliverable.map(UndeliverableDocument.init),
                    pollSeconds: Double(contact.interval.components.seconds), counters: snapshot.counters, settings: settings,
                    settingsMistakes: parts.settings.mistakes, settingsOverridden: parts.overridden)))
    }

    /// Every local user may read this: a name and password in an address are none of theirs.
    private func shown(_ address: String) -> String {
        guard let colon = address.firstIndex(of: ":"), address[colon...].hasPrefix("://"), let at = address.lastIndex(of: "@"), at > colon
        else {
            return address
        }
        return "\(address[..<colon])://***@\(address[address.index(after: at)...])"
    }
}
