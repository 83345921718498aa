import ExchangeModel
import Testing

/// The table of contract 1.1, cell by cell, for the resources of this hub.
@Suite struct AccessRuleTests {
    private static let node = Caller(org: "o", id: "n1", role: .node)
    private static let owner = Caller(org: "o", id: "owner", role: .user)
    private static let user = Caller(org: "o", id: "other", role: .user)
    private static let admin = Caller(org: "o", id: "boss", role: .orgAdmin)
    private static let hubAdmin = Caller(org: "o", id: "hub", role: .hubAdmin)
    private static let agbot = Caller(org: "o", id: "bot", role: .agbot)
    private static let callers = [node, owner, user, admin, hubAdmin, agbot, .root]

    /// One row: who may, in the order node, owner, other user, org admin, hub admin, agbot, root.
    @Test(
        arguments: [
            (.readNode(org: "o", id: "n1", owner: "o/owner"), "yynynyy"), (.listNodes(org: "o"), "nyyynyy"),
            (.writeNode(org: "o", id: "n1", owner: "o/owner"), "yynynny"), (.readManagementPolicies(org: "o"), "yyyynyy"),
            (.writeManagementPolicies(org: "o"), "nnnynny"), (.readAgentFileVersion, "yyyyyyy"), (.writeAgentFileVersion, "nnnnyny"),
            (.readChanges(org: "o"), "yyyyyyy"), (.readMaxChangeID, "ynnynyy"), (.readHubStatus, "nyyyyny"),
            (.readOrg(org: "o"), "yyyyyyy"), (.readFleetReport, "nnnyyny"),
            (.writeOrg(org: "o"), "nnnyyny"), (.manageOrgs(org: "x"), "nnnnyny"), (.readUser(org: "o", id: "owner"), "nynyyny"),
            (.readUser(org: "o", id: "boss"), "nnnyyny"), (.readUser(org: "o", id: "hub"), "nnnyyny"),
            (.writeUser(org: "o", id: "owner", isHubAdmin: false), "nynyyny"),
            (.writeUser(org: "o", id: "hub", isHubAdmin: true), "nnnnyny"),
            (.writeUser(org: "o", id: "hub2", isHubAdmin: true), "nnnnnny"),
            (.deleteUser(org: "o", id: "owner", isHubAdmin: false), "nnnyyny"),
            (.deleteUser(org: "o", id: "hub", isHubAdmin: true), "nnnnnny"), (.readAgbot(org: "o"), "yyyynyy"),
            (.writeAgbot(org: "o", id: "bot"), "nnnynyy"), (.writeAgbot(org: "o", id: "n1"), "nnnynny"),
            (.manageUsers(org: "o"), "nnnyyny"), (.makeHubAdmin, "nnnnnny"),
        ] as [(Permission, String)])
    func ownOrg(permission: Permission, row: String) {
        let found = Self.callers.map { AccessRule.allows(permission, to: $0) ? "y" : "n" }.joined()
        #expect(found == row)
    }

    @Test(
        arguments: [
            (.readNode(org: "p", id: "n1", owner: nil), "nnnnnny"), (.writeNode(org: "p", id: "n1", owner: "o/owner"), "nnnnnny"),
            (.listNodes(org: "p"), "nnnnnny"), (.readManagementPolicies(org: "p"), "nnnnnny"),
            (.writeManagementPolicies(org: "p"), "nnnnnny"), (.readChanges(org: "p"), "nnnnyny"), (.readOrg(org: "p"), "nnnnyny"),
            (.manageUsers(org: "p"), "nnnnyny"), (.manageUsers(org: "root"), "nnnnnny"),
        ] as [(Permission, String)])
    func otherOrg(permission: Permission, row: String) {
        let found = Self.callers.map { AccessRule.allows(permission, to: $0) ? "y" : "n" }.joined()
        #expect(found == row)
    }

    @Test func anUnknownOwnerIsTheCaller() {
        #expect(AccessRule.allows(.writeNode(org: "o", id: "new", owner: nil), to: Self.user))
        #expect(!AccessRule.allows(.writeNode(org: "o", id: "new", owner: nil), to: Self.node))
    }

    @Test func anAgbotOfIBMSeesEveryOrg() {
        let agbot = Caller(org: "IBM", id: "bot", role: .agbot)
        #expect(AccessRule.allows(.readNode(org: "p", id: "n", owner: "p/u"), to: agbot))
        #expect(AccessRule.allows(.readManagementPolicies(org: "p"), to: agbot))
        #expect(AccessRule.allows(.writeAgentFileVersion, to: agbot))
        #expect(ObjectAccessRule.mayWrite(org: "p", type: ObjectAccessRule.manifestType, caller: agbot))
        #expect(ObjectAccessRule.mayRead(org: "p", type: "files", isPublic: false, caller: agbot))
    }

    @Test func onlyTheAdminOfIBMWritesAgentFileVersions() {
        #expect(AccessRule.allows(.writeAgentFileVersion, to: Caller(org: "IBM", id: "a", role: .orgAdmin)))
    }

    @Test func aRefusalNamesCallerAndTarget() {
        let refusal = #expect(throws: Refusal.self) {
            try AccessRule.require(.writeManagementPolicies(org: "o"), of: Self.node)
        }
        #expect(refusal?.status == 403)
        #expect(refusal?.code == "access-denied")
        #expect(refusal?.message.hasPrefix("Access denied: 'o/n1' does not have authorization: ") == true)
    }

    @Test func objects() {
        let manifests = ObjectAccessRule.manifestType
        let read = { (type: String, isPublic: Bool) in
            Self.callers.map { ObjectAccessRule.mayRead(org: "o", type: type, isPublic: isPublic, caller: $0) ? "y" : "n" }.joined()
        }
        #expect(read(manifests, false) == "yyyyyyy")
        #expect(read("files", false) == "nyyyyyy")
        #expect(read("files", true) == "yyyyyyy")
        let write = { (org: String, type: String) in
            Self.callers.map { ObjectAccessRule.mayWrite(org: org, type: type, caller: $0) ? "y" : "n" }.joined()
        }
        #expect(write("o", "files") == "nyyyyyy")
        #expect(write("o", manifests) == "nnnyyyy")
        #expect(write("p", "files") == "nnnnyny")
        #expect(!ObjectAccessRule.mayRead(org: "p", type: manifests, isPublic: false, caller: Self.node))
    }

    @Test(
        arguments: [
            ("o/n:s", ["o", "n", "s"]), ("o/n:a:b/c", ["o", "n", "a:b/c"]), ("o/n/x:s", nil), ("o/n x:s", ["o", "n x", "s"]),
            ("o/\u{212A}:s", nil), ("\u{e9}/n:s", nil), ("o/n\n:s", nil), ("o:s/n", nil), ("/n:s", nil),
            ("o/:s", nil), ("o/n:", nil), ("", nil),
        ] as [(String, [String]?)])
    func credentials(text: String, parts: [String]?) {
        #expect(Credentials(basic: text).map { [$0.org, $0.id, $0.secret] } == parts)
    }
}
