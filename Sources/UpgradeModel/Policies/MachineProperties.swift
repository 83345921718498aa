/// What a machine says of itself to policies. Source: contract 4.4, "Built-in node properties".
package struct MachineProperties: Hashable, Sendable {
    /// As the exchange names it: `amd64`, `arm64`, `arm`.
    package var architecture: String
    /// `debian`, `ubuntu`, …; of the host, when the agent runs in a container; empty when it has no packages.
    package var operatingSystem: String
    /// The agent runs in a container.
    package var isContainerized: Bool
    /// Logical processors; at least 1.
    package var processors: Int
    /// Total memory in MiB; 0 when it is not known.
    package var memoryMiB: Int
    /// The board's serial number; empty when it has none.
    package var serial: String

    /// Memberwise.
    package init(
        architecture: String, operatingSystem: String, isContainerized: Bool = false, processors: Int = 1, memoryMiB: Int = 0,
        serial: String = ""
    ) {
        self.architecture = architecture
        self.operatingSystem = operatingSystem
        self.isContainerized = isContainerized
        self.processors = processors
        self.memoryMiB = memoryMiB
        self.serial = serial
    }
}
