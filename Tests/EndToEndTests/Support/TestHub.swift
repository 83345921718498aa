import Foundation
import UpgradePorts
import UpgradeTransfer
import UpgradeWire

/// A real `uplift-exchange` in a scratch folder, with an org, an admin and the calls that a publisher makes.
final class TestHub: @unchecked Sendable {
    static let password = "root-password-for-tests"
    let folder: String
    private(set) var port = 0
    private var process: Running?
    private let http = CurlHTTPCaller()
    /// Held, so that the folder lives as long as the hub.
    private let scratch: Scratch

    private let arguments: [String]

    /// - Parameter arguments: more of them for `serve`.
    init(_ scratch: Scratch, arguments: [String] = []) throws {
        self.scratch = scratch
        self.arguments = arguments
        folder = try scratch.folder("hub")
        try start()
        try call(
            "POST", "v1/orgs/demo",
            ["label": "Demo", "description": "", "heartbeatIntervals": ["minInterval": 0, "maxInterval": 0, "intervalAdjustment": 0]])
        try call("POST", "v1/orgs/demo/users/admin", ["password": .string(TestHub.password), "admin": true, "email": "a@example.com"])
    }

    deinit { stop() }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Starts it, on the same port as before if it ran before.
    func start() throws {
        let portFile = folder + ".port"
        try? FileManager.default.removeItem(atPath: portFile)
        process = try Running(
            Programs.path("uplift-exchange"),
            ["serve", "--root", folder, "--listen", "127.0.0.1:\(port)", "--port-file", portFile] + arguments,
            log: folder + ".log", environment: ["EXCHANGE_ROOT_PW": TestHub.password])
        try eventually("the start of the exchange") {
            guard let text = try? String(contentsOfFile: portFile, encoding: .utf8),
                let found = Int(text.split(separator: "\n").first ?? "")
            else { return false }
            port = found
            return true
        }
    }

    func stop() {
        goOn()
        process?.stop()
        process = nil
    }

    /// Kills it as it is, from any thread; `start` comes next.
    func strike() { if let process, process.isRunning { kill(process.pid, SIGKILL) } }

    /// Stops it in the middle of whatever it does: calls connect and hang.
    func pause() { if let process, process.isRunning { kill(process.pid, SIGSTOP) } }

    /// Ends a pause.
    func goOn() { if let process, process.isRunning { kill(process.pid, SIGCONT) } }

    /// One call as root. Errors: any status but 2xx.
    @discardableResult
    func call(_ method: String, _ path: String, _ body: JSONValue? = nil, user: String = "root/root") throws -> JSONValue? {
        var request = HTTPRequest(method, url + "/" + path)
        request.credentials = Credentials(id: user, secret: TestHub.password)
        if let body { request.body = .bytes([UInt8](try JSONEncoder().encode(body))) }
        request.headers = [("Content-Type", "application/json")]
        return try answer(try http.call(request), "\(method) \(path)")
    }

    /// One call with bytes instead of JSON, both ways. Errors: any status but 2xx.
    @discardableResult
    func bytes(_ method: String, _ path: String, _ body: HTTPRequest.Body = .none) throws -> [UInt8] {
        var request = HTTPRequest(method, url + "/" + path)
        request.credentials = Credentials(id: "root/root", secret: TestHub.password)
        request.body = body
        let response = try http.call(request)
        _ = try answer(response, "\(method) \(path)")
        return response.body
    }

    private func answer(_ response: HTTPResponse, _ what: String) throws -> JSONValue? {
        guard (200...299).contains(response.status) else {
            throw Trouble("\(what): HTTP \(response.status) \(String(decoding: response.body, as: UTF8.self))")
        }
        return try? JSONDecoder().decode(JSONValue.self, from: Data(response.body))
    }

    /// Uploads an object with its signature.
    func put(org: String, type: String, id: String, file: String, signature: DetachedSignature, size: Int64? = nil) throws {
        let length = try size ?? Int64((FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0)
        let meta: JSONValue = [
            "objectID": .string(id), "objectType": .string(type), "destinationOrgID": .string(org), "public": true,
            "hashAlgorithm": .string(signature.hashAlgorithm), "publicKey": .string(signature.publicKey),
            "signature": .string(signature.signature), "objectSize": .number(Double(length)),
        ]
        try call("PUT", HubPath.object(org, type, id), ["meta": meta, "data": nil])
        var request = HTTPRequest("PUT", url + "/" + HubPath.objectData(org, type, id))
        request.credentials = Credentials(id: "root/root", secret: TestHub.password)
        request.headers = [("Content-Type", "application/octet-stream")]
        request.body = .file(file)
        request.timeout = .seconds(120)
        _ = try answer(try http.call(request), "PUT data of \(id)")
    }

    /// The words that the exchange received for a policy, in order.
    func words(_ policy: String, node: String = "node1") throws -> [String] {
        let history = try call("GET", "v1/orgs/demo/nodes/\(node)/managementStatusHistory")?[member: "history"]?.array ?? []
        return history.compactMap { row in
            guard row[member: "policy"]?.string == "demo/\(policy)" else { return nil }
            return row[member: "body"]?[member: "agentUpgradePolicyStatus"]?[member: "status"]?.string
        }
    }

    /// The status object that the exchange holds now.
    func status(_ policy: String, node: String = "node1") throws -> JSONValue? {
        try call("GET", "v1/orgs/demo/nodes/\(node)/managementStatus/\(policy)")?[member: "managementStatus"]?[member: "demo/\(policy)"]?[
            member: "agentUpgradePolicyStatus"]
    }

    /// The software version that the node reported.
    func version(node: String = "node1") throws -> String? {
        try call("GET", "v1/orgs/demo/nodes/\(node)")?[member: "nodes"]?[member: "demo/\(node)"]?[member: "softwareVersions"]?[
            member: "horizon"]?.string
    }

    /// Waits until the exchange's last word for a policy is this one; all words.
    @discardableResult
    func awaitWord(_ word: String, _ policy: String, within seconds: Double = 90) throws -> [String] {
        var seen: [String] = []
        do {
            try eventually("'\(word)' of \(policy)", within: seconds) {
                seen = try words(policy)
                return seen.last == word
            }
        } catch {
            let reason = (try? status(policy)?[member: "errorMessage"]?.string) ?? nil
            throw Trouble("\(error); words so far: \(seen); \(reason ?? "")")
        }
        return seen
    }
}
