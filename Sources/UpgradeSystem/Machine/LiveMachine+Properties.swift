import Glibc
import UpgradeModel

extension LiveMachine {
    /// What this machine says of itself to policies, read from the kernel and the distribution. In a container, which Open Horizon's start
    /// script marks with `DOCKER_NAME`, `/etc/host-os-release` tells the host's system. Source: contract 4.4.
    ///
    /// - Parameter root: `--root`; an `etc/os-release` below it goes before the machine's own.
    package static func properties(root: String) -> MachineProperties {
        let isContainerized = environment["DOCKER_NAME"]?.isEmpty == false
        let processors = text("/proc/cpuinfo")
        let operatingSystem =
            isContainerized
            ? MachineTexts.hostOperatingSystem(hostRelease: text(root + "/etc/host-os-release"))
            : MachineTexts.operatingSystem(osRelease: release(root))
        return MachineProperties(
            architecture: architecture, operatingSystem: operatingSystem, isContainerized: isContainerized,
            processors: MachineTexts.processors(cpuinfo: processors), memoryMiB: MachineTexts.memoryMiB(meminfo: text("/proc/meminfo")),
            serial: MachineTexts.serial(cpuinfo: processors))
    }

    /// The distribution and its version; an `etc/os-release` below `--root` goes before the machine's own.
    package static func system(root: String) -> OperatingSystem { MachineTexts.system(osRelease: release(root)) }

    private static func release(_ root: String) -> String {
        ["\(root)/etc/os-release", "/usr/lib/os-release"].lazy.map(text).first { !$0.isEmpty } ?? ""
    }

    /// A small file, of which the kernel need not know the length; empty when it cannot be read.
    static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while bytes.count < 1 << 20 {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
