import Testing
import UpgradeCore
import UpgradeModel

@Suite struct PlanRuleTests {
    private let one = Version("1.0.0")
    private let two = Version("2.0.0")

    private func need(
        _ wanted: Version?, over current: String, allowDowngrade: Bool = false, others: [UpgradeNeedRule.OtherUpgrade] = []
    ) throws -> UpgradeNeed {
        try UpgradeNeedRule.needs(
            wanted: PerComponent(software: wanted, configuration: nil, certificate: nil),
            current: PerComponent(software: current, configuration: "", certificate: ""), allowDowngrade: allowDowngrade,
            scheduled: UTCInstant(secondsSinceEpoch: 100), others: others
        ).software
    }

    private func other(at seconds: Int64) -> UpgradeNeedRule.OtherUpgrade {
        .init(
            scheduled: UTCInstant(secondsSinceEpoch: seconds), versions: PerComponent(software: "2.0.0", configuration: "", certificate: "")
        )
    }

    @Test func everyNeedIsReached() throws {
        let one = try #require(one)
        let two = try #require(two)
        #expect(try need(nil, over: "1.0.0") == .notWanted)
        #expect(try need(one, over: "1.0") == .upToDate)
        #expect(try need(one, over: "2.0.0") == .downgradeNotAllowed)
        #expect(try need(one, over: "2.0.0", allowDowngrade: true, others: [other(at: 101)]) == .downgradeSuperseded)
        #expect(try need(one, over: "2.0.0", allowDowngrade: true, others: [other(at: 100)]) == .take(one))
        #expect(try need(two, over: "1.0.0", others: [other(at: 101)]) == .take(two))
        #expect(try need(one, over: "local build") == .take(one))
        let error = #expect(throws: CurrentVersionError.self) { try need(one, over: "nightly") }
        #expect(error?.explanation.contains("'nightly'") == true)
    }

    @Test func recordsWhatTheNodeThenHas() throws {
        let wanted = PerComponent(software: one, configuration: two, certificate: nil)
        let current = PerComponent(software: "1.5.0", configuration: "1.0.0", certificate: "3.0.0")
        let needs = try UpgradeNeedRule.needs(
            wanted: wanted, current: current, allowDowngrade: false, scheduled: UTCInstant(secondsSinceEpoch: 0), others: [])
        #expect(
            UpgradeNeedRule.recorded(needs, wanted: wanted, current: current)
                == PerComponent(software: "1.0.0", configuration: "2.0.0", certificate: "3.0.0"))
    }

    @Test func missingFilesAreAllNamed() throws {
        let take = UpgradeNeed.take(try #require(one))
        let needs = PerComponent(software: take, configuration: take, certificate: take)
        let listed = PerComponent(software: ["a.deb"], configuration: ["other"], certificate: [String]())
        let error = #expect(throws: MissingFilesError.self) {
            try ManifestFilesRule.files(needs: needs, listed: listed, packages: ["a.deb", "b.deb"], node: .device)
        }
        #expect(error?.names == ["b.deb", "agent-install.cfg", "agent-install.crt"])
        #expect(
            error?.explanation(manifest: "o/m")
                == "The following package or file names are not listed in the manifest o/m: b.deb, agent-install.cfg, agent-install.crt")
    }

    @Test func theScriptIsOptionalAndOnlyForDevices() throws {
        let needs = PerComponent<UpgradeNeed>(software: .take(try #require(one)), configuration: .notWanted, certificate: .notWanted)
        func names(_ listed: [String], _ node: NodeType) throws -> [String] {
            try ManifestFilesRule.files(
                needs: needs, listed: PerComponent(software: listed, configuration: [], certificate: []), packages: ["a"], node: node
            ).map(\.name)
        }
        #expect(try names(["a"], .device) == ["a"])
        #expect(try names(["a", "agent-install.sh"], .device) == ["a", "agent-install.sh"])
        #expect(try names(["*"], .cluster) == ["a"])
    }

    @Test func wishesThatCannotBeMetSayWhy() {
        let cases: [(String, [String], VersionResolutionError)] = [
            ("newest", [], .unreadable(component: .software, found: "newest")),
            ("latest", ["x"], .nothingAvailable(component: .software)),
        ]
        for (wanted, available, expected) in cases {
            let error = #expect(throws: VersionResolutionError.self) {
                try VersionResolutionRule.resolve(wanted, of: .software, available: available)
            }
            #expect(error == expected)
            #expect(error?.explanation.contains("software") == true)
        }
        let error = #expect(throws: VersionResolutionError.self) {
            try VersionResolutionRule.resolve("[2.0.0,3.0.0]", of: .certificate, available: ["1.0.0", "x"])
        }
        #expect(error?.word == "no-version-in-range")
        #expect(error?.explanation.contains("none of the 1 versions") == true)
    }

    @Test func everyUnsupportedSystemIsNamed() {
        let error = #expect(throws: PackageNameError.self) {
            try PackageNameRule.names(for: .device, operatingSystem: "alpine", architecture: "amd64", isContainerized: true)
        }
        #expect(error?.explanation.contains("'alpine'") == true)
    }
}
