import ExchangeModel
import FoundationEssentials
import Glibc
import Testing
import UpgradeModel
import UpgradeWire

@testable import ExchangeServer

/// `nmp_validation.json` over the real socket.
@Suite struct PolicyVectorTests {
    static let file = try? VectorFile("nmp_validation")
    static let cases = file?.cases ?? []

    @Test func theFileIsThere() {
        #expect(Self.cases.count == 38)
    }

    @Test(arguments: cases)
    func answersAsTheRealExchange(vector: VectorCase) async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        try await seedTables(root)
        try await TestHub.run(root: root) { hub in
            try await hub.addUser("o", "boss", admin: true)
            try await hub.addUser("o", "person")
            try await hub.addUser("o", "hub", hubAdmin: true)
            try await hub.addUser("MgmtPolSuite", "mpuser")
            try await hub.addNode("o", "n1")
            try await hub.addAgbot("o", "bot")
            try await hub.addNode("MgmtPolSuite", "n1")
            let answer = try await vector.send(to: hub, auth: try auth(vector.auth))
            #expect(answer.status == vector.expect[member: "code"]?.integer.map { Int($0) }, "\(answer.text)")
            expectText(vector, answer)
            expectPolicies(vector, answer)
        }
    }

    /// Some seeds have constraints and patterns together, which no request may have: they go straight into the table.
    private func seedTables(_ root: String) async throws {
        let folder = try HubFolder(path: root)
        let store = try SQLiteHubStore(path: folder.database)
        var policies = Self.file?.meta[member: "seeds"]?[member: "TestMgmtPolsGet"]?.object ?? [:]
        policies["o/existing"] = ["label": "l", "enabled": true]
        policies["MgmtPolSuite/mymgmtpol"] = [
            "label": "mymgmtpol", "description": "desc", "owner": "root/root", "constraints": ["a == c"],
            "properties": [["name": "purpose", "value": "location2"]],
        ]
        try await store.write { [policies] tables in
            for org in ["o", "MgmtPolSuite", "TestMgmtPolsGet", "TestMgmtPolsGet2"] { try tables.putOrg(org, .init()) }
            for (name, value) in policies {
                let parts = name.split(separator: "/").map(String.init)
                let policy = try JSONDecoder().decode(NodeManagementPolicyDocument.self, from: try JSONEncoder().encode(value))
                try tables.putManagementPolicy(parts[0], parts[1], policy)
                try tables.appendChange(.managementPolicy(parts[0], parts[1], .created), at: .init(secondsSinceEpoch: Int64(time(nil))))
            }
        }
        await store.close()
    }

    private func auth(_ words: String) throws -> String? {
        switch words {
        case "org admin": "o/boss:pw-boss"
        case "user": "o/person:pw-person"
        case "agbot": "o/bot:token-of-the-agbot-bot"
        case "hub admin": "o/hub:pw-hub"
        case "node": "o/n1:tok-n1"
        case "user MgmtPolSuite/mpuser": "MgmtPolSuite/mpuser:pw-mpuser"
        case "node MgmtPolSuite/n1": "MgmtPolSuite/n1:tok-n1"
        case "none": nil
        case "root": "root/root:\(TestHub.rootPassword)"
        default: throw TestFailure("nobody is called '\(words)'")
        }
    }

    private func expectText(_ vector: VectorCase, _ answer: Answer) {
        if let code = vector.expect[member: "respCode"]?.string { #expect(answer.code == code) }
        if let message = vector.expect[member: "msg"]?.string { #expect(answer.message == message) }
        if let part = vector.expect[member: "msgContains"]?.string { #expect(answer.message?.contains(part) == true) }
        if let body = vector.expect[member: "body"] { #expect(answer.json == body) }
        if let change = vector.expect[member: "changesContain"] {
            let found = answer.json?[member: "changes"]?.array?.first { $0[member: "resource"] == change[member: "resource"] }
            #expect(found?[member: "orgId"] == change[member: "orgId"])
            #expect(found?[member: "resourceChanges"]?.array?.isEmpty == false)
        }
    }

    private func expectPolicies(_ vector: VectorCase, _ answer: Answer) {
        let policies = answer.json?[member: "managementPolicy"]?.object ?? [:]
        if let keys = vector.expect[member: "keys"]?.array {
            #expect(policies.keys.sorted() == keys.compactMap(\.string).sorted())
        }
        for (name, entry) in vector.expect[member: "entry"]?.object ?? [:] {
            #expect(policies[name]?.contains(entry) == true, "\(policies[name] ?? .null)")
        }
        guard let fields = vector.expect[member: "fields"]?.object, let policy = policies.values.first else { return }
        for (path, value) in fields { #expect(member(path, of: policy) == value, "\(path)") }
    }

    /// Follows a path such as `properties[0].name`.
    private func member(_ path: String, of value: JSONValue) -> JSONValue? {
        let steps = path.split { $0 == "." || $0 == "[" || $0 == "]" }
        return steps.reduce(value) { (value: JSONValue?, step) in
            guard let index = Int(step) else { return value?[member: String(step)] }
            return value?.array?[index]
        }
    }
}
