import Glibc
import UpgradeModel
import UpgradePorts

/// Reads `/proc`. Source: proc(5).
package struct LiveMachineGauges: MachineGauges {
    /// For this process.
    package init() {}

    package func read() -> MachineFigures {
        let memory = LiveMachine.text("/proc/meminfo")
        var figures = MachineFigures()
        figures.load = MachineTexts.load(loadavg: LiveMachine.text("/proc/loadavg"))
        figures.memoryBytes = MachineTexts.bytes("MemTotal", meminfo: memory)
        figures.availableMemoryBytes = MachineTexts.bytes("MemAvailable", meminfo: memory)
        figures.residentBytes = MachineTexts.pages(statm: LiveMachine.text("/proc/self/statm")).map {
            $0 * Int64(sysconf(Int32(_SC_PAGESIZE)))
        }
        return figures
    }
}
