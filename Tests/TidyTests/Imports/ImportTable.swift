/// One target of the house: its floor, the targets that it may import, and which modules of the system.
struct Room {
    let name: String
    let floor: Int
    let imports: Set<String>
    let system: Set<String>

    init(_ name: String, floor: Int, _ imports: Set<String> = [], system: Set<String> = []) {
        self.name = name
        self.floor = floor
        self.imports = imports
        self.system = system
    }
}

/// Who may import what. `Package.swift` must say the same; a new arrow is drawn in both places, on purpose.
enum ImportTable {
    /// Every target that is built into a program.
    static let rooms: [Room] = [
        Room("CCurl", floor: 0),
        Room("CArchive", floor: 0),
        Room("CSQLite", floor: 0),
        Room("CCrypto", floor: 0),
        Room("CYAML", floor: 0),
        Room("CSystemCalls", floor: 0),
        Room("Curl", floor: 0, ["CCurl"]),
        Room("Archive", floor: 0, ["CArchive"]),
        Room("SQLite", floor: 0, ["CSQLite"], system: ["Glibc"]),
        Room("LibCrypto", floor: 0, ["CCrypto"]),
        Room("YAML", floor: 0, ["CYAML"]),

        Room("UpgradeModel", floor: 1),

        Room("UpgradeCore", floor: 2, ["UpgradeModel"]),

        Room("UpgradePorts", floor: 3, ["UpgradeModel", "UpgradeCore"]),
        Room("UpgradeWire", floor: 3, ["UpgradeModel", "UpgradeCore"], system: ["FoundationEssentials"]),

        Room(
            "UpgradeStore", floor: 4, ["SQLite", "UpgradePorts", "UpgradeModel", "UpgradeCore"], system: ["FoundationEssentials", "Glibc"]),
        Room("UpgradeTransfer", floor: 4, ["Curl", "UpgradePorts", "UpgradeModel"], system: ["Glibc", "Synchronization"]),
        Room("UpgradeArchive", floor: 4, ["Archive", "UpgradePorts", "UpgradeModel", "UpgradeCore"]),
        Room("UpgradeTrust", floor: 4, ["LibCrypto", "UpgradePorts", "UpgradeModel"], system: ["Glibc"]),
        Room("UpgradeSystem", floor: 4, ["CSystemCalls", "UpgradePorts", "UpgradeModel"], system: ["Glibc", "Synchronization"]),
        Room(
            "UpgradeExchange", floor: 4, ["UpgradePorts", "UpgradeWire", "UpgradeModel", "UpgradeCore"], system: ["FoundationEssentials"]),
        Room(
            "UpgradeLocalAPI", floor: 4, ["UpgradePorts", "UpgradeModel"],
            system: ["FoundationEssentials", "Glibc", "Dispatch", "Synchronization"]),

        Room(
            "UpgradeAgent", floor: 4, ["UpgradePorts", "UpgradeWire", "UpgradeModel", "UpgradeCore"],
            system: ["FoundationEssentials", "Synchronization"]),
        Room(
            "UpgradeCommands", floor: 4, ["FleetSimulation", "UpgradePorts", "UpgradeWire", "UpgradeModel", "UpgradeCore"],
            system: ["FoundationEssentials", "Glibc"]),

        Room("ExchangeModel", floor: 3, ["UpgradeWire", "UpgradeModel", "UpgradeCore"]),
        Room(
            "ExchangeServer", floor: 4, ["ExchangeModel", "UpgradeWire", "UpgradeModel", "SQLite", "LibCrypto"],
            system: ["FoundationEssentials", "Glibc", "Dispatch", "Synchronization"]),
        Room(
            "UpgradeSimulation", floor: 4, ["ExchangeModel", "UpgradePorts", "UpgradeWire", "UpgradeModel", "UpgradeCore"],
            system: ["FoundationEssentials", "Synchronization"]),
        Room(
            "FleetSimulation", floor: 4,
            [
                "UpgradeAgent", "UpgradeSimulation", "UpgradeExchange", "ExchangeModel", "UpgradePorts", "UpgradeWire", "UpgradeModel",
                "UpgradeCore", "YAML",
            ],
            system: ["FoundationEssentials", "Synchronization"]),

        Room("FaultServers", floor: 4, system: ["Glibc"]),
        Room(
            "RealFleet", floor: 4, ["FleetSimulation", "FaultServers", "UpgradeSystem", "UpgradePorts", "UpgradeWire", "UpgradeModel"],
            system: ["FoundationEssentials", "Glibc", "Synchronization"]),
        Room(
            "LoadFleet", floor: 4,
            ["FleetSimulation", "UpgradeExchange", "UpgradeSystem", "ExchangeModel", "UpgradePorts", "UpgradeWire", "UpgradeModel"],
            system: ["FoundationEssentials", "Glibc", "Synchronization"]),

        Room(
            "upliftd", floor: 5,
            [
                "UpgradeAgent", "UpgradeStore", "UpgradeTransfer", "UpgradeArchive", "UpgradeTrust", "UpgradeSystem", "UpgradeExchange",
                "UpgradeLocalAPI", "UpgradePorts", "UpgradeCore", "UpgradeModel",
            ], system: ["Glibc", "Synchronization"]),
        Room(
            "uplift", floor: 5,
            ["UpgradeCommands", "RealFleet", "LoadFleet", "UpgradeTransfer", "UpgradeTrust", "UpgradePorts", "UpgradeModel"],
            system: ["Glibc"]),
        Room("uplift-exchange", floor: 5, ["ExchangeServer", "UpgradeTransfer", "UpgradePorts"], system: ["Glibc"]),
        Room(
            "uplift-bench", floor: 5,
            ["FleetSimulation", "UpgradeExchange", "UpgradeStore", "UpgradeWire", "UpgradePorts", "UpgradeCore", "UpgradeModel"],
            system: ["FoundationEssentials", "Synchronization"]),
    ]

