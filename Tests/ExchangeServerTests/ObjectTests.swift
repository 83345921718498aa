import LibCrypto
import Testing
import UpgradeWire

/// CSS objects: metadata, bytes, ranges, rights.
@Suite struct ObjectTests {
    private static let path = "/api/v1/objects/IBM/agent_software_files-1.0.0/pkg.tar.gz"
    private static let content = Array("0123456789".utf8)

    private func withObject(partsMax: Int = 256, _ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run(partsMax: partsMax) { hub in
            try await hub.addOrg("o")
            try await hub.addNode("o", "n1")
            try await hub.asRoot("PUT", Self.path, ["meta": ["public": true, "description": "a package"]], status: 204)
            #expect(try await put(hub, Self.content).status == 204)
            try await body(hub)
        }
    }

    private func put(_ hub: TestHub, _ bytes: [UInt8]) async throws -> Answer {
        try await hub.client.send("PUT", Self.path + "/data", auth: "root/root:\(TestHub.rootPassword)", body: bytes)
    }

    private func get(_ hub: TestHub, _ headers: [String: String] = [:]) async throws -> Answer {
        try await hub.client.send("GET", Self.path + "/data", auth: "o/n1:tok-n1", headers: headers)
    }

    @Test func metadataTellsTheLengthAndWhereItIs() async throws {
        try await withObject { hub in
            let meta = try await hub.client.send("GET", Self.path, auth: "o/n1:tok-n1").json
            #expect(meta?[member: "objectSize"] == 10)
            #expect(meta?[member: "objectID"] == "pkg.tar.gz")
            #expect(meta?[member: "objectType"] == "agent_software_files-1.0.0")
            #expect(meta?[member: "destinationOrgID"] == "IBM")
            #expect(try await hub.client.send("GET", Self.path + "/status", auth: "o/n1:tok-n1").text == "ready")
        }
    }

