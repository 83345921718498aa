import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// From a manifest to files, or to the reason why not. install.md, "Which word".
@Suite struct PlannerTests {
    private static let package = "horizon-agent-linux-deb-amd64.tar.gz"
    private static let manifest = """
        {"softwareUpgrade": {"version": "1.1.0", "files": ["\(package)"]}, "certificateUpgrade": {"version": "", "files": []},
         "configurationUpgrade": {"version": "2", "files": ["agent-install.cfg"]}}
        """

    /// A hub with a manifest, versions and two files, and a node that could use both.
    private struct Site {
        var manifest = PlannerTests.manifest
        var signature: DetachedSignature?
        var name = "acme/m1"
        var content = SimExchange.Content()
        var node = PlanningNode(
            org: "acme", current: PerComponent(software: "1.0.0", configuration: "1", certificate: ""), operatingSystem: "debian",
            architecture: "amd64", softwareFloor: "1.0.0", scheduled: Fixture.start, others: [])
        var allowDowngrade = false
        var free: Int64 = 1 << 40
        var refuse: @Sendable (SimExchange.Call) -> TransferFailure? = { _ in nil }

        init() throws {
            content.versions = PerComponent(software: ["1.0.0", "1.1.0"], configuration: ["1", "2"], certificate: [])
            let signature = try Publisher.shared.get().sign([1])
            let package = "IBM/agent_software_files-1.1.0/\(PlannerTests.package)"
            content.objects[package] = ObjectRecord(length: 1000, signature: signature)
            content.objects["IBM/agent_config_files-2/agent-install.cfg"] = ObjectRecord(length: 50, signature: signature)
        }

        func run() throws -> Planner.Outcome {
            var content = content
            let bytes = Array(manifest.utf8)
            let signature = try signature ?? Publisher.shared.get().sign(bytes)
            let object = "acme/agent_upgrade_manifests/m1"
            content.objects[object] = ObjectRecord(length: Int64(bytes.count), signature: signature)
            content.data[object] = bytes
            let free = free
            var planner = Planner(
                terms: JobTerms(manifest: name, allowDowngrade: allowDowngrade, start: "now", startWindow: 0), node: node,
                client: SimExchange(content, refuse: refuse), trust: try Publisher.shared.get().trust,
                freeBytes: { () throws(FileError) -> Int64 in free })
            return try finish { try planner.step() }
        }

        func failure() throws -> ProcedureFailure? {
            do {
                _ = try run()
                return nil
            } catch let failure as ProcedureFailure { return failure }
        }

        func plan() throws -> JobPlan? { if case .plan(let plan, _) = try run() { plan } else { nil } }

        /// What `latest` meant, whatever came out.
        func latest() throws -> [Component: String] {
            if let failure = try failure() { return failure.latest }
            switch try run() {
            case .plan(_, let latest), .nothing(_, _, let latest): return latest
            }
        }

        func nothing() throws -> (reason: String, versions: [Component: String])? {
            if case .nothing(let reason, let versions, _) = try run() { (reason, versions) } else { nil }
        }
    }

    @Test func `a plan names versions, objects and lengths`() throws {
        let plan = try #require(try Site().plan())
        #expect(plan.versions == [.software: "1.1.0", .configuration: "2"])
        #expect(plan.files.map(\.component) == [.software, .configuration])
        #expect(plan.files.map(\.objectType) == ["agent_software_files-1.1.0", "agent_config_files-2"])
        #expect(plan.files.map(\.length) == [1000, 50])
        #expect(plan.totalLength == 1050)
    }

    @Test func `a manifest without org is looked for in the node's own`() throws {
        var site = try Site()
        site.name = "m1"
        #expect(try site.plan() != nil)
    }

