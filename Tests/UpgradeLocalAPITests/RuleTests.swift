import Testing
import UpgradePorts

@testable import UpgradeLocalAPI

@Suite struct PeerRuleTests {
    static let rule = PeerRule(agentUser: 990, groupNumber: 77)

    @Test(
        arguments: [
            (0, 0, [], true),  // root
            (990, 990, [], true),  // the agent's own user
            (1000, 77, [], true),  // primary group
            (1000, 1000, [4, 77], true),  // supplementary group
            (1000, 1000, [4, 78], false),
            (1000, 0, [0], false),  // root's group is not root
            (65534, 65534, [], false),
        ] as [(UInt32, UInt32, [UInt32], Bool)])
    func whoMay(uid: UInt32, gid: UInt32, groups: [UInt32], admitted: Bool) {
        #expect(Self.rule.admits(PeerIdentity(uid: uid, gid: gid, pid: 1), groups: groups) == admitted)
    }

    @Test func withoutTheGroupOnlyRootAndTheAgentMay() {
        let rule = PeerRule(agentUser: 990, groupNumber: nil)
        #expect(!rule.admits(PeerIdentity(uid: 1000, gid: 77, pid: 1), groups: [77]))
        #expect(rule.admits(PeerIdentity(uid: 990, gid: 1, pid: 1), groups: []))
    }

    @Test func theRefusalSaysWhoMayAndWhoAsked() {
        let answer = Self.rule.refusal(of: PeerIdentity(uid: 1234, gid: 5, pid: 6))
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == 403)
        #expect(text.contains("root") && text.contains("uid 990") && text.contains("group uplift") && text.contains("uid 1234"))
    }
}

@Suite struct HostRuleTests {
    @Test(arguments: [
        "", "localhost", "LocalHost:8510", "127.0.0.1", "127.0.0.1:8510", "[::1]", "[::1]:1", "localhost:",
    ])
    func local(host: String) { #expect(HostRule.isLocal(host)) }

    @Test(arguments: [
        "evil.example", "evil.example:8510", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example", "127.0.0.2",
        "::1", "[::1]x", "localhost:123456", "localhost:8a", "localhost ", "0.0.0.0", "localhost,evil.example",
    ])
    func foreign(host: String) { #expect(!HostRule.isLocal(host)) }
}

@Suite struct RequestTargetTests {
    @Test(
        arguments: [
            ("/", []), ("/status", ["status"]), ("/status/", ["status"]), ("/a//b", ["a", "", "b"]),
            ("/nodemanagement/status/my%2Forg/n%20m+p", ["nodemanagement", "status", "my/org", "n m+p"]), ("/%C3%BC", ["ü"]),
            ("/a?b/c", ["a"]), ("/..", [".."]),
        ] as [(String, [String])])
    func path(target: String, path: [String]) { #expect(RequestTarget(target)?.path == path) }

    @Test(arguments: [
        "", "*", "status", "http://localhost/status", "localhost:80", "/%", "/%2", "/%zz", "/%ff", "/%00", "/?a=%", "/?%ff=1",
    ])
    func refused(target: String) { #expect(RequestTarget(target) == nil) }

    @Test func query() {
        let query = RequestTarget("/eventlog?type=agentUpgrade&ready=&flag&t=%3E%3D5&a=b=c&s=x+y%2B&&type=2")?.query
        #expect(query?.map { "\($0.name):\($0.value)" } == ["type:agentUpgrade", "ready:", "flag:", "t:>=5", "a:b=c", "s:x y+", "type:2"])
    }
}

@Suite struct LocalRequestTests {
    @Test(arguments: [
        ("GET", false), ("HEAD", false), ("OPTIONS", false), ("PUT", true), ("DELETE", true), ("PATCH", true), ("QUERY", true),
    ])
    func changing(method: String, changes: Bool) { #expect(LocalRequest(method: method, path: []).isChanging == changes) }

    @Test func absentIsNotEmpty() {
        let request = LocalRequest(method: "GET", path: [], query: [("type", ""), ("type", "x")])
        #expect(request.value("type")?.isEmpty == true)
        #expect(request.value("ready") == nil)
    }
}