    @Test(
        arguments: [
            ("bytes=0-3", 206, "0123", "bytes 0-3/10"), ("bytes=8-12", 206, "89", "bytes 8-9/10"), ("bytes=8-20", 200, "0123456789", nil),
            ("bytes=0-9", 200, "0123456789", nil),
            ("bytes=0-", 200, "0123456789", nil), ("bytes=7-", 206, "789", "bytes 7-9/10"), ("bytes=-3", 206, "789", "bytes 7-9/10"),
            ("bytes=9-9", 206, "9", "bytes 9-9/10"), ("bytes=10-10", 404, nil, nil), ("bytes=10-", 404, nil, nil),
            ("bytes=5-2", 400, nil, nil), ("bytes=x-y", 400, nil, nil), ("bytes=0-1,3-4", 200, "0123456789", nil),
        ] as [(String, Int, String?, String?)])
    func ranges(range: String, status: Int, text: String?, contentRange: String?) async throws {
        try await withObject { hub in
            let answer = try await get(hub, ["Range": range])
            #expect(answer.status == status)
            #expect(answer.headers["content-range"] == contentRange)
            if let text { #expect(answer.text == text) }
        }
    }

    @Test func theEntityTagDecidesWhetherARangeIsHonoured() async throws {
        try await withObject { hub in
            let whole = try await get(hub)
            let tag = try #require(whole.headers["etag"])
            #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
            #expect(whole.headers["accept-ranges"] == "bytes")
            #expect(try await get(hub, ["Range": "bytes=2-3", "If-Range": tag]).text == "23")
            #expect(try await put(hub, Array("abcdefghij".utf8)).status == 204)
            let other = try await get(hub, ["Range": "bytes=2-3", "If-Range": tag])
            #expect(other.status == 200)
            #expect(other.text == "abcdefghij")
            #expect(other.headers["etag"] != tag)
            #expect(try await put(hub, Self.content).status == 204)
            #expect(try await get(hub).headers["etag"] == tag, "equal bytes, equal tag")
        }
    }

    @Test func tooManyPartsAtOnceAre429() async throws {
        try await withObject(partsMax: 0) { hub async throws in
            #expect(try await get(hub, ["Range": "bytes=2-3"]).status == 429)
            #expect(try await get(hub).status == 200)
        }
    }

    /// Broken off within a promised length, and within chunks.
    @Test func anInterruptedUploadLeavesTheOldObject() async throws {
        try await withObject { hub in
            let auth = "root/root:\(TestHub.rootPassword)"
            let head = HubClient.head("PUT", Self.path + "/data", auth: auth)
            let objects = hub.root + "/objects"
            for rest in ["Content-Length: 1000\r\n\r\nshort", "Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"] {
                try await hub.client.sendAndHangUp(Array((head + rest).utf8)) { folderEntries(objects).count == 2 }
                try await waitUntil { folderEntries(objects).count == 1 }
            }
            let answer = try await get(hub)
            #expect(answer.text == "0123456789")
            #expect(answer.headers["content-length"] == "10")
        }
    }

    @Test func aReplacedFileIsRemovedAndADeletedObjectIsGone() async throws {
        try await withObject { hub in
            #expect(try await put(hub, Array("new".utf8)).status == 204)
            #expect(folderEntries(hub.root + "/objects").count == 1)
            try await hub.asRoot("DELETE", Self.path, status: 204)
            try await hub.asRoot("DELETE", Self.path, status: 404)
            #expect(folderEntries(hub.root + "/objects").isEmpty)
            #expect(try await get(hub).status == 403, "a node may not learn what is missing")
            try await hub.asRoot("GET", Self.path + "/data", status: 404)
        }
    }

    @Test func dataNeedsMetadata() async throws {
        try await withObject { hub in
            let auth = "root/root:\(TestHub.rootPassword)"
            let missing = try await hub.client.send("PUT", "/api/v1/objects/IBM/t/none/data", auth: auth, body: [1])
            #expect(missing.status == 404)
            try await hub.asRoot("PUT", "/api/v1/objects/IBM/t/bare", ["meta": ["noData": true], "data": "e30="], status: 204)
            #expect(try await hub.client.send("PUT", "/api/v1/objects/IBM/t/bare/data", auth: auth, body: [1]).status == 400)
            try await hub.asRoot("GET", "/api/v1/objects/IBM/t/bare/data", status: 404)
            try await hub.asRoot("GET", "/api/v1/objects/IBM/t/a%2Fb", status: 400)
            try await hub.asRoot("GET", "/api/v1/objects/o(p)", status: 400)
            try await hub.asRoot("GET", "/api/v1/objects/IBM/t(p)", status: 400)
            try await hub.asRoot("PUT", "/api/v1/objects/IBM/t/x", ["meta": ["objectSize": -1]], status: 400)
            try await hub.asRoot("PUT", "/api/v1/objects/IBM/t/x", ["meta": ["hashAlgorithm": "MD5"]], status: 400)
            try await hub.asRoot("PUT", "/api/v1/objects/IBM/t/x", ["meta": ["signature": "not base64!"]], status: 400)
        }
    }

    @Test func signedDataIsVerifiedAndANewSignatureWaitsForItsBytes() async throws {
        try await withObject { hub in
            let key = try RSAPrivateKey.generate(bits: 2048)
            let publicKey = Base64.encode(try key.publicKey().der())
            let upload = { (text: String) throws -> JSONValue in
                let signature = try key.sign(sha256: try SHA256.digest(of: Array(text.utf8)))
                return [
                    "meta": [
                        "public": true, "hashAlgorithm": "SHA256", "publicKey": .string(publicKey),
                        "signature": .string(Base64.encode(signature)),
                    ]
                ]
            }
            let meta = { () async throws -> JSONValue? in try await hub.client.send("GET", Self.path, auth: "o/n1:tok-n1").json }

            try await hub.asRoot("PUT", Self.path, try upload("signed"), status: 204)
            #expect(try await meta()?[member: "signature"] == "", "old bytes are never shown with a new signature")
            #expect(try await put(hub, Array("forged".utf8)).status == 500)
            #expect(try await hub.client.send("GET", Self.path + "/status", auth: "o/n1:tok-n1").text == "verificationFailed")
            #expect(try await get(hub).text == "0123456789")
            #expect(try await put(hub, Array("signed".utf8)).status == 204)
            #expect(try await meta()?[member: "hashAlgorithm"] == "SHA256")
            #expect(try await get(hub).text == "signed")
            #expect(try await hub.client.send("GET", Self.path + "/status", auth: "o/n1:tok-n1").text == "ready")
        }
    }

    @Test func aLargeObjectTravelsInPieces() async throws {
        try await withObject { hub async throws in
            let bytes = (0..<(6 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            #expect(try await put(hub, bytes).status == 204)
            #expect(try await get(hub).body == bytes)
            #expect(try await get(hub, ["Range": "bytes=5242870-5242889"]).body == Array(bytes[5_242_870...5_242_889]))
        }
    }

    @Test func listsShowWhatTheCallerMayRead() async throws {
        try await withObject { hub in
            try await hub.asRoot("PUT", "/api/v1/objects/o/agent_upgrade_manifests/m", ["meta": [:], "data": "e30="], status: 204)
            try await hub.asRoot("PUT", "/api/v1/objects/o/secret_files/s", ["meta": [:], "data": "e30="], status: 204)
            let types = { (query: String) async throws -> JSONValue? in
                try await hub.client.send("GET", "/api/v1/objects/o" + query, auth: "o/n1:tok-n1").json
            }
            #expect(try await types("?list_object_type=true") == ["agent_upgrade_manifests"])
            #expect(try await types("?filters=true&objectType=agent_upgrade_manifests&objectID=m")?.array?.count == 1)
            #expect(try await hub.client.send("GET", "/api/v1/objects/o?filters=true&objectType=x", auth: "o/n1:tok-n1").status == 404)
            #expect(try await hub.client.send("GET", "/api/v1/objects/o/secret_files/s", auth: "o/n1:tok-n1").status == 403)
            let bad = try await hub.client.send("GET", Self.path, auth: "o/n1:wrong")
            #expect(bad.status == 403)
            #expect(bad.text == "Unauthorized")
            #expect(try await hub.client.send("PUT", Self.path, auth: "o/n1:tok-n1", json: ["meta": [:]]).status == 403)
        }
    }
}
