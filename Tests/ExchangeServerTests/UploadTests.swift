import ExchangeServer
import LibCrypto
import Testing
import UpgradeWire

/// Uploads at once: inside the metadata, signed, too large, on a full disk.
@Suite struct UploadTests {
    @Test func unreadableInlineDataChangesNothing() async throws {
        try await ObjectShop.run { shop in
            let before = try await shop.metadata()
            for flag in [false, true] {
                try await shop.hub.asRoot(
                    "PUT", ObjectShop.path, ["meta": ["description": "new", "noData": .bool(flag)], "data": "not base64"], status: 400)
            }
            try await shop.hub.asRoot("PUT", "/api/v1/objects/IBM/t/fresh", ["meta": [:], "data": "%"], status: 400)
            #expect(try await shop.metadata() == before)
            #expect(try await shop.text() == "0123456789")
            try await shop.hub.asRoot("GET", "/api/v1/objects/IBM/t/fresh", status: 404)
            #expect(shop.files() == 1)
        }
    }

    /// Each version says in its description how long it is; a reader between two transactions would see one without the other.
    @Test func inlineDataAndItsMetadataAreSeenTogether() async throws {
        try await ObjectShop.run { shop in
            func put(_ count: Int) async throws {
                let data = Base64.encode([UInt8](repeating: 120, count: count))
                try await shop.hub.asRoot(
                    "PUT", ObjectShop.path, ["meta": ["description": .string("\(count)")], "data": .string(data)], status: 204)
            }
            try await put(1)
            let writer = Task { for round in 2..<80 { try await put(round % 7 + 1) } }
            let reader = Task {
                var torn: Set<String> = []
                while !Task.isCancelled {
                    // The end may come in the middle of a call.
                    let meta: JSONValue
                    do { meta = try await shop.metadata() } catch is CancellationError { break }
                    let size = "\(meta[member: "objectSize"]?.integer ?? -1)"
                    let told = meta[member: "description"]?.string ?? "none"
                    if told != size && told != "old" { torn.insert("\(told) with \(size) bytes") }
                }
                return torn
            }
            try await writer.value
            reader.cancel()
            #expect(try await reader.value.isEmpty)
        }
    }

    @Test func signedInlineDataIsVerified() async throws {
        try await ObjectShop.run { shop in
            let key = try RSAPrivateKey.generate(bits: 2048)
            let publicKey = Base64.encode(try key.publicKey().der())
            let signature = Base64.encode(try key.sign(sha256: try SHA256.digest(of: Array("signed".utf8))))
            func put(_ text: String, status: Int) async throws {
                try await shop.hub.asRoot(
                    "PUT", ObjectShop.path,
                    [
                        "meta": ["hashAlgorithm": "SHA256", "publicKey": .string(publicKey), "signature": .string(signature)],
                        "data": .string(Base64.encode(Array(text.utf8))),
                    ], status: status)
            }
            try await put("forged", status: 500)
            #expect(try await shop.text() == "0123456789")
            #expect(try await shop.status() == "verificationFailed")
            #expect(try await shop.metadata()[member: "signature"] == "", "old bytes are never shown with a new signature")
            #expect(shop.files() == 1)
            try await put("signed", status: 204)
            #expect(try await shop.text() == "signed")
            #expect(try await shop.status() == "ready")
            #expect(try await shop.metadata()[member: "signature"] == .string(signature))
        }
    }

    @Test func goodBytesAreReadyAgainWhenTheirOwnSignatureComesBack() async throws {
        try await ObjectShop.run { shop in
            let key = Base64.encode(try RSAPrivateKey.generate(bits: 2048).publicKey().der())
            let meta: JSONValue = ["hashAlgorithm": "SHA256", "publicKey": .string(key), "signature": "AAAA"]
            try await shop.hub.asRoot("PUT", ObjectShop.path, ["meta": meta], status: 204)
            #expect(try await shop.put("forged").status == 500)
            #expect(try await shop.status() == "verificationFailed")
            try await shop.hub.asRoot("PUT", ObjectShop.path, ["meta": [:]], status: 204)
            #expect(try await shop.status() == "ready")
            #expect(try await shop.text() == "0123456789")
        }
    }

    /// Key and signature are OpenSSL's: RSASSA-PSS, SHA-1 in both places, over `signed with SHA-1`.
    @Test func aSHA1SignatureIsVerifiedToo() async throws {
        try await ObjectShop.run { shop in
            let meta: JSONValue = [
                "hashAlgorithm": "SHA1", "publicKey": .string(Self.publicKey), "signature": .string(Self.signature),
            ]
            try await shop.hub.asRoot("PUT", ObjectShop.path, ["meta": meta], status: 204)
            #expect(try await shop.put("signed with SHA-2").status == 500)
            #expect(try await shop.status() == "verificationFailed")
            #expect(try await shop.text() == "0123456789")
            #expect(try await shop.put("signed with SHA-1").status == 204)
            #expect(try await shop.status() == "ready")
            #expect(try await shop.text() == "signed with SHA-1")
        }
    }

