import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// The exchange and CSS over HTTP, as one node. Source: contract 1 and 2.
package struct HTTPExchangeClient: ExchangeClient {
    private let http: any HTTPCaller
    private let hub: HubAddress
    private let org: String
    private let id: String
    private let credentials: Credentials

    /// Speaks as node `org/node`.
    package init(http: any HTTPCaller, hub: HubAddress, org: String, node: String, token: String) {
        self.http = http
        self.hub = hub
        self.org = org
        id = node
        credentials = Credentials(id: "\(org)/\(node)", secret: token)
    }

    package func node() throws(TransferFailure) -> NodeRecord {
        let document: NodesDocument = try get(HubPath.node(org, id))
        guard let node = document.nodes["\(org)/\(id)"] else {
            throw TransferFailure(.status(404), subject: HubPath.node(org, id), explanation: "the answer does not hold this node")
        }
        let intervals = intervals(of: node)
        return NodeRecord(
            pattern: node.pattern, pollMin: intervals.minInterval, pollMax: intervals.maxInterval,
            softwareVersions: node.softwareVersions.components, group: node.haGroup.flatMap { $0.isEmpty ? nil : $0 })
    }

    /// The node's own, else its org's (contract 1.6). An org that cannot be read tells none.
    private func intervals(of node: NodeDocument) -> HeartbeatIntervalsDocument {
        if node.heartbeatIntervals.minInterval > 0 { return node.heartbeatIntervals }
        let document: OrgsDocument? = try? getIfThere(HubPath.org(org))
        return document?.orgs[org]?.heartbeatIntervals ?? node.heartbeatIntervals
    }

    package func nodePolicy() throws(TransferFailure) -> NodePolicy {
        let document: NodePolicyDocument? = try getIfThere(HubPath.nodePolicy(org, id))
        return document?.model ?? NodePolicy()
    }

    package func putNodeProperties(_ properties: [Property]) throws(TransferFailure) {
        let stored: NodePolicyDocument? = try getIfThere(HubPath.nodePolicy(org, id))
        var policy = stored ?? NodePolicyDocument()
        policy.properties = properties.map { PropertyDocument($0) }
        try send("PUT", HubPath.nodePolicy(org, id), policy.asRequest)
    }

    package func policies() throws(TransferFailure) -> [NodeManagementPolicy] {
        let document: ManagementPoliciesDocument? = try getIfThere(HubPath.policies(org))
        var policies: [NodeManagementPolicy] = []
        for (name, policy) in document?.managementPolicy ?? [:] {
            if let id = PolicyID(name) { policies.append(policy.model(id)) }
        }
        return policies.sorted { $0.id < $1.id }
    }

    package func hasPolicy(_ policy: PolicyID) throws(TransferFailure) -> Bool {
        let document: ManagementPoliciesDocument? = try getIfThere(HubPath.policy(policy))
        return document?.managementPolicy[policy.text] != nil
    }

    package func statuses() throws(TransferFailure) -> [PolicyID: Status?] {
        let document: ManagementStatusesDocument? = try getIfThere(HubPath.statuses(org, id))
        var statuses: [PolicyID: Status?] = [:]
        for (name, status) in document?.managementStatus ?? [:] {
            guard let policy = PolicyID(name) else { continue }
            statuses.updateValue(StatusWord.status(status.agentUpgradePolicyStatus.status ?? ""), forKey: policy)
        }
        return statuses
    }

    package func putStatus(_ policy: PolicyID, _ report: StatusReport) throws(TransferFailure) {
        try send("PUT", HubPath.status(org, id, policy.name), ManagementStatusDocument(report))
    }

    package func deleteStatus(_ policy: PolicyID) throws(TransferFailure) {
        let answer = try call("DELETE", HubPath.status(org, id, policy.name))
        guard answer.status == 204 || answer.status == 404 else { throw failure(answer, HubPath.status(org, id, policy.name)) }
    }

    package func patchSoftwareVersions(_ versions: [Component: String]) throws(TransferFailure) {
        let document = SoftwareVersionsDocument(
            software: versions[.software] ?? "", certificate: versions[.certificate] ?? "", configuration: versions[.configuration] ?? "")
        try send("PATCH", HubPath.node(org, id), ["softwareVersions": document])
    }

    package func patchPattern(_ pattern: String) throws(TransferFailure) {
        try send("PATCH", HubPath.node(org, id), ["pattern": pattern])
    }

    package func patchPublicKey(_ key: String) throws(TransferFailure) {
        try send("PATCH", HubPath.node(org, id), ["publicKey": key])
    }

    package func askTurn(of group: String, for policy: PolicyID) throws(TransferFailure) {
        let path = HubPath.turn(org, group, node: id, policy: policy.name)
        let answer = try call("POST", path, base: .agbotURL)
        guard answer.status == 201 else { throw failure(answer, path) }
    }

    package func agentFileVersions() throws(TransferFailure) -> PerComponent<[String]> {
        let document: AgentFileVersionDocument? = try getIfThere(HubPath.agentFileVersion)
        return PerComponent(
            software: document?.agentSoftwareVersions ?? [], configuration: document?.agentConfigVersions ?? [],
            certificate: document?.agentCertVersions ?? [])
    }

    package func maxChangeID() throws(TransferFailure) -> Int64 {
        let document: MaxChangeIDDocument = try get(HubPath.maxChangeID)
        return document.maxChangeId
    }

    package func changes(from change: Int64) throws(TransferFailure) -> ChangePage {
        let path = HubPath.changes(org)
        let answer = try call("POST", path, body: encoded(ChangesRequestDocument(changeId: change, maxRecords: 1000)))
        guard answer.status == 201 else { throw failure(answer, path) }
        let document: ChangesDocument = try decoded(answer, path)
        let concerns = document.changes.filter { $0.resource != "node" && $0.resource != "nodepolicies" || $0.id == id }
        return ChangePage(
            resources: Set(concerns.map(\.resource)), next: max(change, min(document.mostRecentChangeId, .max - 1) + 1),
            hasMore: document.hitMaxRecords, wanted: Set((document.selfReport ?? []).compactMap { SelfReportPart(rawValue: $0) }))
    }

    package func sendSelfReport(_ json: [UInt8]) throws(TransferFailure) {
        let path = HubPath.selfReport(org, id)
        let answer = try call("POST", path, body: json)
        guard answer.status == 201 else { throw failure(answer, path) }
    }

    // MARK: CSS

    package func object(org: String, type: String, id: String) throws(TransferFailure) -> ObjectRecord? {
        let path = HubPath.object(org, type, id)
        var answer = try call("GET", path, base: .objectsURL)
        if answer.status == 403 {
            // The credentials may have been mended between the two questions.
            try requireAcceptance()
            answer = try call("GET", path, base: .objectsURL)
        }
        // A node is told 403 for what it may not see, also when it is not there (contract 2.1).
        if answer.status == 404 || answer.status == 403 { return nil }
        guard answer.status == 200 else { throw failure(answer, path) }
        let document: ObjectMetadataDocument = try decoded(answer, path)
        return ObjectRecord(
            length: document.objectSize,
            signature: DetachedSignature(
                hashAlgorithm: document.hashAlgorithm, publicKey: document.publicKey, signature: document.signature))
    }

    /// Objects answer 403 to wrong credentials too (contract 2.1); only the exchange tells the two apart. Errors: it says 401.
    private func requireAcceptance() throws(TransferFailure) {
        do { _ = try node() } catch { if error.kind == .status(401) { throw error } }
    }

    package func objectData(org: String, type: String, id: String, max: Int) throws(TransferFailure) -> [UInt8] {
        let path = HubPath.objectData(org, type, id)
        let answer = try call("GET", path, base: .objectsURL, answerMax: max)
        guard answer.status == 200 else { throw failure(answer, path) }
        return answer.body
    }

    package func objectRequest(org: String, type: String, id: String, bytesMax: Int64) -> TransferRequest {
        var request = TransferRequest(
            url: HubPath.url(hub.objectsURL, HubPath.objectData(org, type, id)), trust: hub.trust, bytesMax: bytesMax)
        request.credentials = credentials
        return request
    }

    package func probe() -> ProbeResult {
        do {
            _ = try node()
            return ProbeResult(succeeded: true, reason: "")
        } catch {
            return ProbeResult(succeeded: false, reason: error.description)
        }
    }

    // MARK: Calls

    private func get<Document: Decodable>(_ path: String) throws(TransferFailure) -> Document {
        let answer = try call("GET", path)
        guard answer.status == 200 else { throw failure(answer, path) }
        return try decoded(answer, path)
    }

    /// 404 is an empty result (contract 1.6, end).
    private func getIfThere<Document: Decodable>(_ path: String) throws(TransferFailure) -> Document? {
        let answer = try call("GET", path)
        if answer.status == 404 { return nil }
        guard answer.status == 200 else { throw failure(answer, path) }
        return try decoded(answer, path)
    }

    private func send(_ method: String, _ path: String, _ document: some Encodable) throws(TransferFailure) {
        let answer = try call(method, path, body: encoded(document))
        guard answer.status == 201 || answer.status == 204 else { throw failure(answer, path) }
    }

    private func call(
        _ method: String, _ path: String, base: SettingKey = .exchangeURL, body: [UInt8]? = nil, answerMax: Int = 16 << 20
    ) throws(TransferFailure) -> HTTPResponse {
        let address =
            switch base {
            case .agbotURL: hub.agbotURL
            case .objectsURL: hub.objectsURL
            default: hub.exchangeURL
            }
        guard !address.isEmpty else {
            throw TransferFailure(.local, subject: path, explanation: "\(base.rawValue) is not set; set it in /etc/default/horizon")
        }
        var request = HTTPRequest(method, HubPath.url(address, path))
        request.headers = [("Accept", "application/json")]
        if let body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = .bytes(body)
        }
        request.credentials = credentials
        request.trust = hub.trust
        request.timeout = hub.timeout
        request.answerBytesMax = answerMax
        return try http.call(request)
    }

    private func encoded(_ document: some Encodable) -> [UInt8] { (try? JSONEncoder().encode(document)).map { [UInt8]($0) } ?? [] }

    private func decoded<Document: Decodable>(_ answer: HTTPResponse, _ path: String) throws(TransferFailure) -> Document {
        do {
            return try JSONDecoder().decode(Document.self, from: Data(answer.body))
        } catch {
            throw TransferFailure(.other, subject: path, explanation: "the answer is not the expected JSON: \(error)")
        }
    }

    private func failure(_ answer: HTTPResponse, _ path: String) -> TransferFailure {
        let text = String(decoding: answer.body.prefix(300), as: UTF8.self)
        return TransferFailure(
            .status(answer.status), subject: path, explanation: "HTTP \(answer.status): \(VisibleText.escaping(text))",
            retryAfter: answer.retryAfter)
    }
}

/// Makes clients that share one caller.
package struct HTTPExchangeConnector: ExchangeConnector {
    private let http: any HTTPCaller

    /// Every client calls through this.
    package init(http: any HTTPCaller) { self.http = http }

    package func client(_ hub: HubAddress, org: String, node: String, token: String) -> any ExchangeClient {
        HTTPExchangeClient(http: http, hub: hub, org: org, node: node, token: token)
    }
}
