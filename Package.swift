// swift-tools-version: 6.2
// The house, floor by floor: arrows go down only. `Sources/Uplift.docc` explains the rooms.
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// A Swift target of the house with the settings that all of them share.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A test target beside the room (or rooms) that it tests.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict)
}

/// An executable: wiring only.
func door(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "uplift",
    products: [
        .executable(name: "upliftd", targets: ["upliftd"]),
        .executable(name: "uplift", targets: ["uplift"]),
        .executable(name: "uplift-exchange", targets: ["uplift-exchange"]),
    ],
    traits: [
        .trait(name: "Failpoints", description: "Named places where a test can kill the process; never in a release.")
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    ],
    targets: [
        // MARK: Floor 0, C: one thin Swift target per library
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CArchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CSystemCalls"),
        room("Curl", ["CCurl"]),
        room("Archive", ["CArchive"]),
        room("SQLite", ["CSQLite"]),
        room("LibCrypto", ["CCrypto"]),
        room("YAML", ["CYAML"]),

        // MARK: Floor 1, nouns: values and parsers; pure
        room("UpgradeModel"),

        // MARK: Floor 2, decisions: machines and rules; pure
        room("UpgradeCore", ["UpgradeModel"]),

        // MARK: Floor 3, promises: what the outside must do for us, how documents look on the wire, and the hub's pure rules
        room("UpgradePorts", ["UpgradeModel", "UpgradeCore"]),
        room("UpgradeWire", ["UpgradeModel", "UpgradeCore"]),
        room("ExchangeModel", ["UpgradeWire", "UpgradeModel", "UpgradeCore"]),

        // MARK: Floor 4, hands: adapters, each behind one port
        room("UpgradeStore", ["SQLite", "UpgradePorts", "UpgradeModel", "UpgradeCore"]),
        room("UpgradeTransfer", ["Curl", "UpgradePorts", "UpgradeModel"]),
        room("UpgradeArchive", ["Archive", "UpgradePorts", "UpgradeModel", "UpgradeCore"]),
        room("UpgradeTrust", ["LibCrypto", "UpgradePorts", "UpgradeModel"]),
        room("UpgradeSystem", ["CSystemCalls", "UpgradePorts", "UpgradeModel"]),
        room("UpgradeExchange", ["UpgradePorts", "UpgradeWire", "UpgradeModel", "UpgradeCore"]),
        room(
            "UpgradeLocalAPI",
            [
                "UpgradePorts", "UpgradeModel", logging,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),

        // MARK: Floor 4, mind: the agent, the installer, the command line
        room("UpgradeAgent", ["UpgradePorts", "UpgradeWire", "UpgradeModel", "UpgradeCore", logging]),
        room("UpgradeCommands", ["FleetSimulation", "UpgradePorts", "UpgradeWire", "UpgradeModel", "UpgradeCore", argumentParser]),

        // MARK: Floor 4, world: the hub, and the simulated outside
        room(
            "ExchangeServer",
            [
                "ExchangeModel", "UpgradeWire", "UpgradeModel", "SQLite", "LibCrypto", logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        room("UpgradeSimulation", ["ExchangeModel", "UpgradePorts", "UpgradeWire", "UpgradeModel", "UpgradeCore"]),

        // MARK: Floor 4, fleet: real agents and installers, and a hub, on virtual time
        room(
            "FleetSimulation",
            [
                "UpgradeAgent", "UpgradeSimulation", "UpgradeExchange", "ExchangeModel", "UpgradeWire", "UpgradePorts", "UpgradeCore",
                "UpgradeModel", "YAML", logging,
            ]),

        // MARK: Floor 4, life: the same scenarios with the true programs, behind servers that fail as they are told
        room("FaultServers"),
        room("RealFleet", ["FleetSimulation", "FaultServers", "UpgradeSystem", "UpgradeWire", "UpgradePorts", "UpgradeModel"]),

        // MARK: Floor 4, load: simulated nodes, a true hub, real time
        room(
            "LoadFleet",
            ["FleetSimulation", "UpgradeExchange", "UpgradeSystem", "ExchangeModel", "UpgradeWire", "UpgradePorts", "UpgradeModel"]),

        // MARK: Floor 5, executables
        door(
            "upliftd",
            [
                "UpgradeAgent", "UpgradeStore", "UpgradeTransfer", "UpgradeArchive", "UpgradeTrust", "UpgradeSystem", "UpgradeExchange",
                "UpgradeLocalAPI", "UpgradePorts", "UpgradeCore", "UpgradeModel", argumentParser, logging,
            ]),
        door(
            "uplift",
            [
                "UpgradeCommands", "RealFleet", "LoadFleet", "UpgradeTransfer", "UpgradeTrust", "UpgradePorts", "UpgradeModel",
                argumentParser,
            ]),
        door("uplift-exchange", ["ExchangeServer", "UpgradeTransfer", "UpgradePorts", argumentParser, logging]),
        door(
            "uplift-bench",
            [
                "FleetSimulation", "UpgradeExchange", "UpgradeStore", "UpgradeWire", "UpgradePorts", "UpgradeCore", "UpgradeModel",
                argumentParser,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),

        // MARK: Tests, floor by floor
        tests("TidyTests", ["FleetSimulation", "UpgradeWire", "UpgradeModel"]),
        tests(
            "EndToEndTests",
            [
                "RealFleet", "LoadFleet", "FleetSimulation", "FaultServers", "UpgradeTransfer", "UpgradeTrust", "UpgradeWire",
                "UpgradePorts", "UpgradeCore", "UpgradeModel", "SQLite",
            ]),
        tests(
            "UpgradeAgentTests",
            [
                "UpgradeAgent", "UpgradeArchive", "UpgradeExchange", "UpgradeSimulation", "UpgradeStore", "UpgradeTrust", "UpgradeWire",
                "UpgradePorts", "UpgradeCore", "UpgradeModel", logging,
            ],
            // Read where it lies.
            exclude: ["Crash/dpkg-states.json"]),
        tests("FleetSimulationTests", ["FleetSimulation", "UpgradePorts", "UpgradeModel", "UpgradeCore"]),
        tests("LoadFleetTests", ["LoadFleet", "FleetSimulation", "UpgradePorts", "UpgradeModel"]),
        tests("UpgradeSystemTests", ["UpgradeSystem", "UpgradePorts", "UpgradeModel"]),
        tests("UpgradeTransferTests", ["FaultServers", "UpgradeTransfer", "Curl", "UpgradePorts"]),
        tests("UpgradeLocalAPITests", ["UpgradeLocalAPI", "UpgradePorts", logging]),
        tests("UpgradeArchiveTests", ["UpgradeArchive", "UpgradePorts", "UpgradeModel", "UpgradeCore"]),
        tests("UpgradeWireTests", ["UpgradeWire", "UpgradeModel"]),
        tests("UpgradeStoreTests", ["UpgradeStore", "SQLite", "UpgradePorts", "UpgradeModel", "UpgradeCore"]),
        tests(
            "PortContractTests",
            [
                "ExchangeServer", "SQLite", "UpgradeStore", "UpgradeSystem", "UpgradeSimulation", "ExchangeModel", "UpgradePorts",
                "UpgradeWire", "UpgradeModel", "UpgradeCore",
            ]),
        tests("UpgradeModelTests", ["UpgradeModel"]),
        tests("UpgradeCoreTests", ["UpgradeCore", "UpgradeModel"]),
        tests("SQLiteTests", ["SQLite"]),
        tests("UpgradeCommandsTests", ["UpgradeCommands", "UpgradePorts", "UpgradeWire", "UpgradeModel"]),
        tests("FuzzTests", ["UpgradeCommands", "UpgradeExchange", "UpgradeWire", "UpgradeCore", "UpgradeModel"]),
        tests("UpgradeTrustTests", ["UpgradeTrust", "LibCrypto", "UpgradePorts", "UpgradeModel"]),
        tests("ExchangeModelTests", ["ExchangeModel", "UpgradeWire", "UpgradeModel"]),
        tests(
            "ExchangeServerTests",
            [
                "ExchangeServer", "ExchangeModel", "UpgradeWire", "UpgradeModel", "LibCrypto", "SQLite", logging,
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            resources: [.copy("Vectors")]),
    ],
    swiftLanguageModes: [.v6]
)
