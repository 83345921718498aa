import UpgradeModel

/// What the kernel's and the distribution's text files say of a machine; each reader takes the text and is never wrong about a missing line.
/// Source: contract 4.4, "Built-in node properties".
package enum MachineTexts {
    /// The `ID` of `os-release`, if it is one that has packages; empty otherwise.
    package static func operatingSystem(osRelease text: String) -> String { supported(value(of: "ID", in: text)) }

    /// Distribution and version of `os-release`.
    package static func system(osRelease text: String) -> OperatingSystem {
        OperatingSystem(id: value(of: "ID", in: text), version: value(of: "VERSION_ID", in: text))
    }

    /// What of each folder in `/sys/class/power_supply` is read. Source: the kernel's ABI description sysfs-class-power.
    package static let powerFields = ["type", "scope", "online", "status", "capacity"]

    /// Where the electricity comes from, by the fields of all supplies; nil without a battery of the machine itself.
    package static func power(_ supplies: [[String: String]]) -> PowerState? {
        let own = supplies.map { $0.mapValues { String($0.split(separator: "\n").first ?? "") } }.filter { $0["scope"] != "Device" }
        let batteries = own.filter { $0["type"] == "Battery" || $0["type"] == "UPS" }
        let isFed = own.contains { $0["online"] == "1" && $0["type"] != "Battery" && $0["type"] != "UPS" }
        guard !batteries.isEmpty else { return nil }
        let isDischarging = batteries.contains { $0["status"] == "Discharging" }
        return PowerState(isOnMains: isFed || !isDischarging, percent: batteries.compactMap { Int($0["capacity"] ?? "") }.max())
    }

    /// The `OS` of `/etc/host-os-release`, which tells a container the host's system, if it is one that has packages; empty otherwise.
    package static func hostOperatingSystem(hostRelease text: String) -> String { supported(value(of: "OS", in: text)) }

    /// Logical processors of `/proc/cpuinfo`; at least 1.
    package static func processors(cpuinfo text: String) -> Int { max(fields("processor", in: text).count, 1) }

    /// The board's serial number of `/proc/cpuinfo`; empty when it has none.
    package static func serial(cpuinfo text: String) -> String { fields("Serial", in: text).first ?? "" }

    /// Total memory of `/proc/meminfo` in MiB; 0 when the line is missing. The kernel writes kB and means KiB.
    package static func memoryMiB(meminfo text: String) -> Int {
        guard let total = fields("MemTotal", in: text).first?.split(separator: " ").first, let kilobytes = Int(total) else { return 0 }
        return kilobytes / 1024
    }

    /// The three averages of `/proc/loadavg`.
    package static func load(loadavg text: String) -> [Double]? {
        let averages = text.split(whereSeparator: \.isWhitespace).prefix(3).compactMap { Double(String($0)) }
        return averages.count == 3 ? averages : nil
    }

    /// A line of `/proc/meminfo`. The kernel writes kB and means KiB.
    package static func bytes(_ name: String, meminfo text: String) -> Int64? {
        guard let value = fields(name, in: text).first?.split(separator: " ").first, let kilobytes = Int64(value) else { return nil }
        return kilobytes.multipliedReportingOverflow(by: 1024).overflow ? nil : kilobytes * 1024
    }

    /// Resident pages of `/proc/self/statm`.
    package static func pages(statm text: String) -> Int64? {
        let fields = text.split(whereSeparator: \.isWhitespace)
        return fields.count > 1 ? Int64(String(fields[1])) : nil
    }

    private static func supported(_ id: String) -> String {
        ["ubuntu", "debian", "raspbian", "rhel", "centos", "fedora", "suse"].contains(id) ? id : ""
    }

    private static func value(of key: String, in text: String) -> String {
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(key)=") }
        return (line?.dropFirst(key.count + 1) ?? "").filter { $0 != "\"" && $0 != "'" && $0 != " " && $0 != "\r" }
    }

    /// Values of the lines `NAME : value`.
    private static func fields(_ name: String, in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, trimmed(parts[0]) == name else { return nil }
            return trimmed(parts[1])
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank = { (letter: Character) in letter == " " || letter == "\t" || letter == "\r" }
        let start = text.drop(while: isBlank)
        return String(start.reversed().drop(while: isBlank).reversed())
    }
}
