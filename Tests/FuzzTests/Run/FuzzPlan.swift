/// What one run does; the same plan does the same again.
struct FuzzPlan: Codable, Sendable, CustomStringConvertible {
    let reader: FuzzReader
    let seed: UInt64
    let count: Int
    /// Of the files below.
    let folder: String

    /// Holds the input that is being read, so that it outlives the process.
    var inputFile: String { folder + "/input" }
    /// Holds the outcome, once there is one.
    var outcomeFile: String { folder + "/outcome" }

    var description: String { "\(reader) with UPLIFT_SEED=\(seed)" }
}

/// What one run saw.
struct FuzzOutcome: Codable, CustomStringConvertible {
    let plan: FuzzPlan
    /// Of all answers in their order.
    let fingerprint: UInt64
    /// Inputs that were read, not refused.
    let accepted: Int
    let duration: Duration
    /// The longest time for one input.
    let slowest: Duration
    /// Resident bytes before the first mutated input, and the most there ever were.
    let atStart: Int
    let peak: Int

    var description: String {
        "\(plan): \(plan.count) inputs in \(duration), \(accepted) accepted, slowest \(slowest), "
            + "memory \(atStart >> 10) KiB at start, \(peak >> 10) KiB at most"
    }
}

/// Something that a reader must not do.
struct Finding: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Sums up answers in their order (FNV-1a), without the chance that Swift's own hashes begin with.
struct Fingerprint {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        add(0xFF)
    }

    mutating func add(_ answer: Bool) { add(answer ? 1 : 0) }

    private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
}
