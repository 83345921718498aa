import Testing
import UpgradeCore
import UpgradeModel

@Suite struct DescriptorRuleTests {
    private let expected = DescriptorRule.Expectation(name: "horizon", version: "2.0", architecture: "amd64", strategy: .tree)

    private func objection(
        name: String = "horizon", version: String = "2.0.0", architecture: String = "amd64", strategy: InstallStrategy = .tree
    ) -> String? {
        let descriptor = PackageDescriptor(name: name, version: version, architecture: architecture, strategy: strategy)
        return DescriptorRule.objection(to: descriptor, expected: expected)
    }

    @Test func theRightPackagePasses() {
        #expect(objection() == nil)
        #expect(objection(version: "2.0") == nil)
    }

    @Test func everyFieldCounts() {
        #expect(objection(name: "other") == "the package's signed descriptor says name other, expected horizon")
        #expect(objection(version: "1.9.9") == "the package's signed descriptor says version 1.9.9, expected 2.0")
        #expect(objection(version: "2.0.1")?.contains("version 2.0.1") == true)
        #expect(objection(version: "2.0.0-rc")?.contains("version 2.0.0-rc") == true)
        #expect(objection(version: "")?.contains("version") == true)
        #expect(objection(architecture: "arm64")?.contains("architecture arm64, expected amd64") == true)
        #expect(objection(architecture: "")?.contains("architecture") == true)
        for strategy in InstallStrategy.allCases where strategy != .tree {
            #expect(objection(strategy: strategy)?.contains("strategy \(strategy.rawValue), expected tree") == true)
        }
    }

    @Test func twoTextsThatAreNoVersionsAreNotEqual() {
        let descriptor = PackageDescriptor(name: "horizon", version: "new", architecture: "amd64", strategy: .tree)
        let wanted = DescriptorRule.Expectation(name: "horizon", version: "newest", architecture: "amd64", strategy: .tree)
        #expect(DescriptorRule.objection(to: descriptor, expected: wanted) != nil)
    }

    private func demand(
        systems: [SupportedSystem] = [], least: String? = nil, on system: OperatingSystem = .unknown, agent: String = ""
    ) -> String? {
        let descriptor = PackageDescriptor(
            name: "horizon", version: "2.0", architecture: "amd64", strategy: .tree, systems: systems, minimumAgentVersion: least)
        let expected = DescriptorRule.Expectation(
            name: "horizon", version: "2.0", architecture: "amd64", strategy: .tree, system: system, agentVersion: agent)
        return DescriptorRule.objection(to: descriptor, expected: expected)
    }

    @Test func thePackageMayNameItsSystems() {
        let systems = [SupportedSystem(id: "debian", versions: ["11", "12"]), SupportedSystem(id: "fedora", versions: [])]
        #expect(demand(systems: systems, on: OperatingSystem(id: "debian", version: "12")) == nil)
        #expect(demand(systems: systems, on: OperatingSystem(id: "fedora", version: "41")) == nil)
        #expect(
            demand(systems: systems, on: OperatingSystem(id: "debian", version: "13"))
                == "the package is for debian 11 or 12, fedora, found debian 13 in /etc/os-release; publish one for this system")
        #expect(demand(systems: systems, on: OperatingSystem(id: "ubuntu", version: "12")) != nil)
        #expect(demand(systems: systems)?.contains("found an unknown system") == true)
        #expect(demand(on: OperatingSystem(id: "anything", version: "")) == nil)
    }

    @Test func thePackageMayWantANewerAgentFirst() {
        #expect(demand(least: "1.5.0", agent: "1.5") == nil)
        #expect(demand(least: "1.5.0", agent: "1.10.0") == nil)
        #expect(
            demand(least: "1.5.0", agent: "1.4.9")
                == "the package can be installed by version 1.5.0 or later, found 1.4.9; upgrade to one in between first")
        #expect(demand(least: "1.5.0") != nil)
    }

    @Test func controlCharactersAreShownNotSent() {
        #expect(objection(name: "a\u{1B}[2J")?.unicodeScalars.contains("\u{1B}") == false)
    }

    @Test func theStampOfAFileMustFitToo() throws {
        let stamp = try #require(FileStamp(kind: .configuration, version: "3.0"))
        #expect(DescriptorRule.objection(to: stamp, kind: .configuration, version: "3") == nil)
        #expect(DescriptorRule.objection(to: stamp, kind: .certificate, version: "3")?.contains("kind configuration") == true)
        #expect(DescriptorRule.objection(to: stamp, kind: .configuration, version: "4")?.contains("version 3.0, expected 4") == true)
        #expect(DescriptorRule.objection(to: stamp, kind: .configuration, version: "newest") != nil)
    }
}
