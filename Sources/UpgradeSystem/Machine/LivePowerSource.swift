import Glibc
import UpgradeModel
import UpgradePorts

/// Reads `/sys/class/power_supply`. Its entries are links into the tree of devices, so the door of the state folder is not for them.
package struct LivePowerSource: PowerSource {
    private let folder: String

    /// - Parameter root: `--root`.
    package init(root: String) { folder = root + "/sys/class/power_supply" }

    package func state() -> PowerState? {
        MachineTexts.power(
            supplies().map { supply in
                Dictionary(uniqueKeysWithValues: MachineTexts.powerFields.map { ($0, LiveMachine.text("\(folder)/\(supply)/\($0)")) })
            })
    }

    private func supplies() -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
