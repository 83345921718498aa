import ExchangeServer
import Testing

/// HTTPS with a certificate of the test's own, asked by curl.
@Suite struct TLSTests {
    private static func makeCertificate(_ folder: String) async throws {
        let (output, status) = try await ServerPrograms.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=hub",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem",
            ])
        guard status == 0 else { throw TestFailure("openssl: \(output)") }
    }

    @Test func requestsAreAnsweredOverTLS() async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        try await Self.makeCertificate(folder)
        try await TestHub.run(configure: { $0.tls = (folder + "/cert.pem", folder + "/key.pem") }) { hub in
            let url = "https://127.0.0.1:\(hub.client.port)"
            let curl = ["--silent", "--show-error", "--cacert", folder + "/cert.pem", "-u", "root/root:\(TestHub.rootPassword)"]
            let version = try await ServerPrograms.run("/usr/bin/curl", curl + [url + "/v1/admin/version"])
            #expect(version.output == "2.154.0\n")
            let path = "/api/v1/objects/root/t/long"
            let meta = #"{"meta":{"objectID":"long","objectType":"t"}}"#
            _ = try await ServerPrograms.run("/usr/bin/curl", curl + ["-X", "PUT", "--data-binary", meta, url + path])
            let long = String(repeating: "x", count: 500_000)
            try writeFile(folder + "/body", Array(long.utf8))
            let made = try await ServerPrograms.run(
                "/usr/bin/curl",
                curl + [
                    "--expect100-timeout", "60", "-H", "Expect: 100-continue", "--write-out", "%{http_code}", "--upload-file",
                    folder + "/body", url + path + "/data",
                ])
            #expect(made.output == "204", "\(made)")
            let read = try await ServerPrograms.run("/usr/bin/curl", curl + [url + path + "/data"])
            #expect(read.output == long)
        }
    }

    @Test func plainHTTPIsNotAnswered() async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        try await Self.makeCertificate(folder)
        try await TestHub.run(configure: { $0.tls = (folder + "/cert.pem", folder + "/key.pem") }) { hub in
            let answer = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send("GET /v1/admin/version HTTP/1.1\r\nHost: h\r\n\r\n")
                return try line.receive()
            }
            #expect(!answer.contains("2.154.0"))
        }
    }

    @Test func aHandshakeThatDoesNotComeIsGivenUp() async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        try await Self.makeCertificate(folder)
        let configure = { (options: inout ServeOptions) in
            options.tls = (folder + "/cert.pem", folder + "/key.pem")
            options.limits.head = .milliseconds(300)
        }
        try await TestHub.run(configure: configure) { hub in
            let received = try await SlowClientLine.run(port: hub.client.port) { try $0.receive() }
            #expect(received.isEmpty)
        }
    }

    @Test func somebodyElsesKeyIsToldAtTheStart() async throws {
        let (folder, other) = (try makeScratchFolder(), try makeScratchFolder())
        defer { for folder in [folder, other] { removeFolder(folder) } }
        for folder in [folder, other] { try await Self.makeCertificate(folder) }
        let failure = await #expect(throws: ServeFailure.self) {
            try await TestHub.run(configure: { $0.tls = (folder + "/cert.pem", other + "/key.pem") }) { _ in }
        }
        let text = failure?.description ?? ""
        for part in [folder + "/cert.pem", other + "/key.pem", "the key does not belong to the certificate"] {
            #expect(text.contains(part), "\(text)")
        }
    }

    @Test func aMissingKeyIsToldAtTheStart() async throws {
        let failure = await #expect(throws: ServeFailure.self) {
            try await TestHub.run(configure: { $0.tls = ("/nowhere/cert.pem", "/nowhere/key.pem") }) { _ in }
        }
        #expect(failure?.description.contains("/nowhere/cert.pem") == true)
    }
}
