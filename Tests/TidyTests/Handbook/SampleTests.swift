import FoundationEssentials
import Testing
import UpgradeModel
import UpgradeWire

@Suite("Samples in manifests/")
struct SampleTests {
    private func data(_ name: String) throws -> Data { Data(try House.bytes("manifests/" + name)) }

    /// Decodes a sample and demands that the document knows every key of it: the exchange refuses unknown ones.
    private func read<Document: Codable>(_ type: Document.Type, _ name: String) throws -> Document {
        let bytes = try data(name)
        let document = try JSONDecoder().decode(type, from: bytes)
        let kept = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(document))
        let unknown = SampleTests.unknownKeys(try JSONDecoder().decode(JSONValue.self, from: bytes), kept: kept)
        #expect(unknown.isEmpty, "manifests/\(name): \(unknown)")
        return document
    }

    /// Keys of a value that another one has not, with their way from the top.
    static func unknownKeys(_ value: JSONValue, kept: JSONValue, at way: String = "") -> [String] {
        if let members = value.object {
            return members.sorted { $0.key < $1.key }.flatMap { key, member -> [String] in
                guard let other = kept.object?[key] else { return [way + "/" + key] }
                return unknownKeys(member, kept: other, at: way + "/" + key)
            }
        }
        guard let elements = value.array, let others = kept.array, elements.count == others.count else { return [] }
        return zip(elements, others).flatMap { unknownKeys($0, kept: $1, at: way + "[]") }
    }

    @Test("every JSON sample parses, and none is left out here")
    func all() throws {
        // Scenarios are run by their own tests.
        let samples = House.files(below: "manifests").filter { !$0.hasPrefix("manifests/scenarios/") }
        #expect(
            samples
                == [
                    "manifests/manifest.json", "manifests/nmp.json", "manifests/node-policy.json", "manifests/uplift.conf",
                    "manifests/upgrade-package.json",
                ].sorted())
        for sample in samples where sample.hasSuffix(".json") {
            #expect(throws: Never.self) { try JSONDecoder().decode(JSONValue.self, from: Data(try House.bytes(sample))) }
        }
    }

    @Test("nmp.json is a policy that the exchange takes")
    func policy() throws {
        let policy = try read(NodeManagementPolicyRequestDocument.self, "nmp.json")
        #expect(policy.label?.isEmpty == false && policy.agentUpgradePolicy?.manifest.isEmpty == false)
        #expect(policy.constraints == nil || policy.patterns == nil)
        for text in policy.constraints ?? [] { #expect(throws: Never.self) { try Constraint(parsing: text) } }
        if let start = policy.start, start != "now" { #expect(UTCInstant(rfc3339: start) != nil) }
    }

    @Test("manifest.json is a manifest whose versions can be resolved")
    func manifest() throws {
        let manifest = try read(ManifestDocument.self, "manifest.json")
        for part in [manifest.softwareUpgrade, manifest.configurationUpgrade, manifest.certificateUpgrade] where !part.version.isEmpty {
            #expect(part.version == "latest" || Version(part.version) != nil || VersionRange(part.version) != nil, "\(part.version)")
            #expect(!part.files.isEmpty)
        }
    }

    @Test("node-policy.json is a node policy")
    func nodePolicy() throws {
        let policy = try read(NodePolicyDocument.self, "node-policy.json")
        #expect(policy.lastUpdated == nil && !policy.properties.isEmpty)
        for text in policy.constraints + policy.management.constraints { #expect(throws: Never.self) { try Constraint(parsing: text) } }
    }

    @Test("upgrade-package.json is a descriptor")
    func descriptor() throws {
        let descriptor = try PackageDescriptorDocument.read(try House.bytes("manifests/upgrade-package.json"))
        #expect(descriptor.health != nil)
    }

    @Test("uplift.conf sets settings that exist")
    func settings() throws {
        let (values, mistakes) = SettingsFile.parse(try House.text("manifests/uplift.conf"))
        #expect(mistakes.isEmpty && !values.isEmpty)
        for key in values.keys { #expect(SettingKey(rawValue: key) != nil, "\(key) is no setting") }
    }

    @Test("an unknown key is found at any depth")
    func selfTest() throws {
        let planted = Data(#"{"softwareUpgrade":{"version":"1","files":["*"],"colour":"red"},"size":1}"#.utf8)
        let value = try JSONDecoder().decode(JSONValue.self, from: planted)
        let kept = try JSONDecoder().decode(
            JSONValue.self, from: JSONEncoder().encode(JSONDecoder().decode(ManifestDocument.self, from: planted)))
        #expect(SampleTests.unknownKeys(value, kept: kept) == ["/size", "/softwareUpgrade/colour"])
    }
}
