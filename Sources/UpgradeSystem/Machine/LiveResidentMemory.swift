import CSystemCalls
import UpgradePorts

/// Asks the kernel to take back the pages of the program and its libraries: start and registration touch two thirds of a program of which a
/// poll needs a third. What is still needed is read again from the file. Source: madvise(2), `MADV_PAGEOUT`, Linux 5.4.
///
/// The kernel leaves alone what another process has mapped too, and everything when the program is not this user's.
package struct LiveResidentMemory: ResidentMemory {
    /// For this process.
    package init() {}

    package func giveBack() {
        let lines = LiveMachine.text("/proc/self/maps").split(separator: "\n").map { $0.split(separator: " ") }
        for (index, fields) in lines.enumerated() {
            // Only of files, and nothing that was written to: that would go to the swap space.
            guard fields.count >= 6, fields[5].first == "/", fields[1].hasPrefix("r-") else { continue }
            let ends = fields[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
            guard ends.count == 2, ends[0] < ends[1] else { continue }
            // The loader writes to the part before the variables and then protects it.
            if index + 1 < lines.count, lines[index + 1].last == fields.last, lines[index + 1][1].hasPrefix("rw") { continue }
            uplift_page_out(ends[0], Int(ends[1] - ends[0]))
        }
    }
}
