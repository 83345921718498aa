import ExchangeServer
import UpgradeWire

/// A hub with one object whose bytes are `0123456789`, and short ways to ask for it.
struct ObjectShop: Sendable {
    static let path = "/api/v1/objects/IBM/agent_software_files-1.0.0/pkg.tar.gz"

    let hub: TestHub

    static func run(
        root: String? = nil, configure: (inout ServeOptions) -> Void = { _ in }, _ body: (ObjectShop) async throws -> Void
    ) async throws {
        try await TestHub.run(root: root, configure: configure) { hub in
            let shop = ObjectShop(hub: hub)
            try await hub.asRoot("PUT", path, ["meta": ["public": true, "description": "old"]], status: 204)
            _ = try await shop.put("0123456789")
            try await body(shop)
        }
    }

    /// PUT of bytes; with headers, of a piece of them.
    func put(_ text: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await put(Array(text.utf8), headers)
    }

    func put(_ bytes: [UInt8], _ headers: [String: String] = [:]) async throws -> Answer {
        try await hub.client.send("PUT", Self.path + "/data", auth: Self.auth, body: bytes, headers: headers)
    }

    /// PUT of one piece, with the owner that the first piece's answer named.
    func put(_ bytes: some Collection<UInt8>, at first: Int, of total: Int, owner: String? = nil) async throws -> Answer {
        var headers = ["Content-Range": "bytes \(first)-\(first + bytes.count - 1)/\(total)"]
        headers["MMS-Upload-Owner"] = owner
        return try await put(Array(bytes), headers)
    }

    func get(_ headers: [String: String] = [:]) async throws -> Answer {
        try await hub.client.send("GET", Self.path + "/data", auth: Self.auth, headers: headers)
    }

    /// What is served now.
    func text() async throws -> String { try await get().text }

    func status() async throws -> String { try await hub.asRoot("GET", Self.path + "/status", status: 200).text }

    func metadata() async throws -> JSONValue { try await hub.asRoot("GET", Self.path, status: 200).json ?? .null }

    /// How many files lie beside the database: data and what is on its way.
    func files() -> Int { folderEntries(hub.root + "/objects").count }

    static let auth = "root/root:\(TestHub.rootPassword)"
}
