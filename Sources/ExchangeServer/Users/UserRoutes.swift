import ExchangeModel
import Hummingbird
import UpgradeWire

/// `orgs/{org}/users` and one user. Source: the published API description.
struct UserRoutes: Sendable {
    /// What is shown instead of a secret.
    static let mask = "********"

    let hub: Hub

    var routes: [Route] {
        [
            Route(.get, "v1/orgs/{org}/users", list), Route(.get, "v1/orgs/{org}/users/{user}", get),
            Route(.post, "v1/orgs/{org}/users/{user}", post), Route(.put, "v1/orgs/{org}/users/{user}", put),
            Route(.delete, "v1/orgs/{org}/users/{user}", delete),
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let org = call.parameter("org")
        try AccessRule.require(.manageUsers(org: org), of: caller)
        let users = try await hub.store.read { try $0.users(org) }
        return try answer(org, users)
    }

    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("user"))
        try AccessRule.require(.readUser(org: org, id: id), of: caller)
        let user = try await hub.store.read { try $0.user(org, id)?.document }
        return try answer(org, user.map { [id: $0] } ?? [:])
    }

    private func answer(_ org: String, _ users: [String: UserDocument]) throws -> Response {
        var document = UsersDocument()
        for (id, user) in users { document.users["\(org)/\(id)"] = user }
        return try Reply.json(document, status: users.isEmpty ? .notFound : .ok)
    }

    private func post(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("user"))
        try AccessRule.require(.manageUsers(org: org), of: caller)
        let request = try await body(call, caller: caller)
        guard let password = request.password, !password.isEmpty else { throw Refusal.badInput("the key 'password' is missing or empty") }
        let record = HubUser(
            document: document(request, stored: nil, caller: caller), passwordHash: try await hub.identities.passwordHash(of: password))
        try await hub.store.write { tables in
            if try tables.org(org) == nil { throw Refusal.notFound("organization '\(org)' not found") }
            if try tables.user(org, id) != nil { throw Refusal.alreadyExists("user '\(org)/\(id)' already exists") }
            try tables.putUser(org, id, record)
        }
        return try Reply.done("user '\(org)/\(id)' added successfully")
    }

    /// Replaces an existing user; without a password the old one stays.
    private func put(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("user"))
        try AccessRule.require(.writeUser(org: org, id: id), of: caller)
        let request = try await body(call, caller: caller)
        var hash: String?
        if let password = request.password, !password.isEmpty { hash = try await hub.identities.passwordHash(of: password) }
        try await hub.store.write { [hash] tables in
            guard let stored = try tables.user(org, id) else { throw Refusal.notFound("user '\(org)/\(id)' not found") }
            let next = document(request, stored: stored.document, caller: caller)
            if next.admin && !stored.document.admin { try AccessRule.require(.manageUsers(org: org), of: caller) }
            try tables.putUser(org, id, HubUser(document: next, passwordHash: hash ?? stored.passwordHash))
        }
        return try Reply.done("user '\(org)/\(id)' updated successfully")
    }

    private func delete(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("user"))
        try AccessRule.require(.manageUsers(org: org), of: caller)
        try await hub.store.write { tables in
            guard try tables.deleteUser(org, id) else { throw Refusal.notFound("user '\(org)/\(id)' not found") }
        }
        return Reply.noContent
    }

    private func body(_ call: Call, caller: Caller) async throws -> UserRequestDocument {
        let request = try await call.body(UserRequestDocument.self, .user)
        if request.hubAdmin == true { try AccessRule.require(.makeHubAdmin, of: caller) }
        return request
    }

    private func document(_ request: UserRequestDocument, stored: UserDocument?, caller: Caller) -> UserDocument {
        UserDocument(
            password: Self.mask, admin: request.admin ?? stored?.admin ?? false, hubAdmin: request.hubAdmin ?? stored?.hubAdmin ?? false,
            email: request.email ?? stored?.email ?? "", lastUpdated: hub.timestamp(), updatedBy: caller.name)
    }
}
