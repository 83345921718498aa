import ExchangeServer
import LibCrypto
import Testing
import UpgradeWire

/// Uploads in pieces: in order, whole or not at all, and nothing left behind.
@Suite struct PieceUploadTests {
    private static let owner = "mms-upload-owner"

    @Test func piecesBecomeOneObject() async throws {
        try await ObjectShop.run { shop in
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let first = try await shop.put(bytes[..<100_000], at: 0, of: bytes.count)
            #expect(first.status == 204)
            let owner = try #require(first.headers[Self.owner])
            let second = try await shop.put(bytes[100_000..<250_000], at: 100_000, of: bytes.count, owner: owner)
            #expect(second.status == 204)
            #expect(second.headers[Self.owner] == owner)
            #expect(try await shop.text() == "0123456789", "nothing is seen before the last piece")
            #expect(try await shop.metadata()[member: "objectSize"] == 10)
            let last = try await shop.put(bytes[250_000...], at: 250_000, of: bytes.count, owner: owner)
            #expect(last.status == 204)
            #expect(last.headers[Self.owner] == owner)
            let whole = try await shop.get()
            #expect(whole.body == bytes)
            #expect(try await shop.metadata()[member: "objectSize"] == 300_000)
            #expect(shop.files() == 1)
            #expect(try await shop.put(bytes).status == 204)
            #expect(try await shop.get().headers["etag"] == whole.headers["etag"], "as if it had come at once")
        }
    }

    @Test func onePieceMayBeAll() async throws {
        try await ObjectShop.run { shop async throws in
            #expect(try await shop.put("whole".utf8, at: 0, of: 5).status == 204)
            #expect(try await shop.text() == "whole")
        }
    }

    @Test func piecesThatDoNotContinueAreRefused() async throws {
        try await ObjectShop.run { shop in
            let owner = try #require(try await shop.put("abcd".utf8, at: 0, of: 12).headers[Self.owner])
            for (place, total, name) in [(5, 12, owner), (3, 12, owner), (4, 13, owner), (4, 12, "other"), (4, 12, nil)] {
                let answer = try await shop.put("efgh".utf8, at: place, of: total, owner: name)
                #expect(answer.status == 400, "\(place) of \(total), \(name ?? "nobody"): \(answer.text)")
                if name == owner { #expect(answer.headers[Self.owner] == owner) }
            }
            #expect(try await shop.put("x", ["Content-Range": "bytes 4-x/12", "MMS-Upload-Owner": owner]).status == 400)
            #expect(try await shop.put("efgh".utf8, at: 4, of: 12, owner: owner).status == 204, "a refusal costs nothing")
            #expect(try await shop.put("ijkl".utf8, at: 8, of: 12, owner: owner).status == 204)
            #expect(try await shop.text() == "abcdefghijkl")
            #expect(try await shop.put("ijkl".utf8, at: 8, of: 12, owner: owner).status == 400, "it is over")
            #expect(shop.files() == 1)
        }
    }

    /// The body must be as long as its range says; and a new first piece takes an older upload's place.
    @Test func aPieceOfAnotherLengthEndsTheUpload() async throws {
        try await ObjectShop.run { shop in
            let old = try #require(try await shop.put("ab".utf8, at: 0, of: 4).headers[Self.owner])
            let owner = try #require(try await shop.put("AB".utf8, at: 0, of: 4).headers[Self.owner])
            #expect(try await shop.put("cd".utf8, at: 2, of: 4, owner: old).status == 400)
            let short = try await shop.put("c", ["Content-Range": "bytes 2-3/4", "MMS-Upload-Owner": owner])
            #expect(short.status == 400)
            #expect(short.headers[Self.owner] == nil, "there is nothing to go on with")
            #expect(try await shop.put("cd".utf8, at: 2, of: 4, owner: owner).status == 400)
            #expect(try await shop.text() == "0123456789")
            #expect(shop.files() == 1)
        }
    }

    @Test func anInterruptedPieceLeavesTheOldObject() async throws {
        try await ObjectShop.run { shop in
            let owner = try #require(try await shop.put("abcd".utf8, at: 0, of: 1000).headers[Self.owner])
            #expect(shop.files() == 2)
            let headers = ["Content-Range": "bytes 4-999/1000", "MMS-Upload-Owner": owner]
            let head = HubClient.head("PUT", ObjectShop.path + "/data", auth: ObjectShop.auth, headers: headers)
            let partial = try #require(folderEntries(shop.hub.root + "/objects").first { $0.hasSuffix(".partial") })
            let file = shop.hub.root + "/objects/" + partial
            try await shop.hub.client.sendAndHangUp(Array((head + "Content-Length: 996\r\n\r\nshort").utf8)) {
                (try? readFile(file).count) == 9
            }
            try await waitUntil { shop.files() == 1 }
            let next = try await shop.put([UInt8](repeating: 1, count: 996), at: 4, of: 1000, owner: owner)
            #expect(next.status == 400)
            #expect(next.text.contains("byte 0"))
            #expect(try await shop.text() == "0123456789")
        }
    }

    @Test func anAbandonedUploadIsRemoved() async throws {
        try await ObjectShop.run(configure: { $0.objects.pieceWaitMax = .milliseconds(100) }) { shop in
            let owner = try #require(try await shop.put("abcd".utf8, at: 0, of: 8).headers[Self.owner])
            try await waitUntil { shop.files() == 1 }
            #expect(try await shop.put("efgh".utf8, at: 4, of: 8, owner: owner).status == 400)
            #expect(try await shop.text() == "0123456789")
        }
    }

    @Test func aRestartForgetsPieces() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        let copy = try makeScratchFolder()
        defer { removeFolder(copy) }
        var owner = ""
        try await ObjectShop.run(root: root) { shop in
            owner = try #require(try await shop.put("abcd".utf8, at: 0, of: 8).headers[Self.owner])
            // As a killed process leaves it.
            try copyFolder(root, to: copy)
        }
        #expect(folderEntries(root + "/objects").count == 1, "a stop removes it")
        #expect(folderEntries(copy + "/objects").count == 2)
        try await TestHub.run(root: copy) { [owner] hub async throws in
            let shop = ObjectShop(hub: hub)
            #expect(shop.files() == 1, "so does a start")
            #expect(try await shop.put("efgh".utf8, at: 4, of: 8, owner: owner).status == 400)
            #expect(try await shop.text() == "0123456789")
        }
    }

