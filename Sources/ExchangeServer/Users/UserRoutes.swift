import ExchangeModel
import Hummingbird
import UpgradeWire

/// `orgs/{org}/users` and one user. Source: the published API description.
struct UserRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        let one = "v1/orgs/{org}/users/{user}"
        return [
            Route(.get, "v1/orgs/{org}/users", list), Route(.get, one, get), Route(.post, one, post), Route(.put, one, put),
            Route(.patch, one, patch), Route(.delete, one, delete), Route(.post, one + "/changepw", changePassword),
            Route(.post, one + "/confirm", confirm),
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
        let user: UserDocument? = Self.isRoot(org, id) ? Self.root : try hub.store.lookUp { try $0.user(org, id)?.document }
        return try answer(org, user.map { [id: $0] } ?? [:])
    }

    private func answer(_ org: String, _ users: [String: UserDocument]) throws -> Response {
        var document = UsersDocument()
        for (id, user) in users {
            document.users["\(org)/\(id)"] = user
            document.users["\(org)/\(id)"]?.password = NodeRoutes.mask
        }
        return try Reply.json(document, status: users.isEmpty ? .notFound : .ok)
    }

    private func post(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("user"))
        try AccessRule.require(.manageUsers(org: org), of: caller)
        try Self.requireStored(org, id)
        let request = try await call.body(UserRequestDocument.self, .user)
        if request.hubAdmin == true { try AccessRule.require(.makeHubAdmin, of: caller) }
        guard let password = request.password, !password.isEmpty else { throw Refusal.badInput("the key 'password' is missing or empty") }
        let record = HubUser(
            document: document(request, stored: nil, caller: caller), passwordHash: try await hub.identities.passwordHash(of: password))
        try await hub.store.write { tables in
            if try tables.org(org) == nil { throw Refusal.notFound("organization '\(org)' not found") }
            if try tables.user(org, id) != nil { throw Refusal.alreadyExists("user '\(org)/\(id)' already exists") }
            try IdentityNameRule.requireFree(org, id, tables)
            try tables.putUser(org, id, record)
        }
        return try Reply.done("user '\(org)/\(id)' added successfully")
    }

    /// Replaces an existing user; what is absent stays, and so does the password when it is empty.
    private func put(_ call: Call) async throws -> Response {
        let name = try await change(call) { call in try await call.body(UserRequestDocument.self, .user) }
        return try Reply.done("user '\(name)' updated successfully")
    }

    private func patch(_ call: Call) async throws -> Response {
        var attribute = ""
        let name = try await change(call) { call in
            let body = try await call.body(.user)
            attribute = try SoleAttributeRule.name(in: body)
            if body[member: "password"] == "" { throw Refusal.badInput("the password is empty") }
            return try Call.document(UserRequestDocument.self, from: body)
        }
        return try Reply.done("attribute '\(attribute)' of user '\(name)' updated")
    }

    private func changePassword(_ call: Call) async throws -> Response {
        let name = try await change(call) { call in
            guard let password = try await call.body(.newPassword)[member: "newPassword"]?.string, !password.isEmpty else {
                throw Refusal.badInput("the key 'newPassword' is missing or empty")
            }
            return UserRequestDocument(password: password)
        }
        return try Reply.done("password of user '\(name)' updated successfully")
    }

    /// Says that the credentials are right, which is known as soon as the caller is; there is no body.
    private func confirm(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("user"))
        try AccessRule.require(.readUser(org: org, id: id), of: caller)
        guard try Self.isRoot(org, id) || hub.store.lookUp({ try $0.user(org, id) }) != nil else {
            throw Refusal.notFound("user '\(org)/\(id)' not found")
        }
        return try Reply.done("confirmation successful")
    }

    private func delete(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("user"))
        try Self.requireStored(org, id)
        try await hub.store.write { tables in
            let isHubAdmin = try tables.user(org, id)?.document.hubAdmin ?? false
            try AccessRule.require(.deleteUser(org: org, id: id, isHubAdmin: isHubAdmin), of: caller)
            guard try tables.deleteUser(org, id) else { throw Refusal.notFound("user '\(org)/\(id)' not found") }
        }
        hub.watch.registrationChanged()
        return Reply.noContent
    }

    /// The one way in which a stored user changes: the right is checked before the body is read, and again when it is stored, because
    /// the user may have become an administrator meanwhile. Returns `org/id`.
    private func change(_ call: Call, _ read: (Call) async throws -> UserRequestDocument) async throws -> String {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("user"))
        try Self.requireStored(org, id)
        _ = try hub.store.lookUp { try Self.writable(org, id, caller, $0) }
        let request = try await read(call)
        var hash: String?
        if let password = request.password, !password.isEmpty { hash = try await hub.identities.passwordHash(of: password) }
        try await hub.store.write { [hash] tables in
            let stored = try Self.writable(org, id, caller, tables)
            let next = document(request, stored: stored.document, caller: caller)
            if next.admin && !stored.document.admin { try AccessRule.require(.manageUsers(org: org), of: caller) }
            if next.hubAdmin && !stored.document.hubAdmin { try AccessRule.require(.makeHubAdmin, of: caller) }
            try tables.putUser(org, id, HubUser(document: next, passwordHash: hash ?? stored.passwordHash))
        }
        return "\(org)/\(id)"
    }

    private static func isRoot(_ org: String, _ id: String) -> Bool { org == "root" && id == "root" }

    /// `root/root` as it is shown; it is in no table.
    private static let root = UserDocument(
        password: NodeRoutes.mask, admin: true, hubAdmin: true, email: "", lastUpdated: "", updatedBy: "")

    /// What a table says of `root/root` would have no effect.
    private static func requireStored(_ org: String, _ id: String) throws {
        guard isRoot(org, id) else { return }
        throw Refusal.accessDenied(
            "Access denied: the password of root/root is what the environment of the hub says; it changes with a restart")
    }

    private static func writable(_ org: String, _ id: String, _ caller: Caller, _ tables: any HubReading) throws -> HubUser {
        let user = try tables.user(org, id)
        try AccessRule.require(.writeUser(org: org, id: id, isHubAdmin: user?.document.hubAdmin ?? false), of: caller)
        guard let user else { throw Refusal.notFound("user '\(org)/\(id)' not found") }
        return user
    }

    private func document(_ request: UserRequestDocument, stored: UserDocument?, caller: Caller) -> UserDocument {
        UserDocument(
            password: NodeRoutes.mask, admin: request.admin ?? stored?.admin ?? false,
            hubAdmin: request.hubAdmin ?? stored?.hubAdmin ?? false, email: request.email ?? stored?.email ?? "",
            lastUpdated: hub.timestamp(), updatedBy: caller.name)
    }
}