    @Test func `every refusal of the manifest is a failed precheck`() throws {
        let changes: [(String, (inout Site) throws -> Void)] = [
            ("does not exist", { $0.name = "acme/other" }), ("does not exist", { $0.name = "other/m1" }),
            ("names no manifest", { $0.name = "" }),
            ("not signed", { $0.signature = DetachedSignature(hashAlgorithm: "", publicKey: "", signature: "") }),
            ("not believed", { $0.signature = try Publisher.shared.get().sign([9]) }),
            ("not believed", { $0.signature = try Publisher.shared.get().sign(Array(PlannerTests.manifest.utf8), asStranger: true) }),
            ("no manifest document", { $0.manifest = "[]" }), ("no manifest document", { $0.manifest = "{\"softwareUpgrade\": 7}" }),
            ("expected 'latest', a version or a range", { $0.manifest = #"{"softwareUpgrade": {"version": "soon", "files": ["*"]}}"# }),
            ("none of the 2 versions", { $0.manifest = #"{"softwareUpgrade": {"version": "[3.0.0,4.0.0)", "files": ["*"]}}"# }),
            ("lists no certificate version", { $0.manifest = #"{"certificateUpgrade": {"version": "latest", "files": ["*"]}}"# }),
            ("not listed in the manifest", { $0.manifest = #"{"softwareUpgrade": {"version": "1.1.0", "files": ["x.tar.gz"]}}"# }),
            ("current software version", { $0.node.current.software = "soon" }),
            ("below 1.2.0", { $0.node.softwareFloor = "1.2.0" }),
            ("operating system", { $0.node.operatingSystem = "plan9" }), ("operating system", { $0.node.operatingSystem = "" }),
            ("too little space", { $0.free = 1050 }),
            ("manifest", { $0.refuse = { if case .data = $0 { SimExchange.status(404) } else { nil } } }),
            ("manifest", { $0.manifest = String(repeating: " ", count: (1 << 20) + 1) }),
        ]
        for (words, change) in changes {
            var site = try Site()
            try change(&site)
            let failure = try #require(try site.failure(), "\(words)")
            #expect(failure.kind == .final(.precheckFailed), "\(words): \(failure)")
            #expect(failure.reason.contains(words), "\(words): \(failure.reason)")
        }
    }

    @Test func `nothing newer is no error`() throws {
        var site = try Site()
        site.node.current = PerComponent(software: "1.1.0", configuration: "2", certificate: "")
        let nothing = try #require(try site.nothing())
        #expect(nothing.reason == "")
        #expect(nothing.versions == [.software: "1.1.0", .configuration: "2"])
        site.manifest = "{}"
        #expect(try site.nothing() != nil)
    }

    @Test func `what failed here is not planned again, and costs no byte`() throws {
        var site = try Site()
        site.node.failedVersions = [ComponentVersion(component: .software, version: "1.1.0")]
        let failure = try #require(try site.failure())
        #expect(failure.kind == .final(.precheckFailed))
        #expect(failure.reason.hasPrefix("software 1.1.0 failed on this node before"))
        site.node.failedVersions = [ComponentVersion(component: .configuration, version: "2")]
        #expect(try site.plan() != nil)
        site.node.current.software = "1.1.0"
        #expect(try site.failure()?.reason.hasPrefix("configuration 2 failed") == true)
    }

    @Test func `a downgrade needs leave, and no later policy`() throws {
        var site = try Site()
        site.node.current = PerComponent(software: "2.0.0", configuration: "2", certificate: "")
        #expect(try #require(try site.nothing()).reason.contains("downgrade"))
        site.allowDowngrade = true
        #expect(try site.plan()?.versions == [.software: "1.1.0"])
        let later = PerComponent(software: "2.0.0", configuration: "", certificate: "")
        site.node.others = [.init(scheduled: Fixture.start.adding(.seconds(1)), versions: later)]
        #expect(try site.nothing() != nil)
    }

    @Test func `a file without metadata has failed to download`() throws {
        var site = try Site()
        site.content.objects["IBM/agent_config_files-2/agent-install.cfg"] = nil
        #expect(try site.failure()?.kind == .final(.downloadFailed))
        site = try Site()
        let object = "IBM/agent_config_files-2/agent-install.cfg"
        site.content.objects[object] = ObjectRecord(length: 0, signature: try Publisher.shared.get().sign([]))
        #expect(try site.failure()?.kind == .final(.downloadFailed))
    }

    @Test func `a hub that is away or busy is asked again`() throws {
        for number in 0..<6 {
            var site = try Site()
            let count = Shared(0)
            site.refuse = { _ in
                count.change { $0 += 1 }
                return count.value == number + 1 ? SimExchange.status(503, retryAfter: .seconds(5)) : nil
            }
            let failure = try site.failure()
            if count.value <= number { break }
            #expect(failure?.kind == .transient(retryAfter: .seconds(5)), "call \(number)")
        }
        var site = try Site()
        site.refuse = { _ in SimExchange.away }
        #expect(try site.failure()?.kind == .transient(retryAfter: nil))
    }

    @Test func `everything by a star, the installation script is not for us`() throws {
        var site = try Site()
        site.manifest = #"{"softwareUpgrade": {"version": "latest", "files": ["*"]}}"#
        #expect(try site.plan()?.files.map(\.objectID) == [PlannerTests.package])
    }

    // MARK: What follows `latest`

    private static func manifest(_ software: String, configuration: String = "") -> String {
        """
        {"softwareUpgrade": {"version": "\(software)", "files": ["*"]}, "certificateUpgrade": {"version": "", "files": []},
         "configurationUpgrade": {"version": "\(configuration)", "files": ["*"]}}
        """
    }

    @Test func `what latest meant goes with every outcome`() throws {
        var site = try Site()
        site.manifest = Self.manifest("latest", configuration: "2")
        #expect(try site.latest() == [.software: "1.1.0"])
        site.node.current.software = "1.1.0"
        site.node.current.configuration = "2"
        #expect(try site.latest() == [.software: "1.1.0"])
        site.content.versions.software = []
        #expect(try site.failure()?.reason.contains("lists no software version") == true)
        #expect(try site.latest() == [.software: ""])
        site.manifest = Self.manifest("[1.0.0,2.0.0)")
        #expect(try site.latest() == [:])
    }

    // MARK: Downgrades

    @Test func `a downgrade needs the policy's word and the node's`() throws {
        var site = try Site()
        site.manifest = Self.manifest("1.1.0")
        site.node.current.software = "2.0.0"
        site.node.softwareFloor = "2.0.0"
        #expect(try site.nothing()?.reason.contains("does not allow a downgrade") == true)
        site.allowDowngrade = true
        #expect(try site.plan()?.versions == [.software: "1.1.0"])
        site.node.allowsDowngrade = false
        #expect(try site.nothing()?.reason == "downgrade refused here: allow-downgrade is no on this node")
    }

    @Test func `below the highest version ever committed is a downgrade too`() throws {
        var site = try Site()
        site.node.softwareFloor = "2.0.0"
        #expect(try site.failure()?.reason.contains("is below 2.0.0") == true)
        site.allowDowngrade = true
        #expect(try site.plan()?.versions[.software] == "1.1.0")
        site.node.allowsDowngrade = false
        #expect(try site.failure()?.reason.contains("is below 2.0.0") == true)
    }

    @Test func `an agent in a container is not upgraded by packages`() throws {
        var site = try Site()
        site.node.isContainerized = true
        #expect(try site.failure()?.kind == .final(.precheckFailed))
    }
}
