/// How much of a machine is in use at one moment. What the kernel does not tell is nil, never 0.
package struct MachineFigures: Hashable, Sendable {
    /// Processes that ran or waited to run, averages over 1, 5 and 15 minutes.
    package var load: [Double]?
    /// All memory, bytes.
    package var memoryBytes: Int64?
    /// Memory that programs could still have, bytes.
    package var availableMemoryBytes: Int64?
    /// Memory that this process holds, bytes.
    package var residentBytes: Int64?

    /// Nothing is known.
    package init() {}
}