    /// Modules of other packages, and the only targets that may import each.
    static let guests: [String: Set<String>] = [
        "ArgumentParser": ["UpgradeCommands", "upliftd", "uplift", "uplift-exchange", "uplift-bench"],
        "Logging": ["UpgradeAgent", "FleetSimulation", "UpgradeLocalAPI", "ExchangeServer", "upliftd", "uplift-exchange"],
        "NIOCore": ["UpgradeLocalAPI", "ExchangeServer", "uplift-bench"],
        "NIOPosix": ["UpgradeLocalAPI", "ExchangeServer", "uplift-bench"],
        "NIOHTTP1": ["UpgradeLocalAPI", "ExchangeServer"],
        "NIOConcurrencyHelpers": ["ExchangeServer"],
        "HTTPTypes": ["ExchangeServer"],
        "Hummingbird": ["ExchangeServer", "uplift-bench"],
        "HummingbirdCore": ["ExchangeServer"],
        "HummingbirdTLS": ["ExchangeServer"],
    ]

    /// Arrows on one floor: a C header and its one thin Swift target; the pure hub rules use the wire's documents; a simulated fleet is agents in
    /// a simulated world, and the command line runs it; what is held against it is true programs between servers that fail; and its nodes drive
    /// a true hub through the agent's own client.
    static let sideways: Set<String> = [
        "Curl → CCurl", "Archive → CArchive", "SQLite → CSQLite", "LibCrypto → CCrypto", "YAML → CYAML", "ExchangeModel → UpgradeWire",
        "FleetSimulation → UpgradeAgent", "FleetSimulation → UpgradeSimulation", "FleetSimulation → UpgradeExchange",
        "UpgradeCommands → FleetSimulation",
        "RealFleet → FleetSimulation", "RealFleet → FaultServers", "RealFleet → UpgradeSystem",
        "LoadFleet → FleetSimulation", "LoadFleet → UpgradeExchange", "LoadFleet → UpgradeSystem",
    ]

    /// Modules that tests may use beside what they declare.
    static let testModules: Set<String> = [
        "Testing", "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch",
    ]

    /// The room of a name.
    static func room(_ name: String) -> Room? { rooms.first { $0.name == name } }
}
