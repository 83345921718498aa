import Dispatch
import ExchangeModel
import NIOConcurrencyHelpers
import SQLite
import Testing
import UpgradeWire

@testable import ExchangeServer

/// Credentials: how they are stored, and what wrong ones cost.
@Suite struct LoginTests {
    private static let long = "abcdefghij0123456789"

    private func hashes(_ root: String, _ column: String, _ table: String) throws -> [String: String] {
        let database = try Database.open(path: root + "/exchange.db")
        let rows = try database.query("SELECT id, \(column) AS hash FROM \(table)")
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.text("id"), try $0.text("hash")) })
    }

    private func node(_ hub: TestHub, _ id: String, token: String) async throws {
        let body: JSONValue = ["token": .string(token), "name": .string(id), "pattern": "", "publicKey": ""]
        try await hub.asRoot("PUT", "/v1/orgs/o/nodes/\(id)", body)
    }

    private func get(_ hub: TestHub, _ auth: String, _ path: String = "/v1/orgs/o") async throws -> Answer {
        try await hub.client.send("GET", path, auth: auth)
    }

    @Test func shortTokensAreHashedLikePasswordsAndTold() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        let log = ServerLog()
        try await TestHub.run(root: root, logger: log.logger) { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "u")
            try await node(hub, "short", token: String(Self.long.dropLast()))
            try await node(hub, "long", token: Self.long)
            #expect(try await get(hub, "o/short:\(Self.long.dropLast())").status == 200)
            #expect(try await get(hub, "o/long:\(Self.long)").status == 200)
            #expect(try await get(hub, "o/short:\(Self.long)").status == 401)
            #expect(try await get(hub, "o/long:\(Self.long.dropLast())").status == 401)
            let patched = try await hub.client.send(
                "PATCH", "/v1/orgs/o/nodes/long", auth: "root/root:\(TestHub.rootPassword)", json: ["token": "tiny"])
            #expect(patched.status == 201)
            #expect(try await get(hub, "o/long:tiny").status == 200)
            #expect(try await get(hub, "o/long:\(Self.long)").status == 401, "what was verified before is not believed any more")
            try await node(hub, "long", token: Self.long)
        }
        let tokens = try hashes(root, "token_hash", "nodes")
        #expect(tokens["short"]?.hasPrefix("scrypt$1024$8$1$") == true)
        #expect(tokens["long"]?.hasPrefix("hmac$") == true)
        #expect(try hashes(root, "password_hash", "users")["u"]?.hasPrefix("scrypt$1024$8$1$") == true)
        let warnings = log.text.split(separator: "\n").filter { $0.contains("short token") }
        #expect(warnings.count == 2)
        #expect(warnings.first?.contains("o/short") == true)
        #expect(!log.text.contains(Self.long.dropLast()) && !log.text.contains("tiny"), "no secret in the log")
    }

    /// Hashes of before the parameters stood in the text, and of other parameters than today's.
    @Test func hashesKeepTheirParameters() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        try await TestHub.run(root: root, configure: { $0.logins.scryptCost = 16384 }) { hub in
            try await hub.addOrg("o")
            for id in ["old", "now", "bad"] { try await hub.addUser("o", id) }
        }
        do {
            let database = try Database.open(path: root + "/exchange.db")
            let bare = try #require(try hashes(root, "password_hash", "users")["old"]).split(separator: "$")
            #expect(bare.count == 6)
            for (id, hash) in [("old", "scrypt$\(bare[4])$\(bare[5])"), ("bad", "scrypt$x$8$1$\(bare[4])$\(bare[5])")] {
                try database.execute("UPDATE users SET password_hash = ? WHERE id = ?", [.text(hash), .text(id)])
            }
        }
        try await TestHub.run(root: root) { hub async throws in
            for id in ["old", "now"] { #expect(try await get(hub, "o/\(id):pw-\(id)").status == 200, "\(id)") }
            #expect(try await get(hub, "o/bad:pw-old").status == 401)
        }
    }

    @Test func repeatedFailuresAreSlowedDown() async throws {
        try await TestHub.run(configure: { $0.logins.firstWait = .seconds(30) }) { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "u")
            try await hub.addUser("o", "known")
            try await hub.addUser("o", "other")
            try await node(hub, "n", token: Self.long)
            #expect(try await get(hub, "o/known:pw-known").status == 200)
            for name in ["o/u", "o/known", "o/n", "o/nobody", "root/root"] {
                for attempt in 0..<5 { #expect(try await get(hub, "\(name):wrong\(attempt)").status == 401, "\(name)") }
                let answer = try await get(hub, "\(name):wrong")
                #expect(answer.status == 429, "\(name)")
                #expect(answer.headers["retry-after"].flatMap { Int($0) }.map { (1...31).contains($0) } == true)
                let object = try await get(hub, "\(name):wrong", "/api/v1/objects/o/t/x")
                #expect(object.status == 429, "the CSS counts too")
            }
            #expect(try await get(hub, "o/u:pw-u").status == 429, "the right one waits like the others")
            #expect(try await get(hub, "o/known:pw-known").status == 200, "who was believed before is not kept out")
            #expect(try await get(hub, "o/other:pw-other").status == 200, "nor is another name")
        }
    }

    @Test func aRightLoginForgives() async throws {
        try await TestHub.run(configure: { $0.logins.firstWait = .milliseconds(1) }) { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "u")
            for attempt in 0..<5 { #expect(try await get(hub, "o/u:wrong\(attempt)").status == 401) }
            try await waitUntil { try await get(hub, "o/u:pw-u").status == 200 }
            for attempt in 0..<5 { #expect(try await get(hub, "o/u:again\(attempt)").status == 401, "it begins anew") }
        }
    }

    /// One thread, three places, and work that ends when it is told to.
    @Test func everyAddressHasItsTurnAndItsPlaces() async throws {
        var limits = LoginLimits()
        (limits.threads, limits.waitingMax, limits.waitingPerSourceMax) = (1, 3, 2)
        let hashes = SlowHashes(limits)
        let end = DispatchSemaphore(value: 0)
        let turns = NIOLockedValueBox<[String]>([])
        let ask = { @Sendable (name: String) in
            do {
                try await hashes.run(source: String(name.prefix(1))) {
                    end.wait()
                    turns.withLockedValue { $0.append(name) }
                }
            } catch is Refusal {
                turns.withLockedValue { $0.append("no " + name) }
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (count, name) in ["a0", "a1", "a2"].enumerated() {
                group.addTask { try await ask(name) }
                try await waitUntil { hashes.figures.waiting == count + 1 }
            }
            try await ask("a3")
            group.addTask { try await ask("b1") }
            try await waitUntil { hashes.figures.waiting == 4 }
            try await ask("b2")
            group.addTask { try await ask("c1") }
            try await waitUntil { turns.withLockedValue { $0 } == ["no a3", "no b2", "no a2"] }
            for _ in 0..<4 { end.signal() }
            try await group.waitForAll()
        }
        #expect(turns.withLockedValue { $0 } == ["no a3", "no b2", "no a2", "a0", "a1", "b1", "c1"])
        #expect(try await hashes.run(source: "a") { 7 } == 7)
        #expect(hashes.figures.waiting == 0)
        await hashes.close()
    }

    /// A short one is a password like others: who guesses has to wait.
    @Test func theRightPasswordOfRootWaitsWithTheWrongOnes() async throws {
        try await TestHub.run(configure: {
            $0.rootPassword = "short"
            $0.logins.firstWait = .seconds(30)
        }) { (hub: TestHub) async throws in
            for attempt in 0..<5 { #expect(try await get(hub, "root/root:wrong\(attempt)", "/v1/orgs").status == 401) }
            #expect(try await get(hub, "root/root:short", "/v1/orgs").status == 429)
        }
    }

    @Test func aStopSendsWaitingLoginsAway() async throws {
        var limits = LoginLimits()
        limits.threads = 1
        let hashes = SlowHashes(limits)
        let end = DispatchSemaphore(value: 0)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<3 { group.addTask { (try? await hashes.run(source: "a") { end.wait() }) != nil } }
            try? await waitUntil { hashes.figures.waiting == 3 }
            hashes.refuseWaiting()
            #expect(await group.next() == false)
            #expect(await group.next() == false)
            end.signal()
            #expect(await group.next() == true)
        }
        await #expect(throws: Refusal.self) { try await hashes.run(source: "a") {} }
        await hashes.close()
    }

    /// Whoever guesses a token does not keep out the node that has it.
    @Test func aRightTokenDoesNotWait() async throws {
        try await TestHub.run(configure: { $0.logins.firstWait = .seconds(30) }) { hub in
            try await hub.addOrg("o")
            try await node(hub, "n", token: Self.long)
            for attempt in 0..<5 { #expect(try await get(hub, "o/n:wrong\(attempt)").status == 401) }
            #expect(try await get(hub, "o/n:wrong").status == 429)
            #expect(try await get(hub, "o/n:\(Self.long)").status == 200)
        }
    }

    /// The same right password many times at once is judged once, not refused.
    @Test func aCrowdWithOnePasswordIsLetIn() async throws {
        try await TestHub.run(configure: { $0.logins.waitingMax = 1 }) { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "u")
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 { group.addTask { try await get(hub, "o/u:pw-u").status } }
                for try await status in group { #expect(status == 200) }
            }
        }
    }

    @Test func whatIsUsedIsRememberedWhateverElseComes() {
        let verified = VerifiedCredentials(entriesMax: 4)
        verified.insert([0])
        verified.insert([1])
        for other in UInt8(2)..<40 {
            verified.insert([other])
            #expect(verified.contains([0]))
            #expect(verified.contains([other]))
        }
        #expect(!verified.contains([1]), "nobody asked for it")
    }

    /// An unknown name must not be answered sooner than a wrong password: each refusal costs one slow hash, and so much the same time.
    @Test func unknownNamesCostAsMuchAsKnownOnes() async throws {
        try await TestHub.run { hub async throws in
            try await hub.addOrg("o")
            try await hub.addUser("o", "u")
            try await node(hub, "n", token: Self.long)
            func taken() async throws -> Int {
                let lines = try await hub.client.send("GET", "/metrics").text.split(separator: "\n")
                let line = try #require(lines.first { $0.hasPrefix("uplift_exchange_slow_hashes_total ") })
                return try #require(line.split(separator: " ").last.flatMap { Int($0) })
            }
            for name in ["o/u", "o/nobody", "nowhere/nobody", "o/n"] {
                let before = try await taken()
                #expect(try await get(hub, "\(name):wrong").status == 401)
                #expect(try await taken() == before + 1, "\(name)")
            }
        }
    }
}