    @Test func aSignatureIsVerifiedOverAllPieces() async throws {
        try await ObjectShop.run { shop in
            let key = try RSAPrivateKey.generate(bits: 2048)
            let signature = try key.sign(sha256: try SHA256.digest(of: Array("abcdefgh".utf8)))
            let meta: JSONValue = [
                "hashAlgorithm": "SHA256", "publicKey": .string(Base64.encode(try key.publicKey().der())),
                "signature": .string(Base64.encode(signature)),
            ]
            try await shop.hub.asRoot("PUT", ObjectShop.path, ["meta": meta], status: 204)
            for (text, status, word) in [("efgX", 500, "verificationFailed"), ("efgh", 204, "ready")] {
                let owner = try #require(try await shop.put("abcd".utf8, at: 0, of: 8).headers[Self.owner])
                let last = try await shop.put(text.utf8, at: 4, of: 8, owner: owner)
                #expect(last.status == status)
                #expect(last.headers[Self.owner] == owner)
                #expect(try await shop.status() == word)
                #expect(shop.files() == 1)
            }
            #expect(try await shop.text() == "abcdefgh")
        }
    }

    @Test func whoWaitsLongestGivesWay() async throws {
        try await ObjectShop.run(configure: { $0.objects.pieceUploadsMax = 2 }) { shop in
            let owner = try #require(try await shop.put("ab".utf8, at: 0, of: 4).headers[Self.owner])
            for name in ["second", "third"] { #expect(try await begin("IBM", name, shop.hub).status == 204) }
            #expect(shop.files() == 3, "one object and two uploads")
            #expect(try await shop.put("cd".utf8, at: 2, of: 4, owner: owner).status == 400)
            #expect(try await shop.put("AB".utf8, at: 0, of: 4).status == 204)
        }
    }

    @Test func openUploadsOfOneCallerAreBounded() async throws {
        try await ObjectShop.run(configure: { $0.objects.pieceUploadsPerCallerMax = 1 }) { shop in
            let owner = try #require(try await shop.put("ab".utf8, at: 0, of: 4).headers[Self.owner])
            let refused = try await begin("IBM", "other", shop.hub)
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] != nil)
            try await shop.hub.addOrg("o")
            try await shop.hub.addUser("o", "boss", admin: true)
            #expect(try await begin("o", "x", shop.hub, auth: "o/boss:pw-boss").status == 204, "others go on")
            #expect(try await shop.put("cd".utf8, at: 2, of: 4, owner: owner).status == 204)
            #expect(try await begin("IBM", "other", shop.hub).status == 204)
        }
    }

    /// The first piece of an object of this name.
    private func begin(_ org: String, _ name: String, _ hub: TestHub, auth: String = ObjectShop.auth) async throws -> Answer {
        let path = "/api/v1/objects/\(org)/t/\(name)"
        try await hub.asRoot("PUT", path, ["meta": [:]], status: 204)
        return try await hub.client.send("PUT", path + "/data", auth: auth, body: [1, 2], headers: ["Content-Range": "bytes 0-1/4"])
    }
}
