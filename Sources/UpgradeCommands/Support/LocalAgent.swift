import UpgradePorts
import UpgradeWire

/// The agent of this node, through its local API. Source: contract 3.
struct LocalAgent {
    let world: CommandWorld
    let settings: CommandSettings
    let root: RootOption

    init(_ root: RootOption, in world: CommandWorld) {
        self.world = world
        self.root = root
        settings = CommandSettings(root, in: world)
    }

    /// The socket of the agent below the root.
    private var socket: String { root.path("run/uplift/agent.sock") }

    /// GET. Names of a query are our own; values may be anything.
    func get(_ segments: [String], query: [(name: String, value: String)] = []) throws(CommandError) -> Answer {
        try call("GET", segments, query: query)
    }

    /// A call; each segment is one name, whatever it holds. Time: the agent asks the hub before it answers some of them.
    func call(
        _ method: String, _ segments: [String], _ body: JSONValue? = nil, query: [(name: String, value: String)] = []
    ) throws(CommandError) -> Answer {
        let words = query.map { "\($0.name)=\(HubPath.segment($0.value))" }.joined(separator: "&")
        let path = segments.map(HubPath.segment).joined(separator: "/") + (words.isEmpty ? "" : "?" + words)
        let address = settings.environment["HORIZON_URL"].flatMap { $0.isEmpty ? nil : $0 }
        var request = HTTPRequest(method, HubPath.url(address ?? "http://localhost", path))
        if address == nil { request.socketPath = socket }
        if let body {
            request.body = .bytes(try JSONText.body(body))
            request.headers.append((name: "Content-Type", value: "application/json"))
        }
        request.trust = settings.trust
        request.timeout = .seconds(180)
        do throws(CommandError) {
            return try HubCall.call(request, in: world)
        } catch {
            if address == nil, UserFile.isDenied(socket) { throw denied }
            let place = address.map { "HORIZON_URL is \(HubCall.shown($0))" } ?? "its socket is \(Shown.text(socket))"
            throw error.adding("Is the agent, upliftd, running? \(place); --root chooses another one.")
        }
    }

    /// The system keeps this user from the socket: nothing is said about the agent behind it.
    private var denied: CommandError {
        CommandError(
            .file,
            "user \(UserFile.userName) may not open the agent's socket \(Shown.text(socket)); run this as root, or join group uplift")
    }

    /// Who this node is, as far as the agent knows.
    func node() throws(CommandError) -> LocalNode {
        let body = try get(["node"]).success().read(JSONValue.self)
        return LocalNode(
            id: body[member: "id"]?.string ?? "", org: body[member: "organization"]?.string ?? "",
            state: body[member: "configstate"]?[member: "state"]?.string ?? "")
    }
}

/// The agent's `GET /node`, as far as commands need it. Source: contract 3.2.
struct LocalNode {
    let id: String
    let org: String
    /// `unconfigured`, `configuring`, `configured`, `unconfiguring`.
    let state: String

    /// `org/id`, fit for a message.
    var shown: String { Shown.text(org + "/" + id) }
}
