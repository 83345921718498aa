import Testing
import UpgradeModel
import UpgradeSystem

@Suite struct MachineTextsTests {
    private let cpuinfo = """
        processor\t: 0
        model name\t: ARMv7 Processor rev 4 (v7l)

        processor\t: 1
        model name\t: a processor : 9

        Hardware\t: BCM2835
        Serial\t\t: 00000000e0f1a2b3
        """

    @Test func processorsAndSerial() {
        #expect(MachineTexts.processors(cpuinfo: cpuinfo) == 2)
        #expect(MachineTexts.serial(cpuinfo: cpuinfo) == "00000000e0f1a2b3")
        #expect(MachineTexts.processors(cpuinfo: "") == 1)
        #expect(MachineTexts.serial(cpuinfo: "processor : 0") == "")
    }

    @Test func memoryIsInMebibytes() {
        #expect(MachineTexts.memoryMiB(meminfo: "MemTotal:       24601234 kB\nMemFree: 1 kB") == 24024)
        #expect(MachineTexts.memoryMiB(meminfo: "MemFree: 1 kB") == 0)
        #expect(MachineTexts.memoryMiB(meminfo: "MemTotal: many kB") == 0)
    }

    @Test(arguments: [
        ("NAME=x\nID=debian\n", "debian"), ("ID=\"rhel\"\nID_LIKE=fedora", "rhel"), ("ID_LIKE=debian\nID=alpine", ""),
        ("ID='ubuntu'", "ubuntu"),
        ("", ""), ("ID=", ""),
    ])
    func operatingSystems(_ text: String, _ expected: String) {
        #expect(MachineTexts.operatingSystem(osRelease: text) == expected)
    }

    @Test func aContainerHearsOfItsHost() {
        #expect(MachineTexts.hostOperatingSystem(hostRelease: "OS=\"ubuntu\"\n") == "ubuntu")
        #expect(MachineTexts.hostOperatingSystem(hostRelease: "ID=ubuntu") == "")
    }

    @Test func thisMachineTellsOfItself() throws {
        let machine = LiveMachine.properties(root: "/nowhere")
        #expect(machine.processors >= 1)
        #expect(machine.memoryMiB > 0)
        #expect(!machine.architecture.isEmpty)
    }

    @Test func `figures of the kernel, and nothing where it says nothing`() {
        #expect(MachineTexts.load(loadavg: "0.52 1.00 2.25 1/523 4711\n") == [0.52, 1, 2.25])
        #expect(MachineTexts.load(loadavg: "0.52 many") == nil && MachineTexts.load(loadavg: "") == nil)
        #expect(MachineTexts.bytes("MemAvailable", meminfo: "MemTotal: 9 kB\nMemAvailable:   2048 kB") == 2_097_152)
        #expect(MachineTexts.bytes("MemAvailable", meminfo: "MemTotal: 9 kB") == nil)
        #expect(MachineTexts.bytes("MemTotal", meminfo: "MemTotal: 9223372036854775807 kB") == nil)
        #expect(MachineTexts.pages(statm: "100 42 7 1 0 30 0\n") == 42)
        #expect(MachineTexts.pages(statm: "100") == nil)
    }

    @Test func `this machine has figures`() throws {
        let figures = LiveMachineGauges().read()
        #expect(figures.load?.count == 3)
        #expect(try #require(figures.memoryBytes) > (try #require(figures.availableMemoryBytes)))
        #expect(try #require(figures.residentBytes) > 1 << 20)
    }
}
