import FoundationEssentials
import Testing

@testable import UpgradeWire

@Suite struct DocumentTests {
    private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    private func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test func jsonValueKeepsEveryKind() throws {
        let text = #"{"a":null,"b":true,"c":5,"d":1.5,"e":"x","f":[0,false,"1"],"g":{"h":{}}}"#
        let value = try decode(JSONValue.self, text)
        #expect(try encode(value) == text)
        #expect(value.object?["b"] == true)
        #expect(value.object?["c"] == 5)
        #expect(value.object?["f"] == [0, false, "1"])
        #expect(value[member: "a"] == nil)
        #expect(value[member: "c"]?.integer == 5)
        #expect(value[member: "d"]?.integer == nil)
    }

    @Test(arguments: ["{}", #"{"nodes":null}"#, #"{"nodes":{},"lastIndex":0,"extra":[1]}"#])
    func absentAndNullAndUnknownKeysAreTolerated(text: String) throws {
        #expect(try decode(NodesDocument.self, text).nodes.isEmpty)
    }

    @Test func everyReadDocumentDecodesFromAnEmptyObject() throws {
        _ = try decode(NodeDocument.self, "{}")
        _ = try decode(NodePolicyDocument.self, "{}")
        _ = try decode(NodeManagementPolicyDocument.self, "{}")
        _ = try decode(ManagementPoliciesDocument.self, "{}")
        _ = try decode(ManagementStatusDocument.self, "{}")
        _ = try decode(ManagementStatusesDocument.self, "{}")
        _ = try decode(ManagementStatusHistoryDocument.self, "{}")
        _ = try decode(AgentFileVersionDocument.self, "{}")
        _ = try decode(ChangesRequestDocument.self, "{}")
        _ = try decode(ChangesDocument.self, "{}")
        _ = try decode(MaxChangeIDDocument.self, "{}")
        _ = try decode(ErrorDocument.self, "{}")
        _ = try decode(ObjectMetadataDocument.self, "{}")
        _ = try decode(ObjectUploadDocument.self, "{}")
        _ = try decode(ManifestDocument.self, "{}")
        _ = try decode(OrgDocument.self, "{}")
        _ = try decode(UserDocument.self, "{}")
        _ = try decode(SoftwareVersionsDocument.self, "{}")
    }

    @Test func aWrongKindIsAnErrorAndNotADefault() {
        #expect(throws: DecodingError.self) { try decode(ErrorDocument.self, #"{"code":5}"#) }
        #expect(throws: DecodingError.self) { try decode(ManifestDocument.self, #"{"softwareUpgrade":{"files":"*"}}"#) }
    }

    @Test func statusAsTheExchangeShowsItTurnsEmptyTextsIntoNothing() throws {
        let shown = try decode(
            ManagementStatusesDocument.self,
            #"""
            {"managementStatus":{"o/p":{"agentUpgradePolicyStatus":{"scheduledTime":"2026-01-02T03:04:05Z","startTime":"","endTime":"",
            "upgradedVersions":{"softwareVersion":"1.0.0","certVersion":"","configVersion":""},"status":"waiting","errorMessage":"",
            "lastUpdated":"2026-01-02T03:04:05.123456Z"}}},"lastIndex":0}
            """#)
        let status = try #require(shown.managementStatus["o/p"]?.agentUpgradePolicyStatus)
        #expect(status.startTime == nil)
        #expect(status.errorMessage == nil)
        #expect(status.status == "waiting")
        #expect(status.upgradedVersions?.softwareVersion == "1.0.0")
    }

    @Test func statusPutLeavesOutWhatIsNotSet() throws {
        let body = ManagementStatusDocument(agentUpgradePolicyStatus: .init(scheduledTime: "t", status: "waiting"))
        #expect(try encode(body) == #"{"agentUpgradePolicyStatus":{"scheduledTime":"t","status":"waiting"}}"#)
    }

    @Test func aPolicyThatWasReadCanBeWrittenBack() throws {
        let read = NodeManagementPolicyDocument(
            label: "l", constraints: ["a == b"], enabled: true, owner: "o/u", created: "c", lastUpdated: "u")
        let text = try encode(NodeManagementPolicyRequestDocument(read))
        for key in ["owner", "created", "lastUpdated", "patterns"] { #expect(!text.contains(key)) }
        #expect(text.contains(#""constraints":["a == b"]"#))
    }

    @Test func nodeKeysAreTheWireWords() throws {
        let node = try decode(
            NodeDocument.self,
            #"{"softwareVersions":{"horizon":"2.31.0","certificate":"1.0.0","config":"1.1.0"},"ha_group":"g","lastHeartbeat":null}"#)
        #expect(node.softwareVersions == .init(software: "2.31.0", certificate: "1.0.0", configuration: "1.1.0"))
        #expect(node.haGroup == "g")
        #expect(node.nodeType == "device")
        #expect(try encode(NodeRequestDocument(name: "n")) == #"{"name":"n"}"#)
    }

    @Test func metadataRoundTrips() throws {
        var meta = ObjectMetadataDocument(objectID: "f", objectType: "t", destinationOrgID: "IBM", isPublic: true)
        meta.objectSize = 5_000_000_000
        meta.destinationPolicy = ["properties": [], "constraints": []]
        let text = try encode(meta)
        #expect(text.contains(#""public":true"#))
        #expect(try decode(ObjectMetadataDocument.self, text) == meta)
    }

    @Test func manifestPartsMayBeAbsentOrNull() throws {
        let manifest = try decode(
            ManifestDocument.self, #"{"softwareUpgrade":{"version":"latest","files":["*"]},"certificateUpgrade":null}"#)
        #expect(manifest.softwareUpgrade.version == "latest")
        #expect(manifest.certificateUpgrade == .init())
    }

    @Test func valuesThatAreNestedTooDeepAreNone() throws {
        func property(_ depth: Int) -> Data {
            Data(#"{"name":"a","value":\#(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))}"#.utf8)
        }
        #expect(try JSONDecoder().decode(PropertyDocument.self, from: property(40)).value != .null)
        #expect(try JSONDecoder().decode(PropertyDocument.self, from: property(400)).value == .null)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(JSONValue.self, from: property(400)) }
        #expect(try JSONDecoder().decode(PropertyDocument.self, from: Data(#"{"name":"a","value":1e400}"#.utf8)).value == .null)
    }
}
