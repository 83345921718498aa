import FoundationEssentials
import Testing
import UpgradeModel
import UpgradeSystem

/// What the kernel says of batteries and plugs.
@Suite struct PowerTests {
    private static let battery = ["type": "Battery\n", "scope": "", "online": "", "status": "Discharging\n", "capacity": "17\n"]
    private static let plug = ["type": "Mains\n", "scope": "", "online": "1\n", "status": "", "capacity": ""]

    private func battery(_ changes: [String: String]) -> [String: String] { Self.battery.merging(changes) { $1 } }

    @Test func aBatteryAloneIsEmptiedOrNot() {
        #expect(MachineTexts.power([Self.battery]) == PowerState(isOnMains: false, percent: 17))
        for status in ["Charging", "Full", "Not charging", "Unknown", ""] {
            #expect(MachineTexts.power([battery(["status": status])])?.isOnMains == true, "\(status)")
        }
        #expect(MachineTexts.power([battery(["capacity": ""])]) == PowerState(isOnMains: false, percent: nil))
        #expect(MachineTexts.power([battery(["type": "UPS"])])?.isOnMains == false)
    }

    @Test func aPlugCountsWhenItIsIn() {
        #expect(MachineTexts.power([Self.battery, Self.plug])?.isOnMains == true)
        #expect(MachineTexts.power([Self.battery, Self.plug.merging(["online": "0\n"]) { $1 }])?.isOnMains == false)
        // Some batteries have the field too.
        #expect(MachineTexts.power([battery(["online": "1\n"])])?.isOnMains == false)
    }

    @Test func theFullestBatteryCounts() {
        #expect(MachineTexts.power([Self.battery, battery(["capacity": "80", "status": "Unknown"])])?.percent == 80)
    }

    @Test func aMouseIsNotTheMachine() {
        #expect(MachineTexts.power([battery(["scope": "Device\n"])]) == nil)
        #expect(MachineTexts.power([Self.plug]) == nil)
        #expect(MachineTexts.power([]) == nil)
    }

    @Test func theFoldersOfTheKernelAreReadBelowTheRoot() throws {
        let scratch = try Scratch()
        #expect(LivePowerSource(root: scratch.folder).state() == nil)
        // As the kernel does it, the entries are links.
        let folder = scratch.path("sys/class/power_supply"), device = scratch.path("sys/devices/BAT0")
        for path in [folder, device] { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        for (name, text) in ["type": "Battery\n", "status": "Discharging\n", "capacity": "42\n"] {
            try Data(text.utf8).write(to: URL(filePath: device + "/" + name))
        }
        try FileManager.default.createSymbolicLink(atPath: folder + "/BAT0", withDestinationPath: "../../devices/BAT0")
        #expect(LivePowerSource(root: scratch.folder).state() == PowerState(isOnMains: false, percent: 42))
    }

    @Test func theSystemIsReadBelowTheRoot() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.path("etc"), withIntermediateDirectories: true)
        try Data("NAME=\"x\"\nID=debian\nVERSION_ID=\"12\"\n".utf8).write(to: URL(filePath: scratch.path("etc/os-release")))
        #expect(LiveMachine.system(root: scratch.folder) == OperatingSystem(id: "debian", version: "12"))
        #expect(MachineTexts.system(osRelease: "ID=arch\n") == OperatingSystem(id: "arch", version: ""))
        #expect(MachineTexts.system(osRelease: "") == .unknown)
    }
}