    @Test func whatIsTooLongIsRefused() async throws {
        try await ObjectShop.run(configure: { $0.objects.objectBytesMax = 16 }) { shop in
            let long = "0123456789abcdefg"
            #expect(try await shop.put(long).status == 413)
            let head = HubClient.head("PUT", ObjectShop.path + "/data", auth: ObjectShop.auth)
            let body = "Transfer-Encoding: chunked\r\n\r\n11\r\n\(long)\r\n0\r\n\r\n"
            #expect(try await shop.hub.client.raw(Array((head + body).utf8)).status == 413)
            #expect(try await shop.put("0123".utf8, at: 0, of: 17).status == 413)
            let inline: JSONValue = ["meta": [:], "data": .string(Base64.encode(Array(long.utf8)))]
            try await shop.hub.asRoot("PUT", ObjectShop.path, inline, status: 413)
            #expect(try await shop.text() == "0123456789")
            #expect(try await shop.put("0123456789abcdef").status == 204)
            #expect(shop.files() == 1)
        }
    }

    @Test func aFullDiskLeavesTheOldObject() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        try await ObjectShop.run(root: root) { _ in }
        try await TestHub.run(root: root, configure: { $0.objects.freeBytesMin = .max }) { hub in
            let shop = ObjectShop(hub: hub)
            let answer = try await shop.put("new")
            #expect(answer.status == 507)
            #expect(answer.text.contains("disk"))
            #expect(try await shop.put("new".utf8, at: 0, of: 6).status == 507)
            try await hub.asRoot("PUT", ObjectShop.path, ["meta": ["description": "new"], "data": "bmV3"], status: 507)
            #expect(try await shop.metadata()[member: "description"] == "old")
            #expect(try await shop.text() == "0123456789")
            #expect(shop.files() == 1)
        }
    }

    @Test func downloadsOfWholeObjectsAreBounded() async throws {
        try await ObjectShop.run(configure: { $0.objects.wholesMax = 0 }) { shop in
            let answer = try await shop.get()
            #expect(answer.status == 429)
            #expect(answer.headers["retry-after"] == "5")
            #expect(try await shop.get(["Range": "bytes=2-3"]).text == "23", "parts have a bound of their own")
        }
        try await ObjectShop.run(configure: { $0.objects.wholesMax = 1 }) { shop async throws in
            for _ in 0..<3 { #expect(try await shop.text() == "0123456789", "the leave comes back") }
        }
    }

    @Test func whatTheClientHasIsNotSentAgain() async throws {
        try await ObjectShop.run { shop in
            let tag = try #require(try await shop.get().headers["etag"])
            let answer = try await shop.get(["If-None-Match": "\"other\", \(tag)"])
            #expect(answer.status == 304)
            #expect(answer.headers["etag"] == tag)
            #expect(answer.body.isEmpty)
            #expect(try await shop.put("new").status == 204)
            #expect(try await shop.get(["If-None-Match": tag]).text == "new")
        }
    }

    private static let publicKey = """
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3F4tkDQUZyiEPfJGO5iss6KYpAgBOmaftDtZNuCk5FmCOKOWaJVwunxfY6lx1ECjM/R72Sy5AFqr\
        LS10mdsobjYh+S3fX6sNxYvgZUtWQbHGTgddSgB6O+AD1tRCGmPLIs+B3jSITozDu2n1XdMBtg47kNygZOFLQCW6PXFd/ZEFGZsRLbpmyg3XZHyG0J1mDKcn\
        yWEwm2bnPB2VenY6ti1yORX5FHuqkZD14QovophQ4/p5wHmswsDhVw8XJvZ+tOfAFMMCxf5zuEB6bEhQHWWF4vlKbH0LfnMEpi1qezB+U+2Bxg6wAoUyW1AK\
        T01/lZ+vhfEyiN05s3WthW+SjQIDAQAB
        """
    private static let signature = """
        c/Wgj/p5a940tqBnYbqeolFeG49cQ4Wq8dYUR49HOhSlAOmnxfS3DqVhFbU3RR2zwR+6FK1SoAP8WOLP1/ECnk/6fXA0yUEn1ccMzdiYH9S5w7NeFJi69Anv\
        SloWElMhZb3YKQRPiTDkNps225lttwAPDjJOVFwWJ54zAm+M6qsr+MXRw8xQqdUhiOZdlgEBA8qZfyBgRnd/u2hLZNjeIjMeHc0xpQzetNfeCAvTjwvF2/xp\
        oAeO1sVIdThCV4zhJexEHYBDvChYCor9e7ADBfHMoMMc7fAgOgIsMBmwbLJ+ZQh2aKTw4FMYxVRONvKcrMClM6uhQRU0DS1x7FypwA==
        """
}
