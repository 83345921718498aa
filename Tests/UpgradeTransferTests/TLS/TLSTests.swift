import FaultServers
import Testing
import UpgradePorts
import UpgradeTransfer

@Suite struct TLSTests {
    let scratch: Scratch
    let transfer = CurlTransfer()

    init() throws {
        scratch = try Scratch()
        try TLSServer.makeCertificates(in: scratch.path)
        try scratch.write("file", Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello".utf8))
        try scratch.write(
            "down", Array("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
    }

    func get(_ url: String, authorities: String?) -> Downloaded {
        var request = request(url)
        request.trust = HubTrust(certificateAuthorityFile: authorities.map { scratch.path + "/" + $0 }, allowInsecureHub: true)
        return transfer.download(request)
    }

    @Test func theAuthorityFileDecides() throws {
        let server = try TLSServer(in: scratch.path, .good)
        #expect(get(server.url + "/file", authorities: "ca.pem").bytes == Array("hello".utf8))
        #expect(get("https://localhost:\(server.port)/file", authorities: "ca.pem").bytes == Array("hello".utf8))
        let other = get(server.url + "/file", authorities: "other-ca.pem").failure
        #expect(other?.kind == .untrustedServer)
        #expect(other?.explanation.contains("other-ca.pem") == true)
        #expect(get(server.url + "/file", authorities: nil).failure?.kind == .untrustedServer)

        var call = HTTPRequest("GET", server.url + "/file")
        call.trust = HubTrust(certificateAuthorityFile: scratch.path + "/ca.pem", allowInsecureHub: false)
        #expect(try CurlHTTPCaller().call(call).body == Array("hello".utf8))
        call.trust = strictTrust
        #expect { try CurlHTTPCaller().call(call) } throws: { ($0 as? TransferFailure)?.kind == .untrustedServer }
    }

    @Test func anotherNameIsNotBelieved() throws {
        let server = try TLSServer(in: scratch.path, .wrongName)
        #expect(get(server.url + "/file", authorities: "ca.pem").failure?.kind == .untrustedServer)
    }

    @Test func oldProtocolsAreRefused() throws {
        let old = try TLSServer(in: scratch.path, .good, arguments: "-tls1_1 -cipher ALL:@SECLEVEL=0")
        #expect(get(old.url + "/file", authorities: "ca.pem").failure?.kind == .untrustedServer)
        let new = try TLSServer(in: scratch.path, .good, arguments: "-tls1_2")
        #expect(get(new.url + "/file", authorities: "ca.pem").bytes == Array("hello".utf8))
    }

    @Test func neverBackToPlainHTTP() throws {
        let server = try TLSServer(in: scratch.path, .good)
        #expect(get(server.url + "/down", authorities: "ca.pem").failure?.kind == .redirect)
    }

    @Test(arguments: ["missing.pem", "file", "empty.pem"])
    func anUnusableAuthorityFileIsALocalFault(_ name: String) throws {
        try scratch.write("empty.pem", [])
        let server = try TLSServer(in: scratch.path, .good)
        let failure = get(server.url + "/file", authorities: name).failure
        #expect(failure?.kind == .local)
        #expect(failure?.explanation.contains(scratch.path + "/" + name) == true)
    }
}
