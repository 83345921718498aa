import Foundation
import Testing

/// Feeds one reader, in the process that it may end.
struct FuzzRun {
    private let plan: FuzzPlan
    private let corpus: [[UInt8]]

    /// Seconds after which a reader hangs.
    private static let patience: UInt32 = 10

    init(_ plan: FuzzPlan) throws {
        self.plan = plan
        corpus = try Corpus.inputs(plan.reader.folder)
    }

    func run() throws {
        let file = try InputFile(plan.inputFile)
        defer { file.close() }
        var fingerprint = Fingerprint()
        // What the readers make once and keep is not what an input costs.
        for input in corpus {
            file.write(input)
            _ = try plan.reader.read(input, plan.inputFile, &fingerprint)
        }
        var mutator = try Mutator(corpus: corpus, reader: plan.reader, seed: plan.seed)
        let clock = ContinuousClock()
        let atStart = Memory.resident
        Memory.forgetPeak()
        let start = clock.now
        var accepted = 0
        var slowest = Duration.zero
        for _ in 0..<plan.count {
            let input = mutator.next()
            file.write(input)
            alarm(Self.patience)
            let begin = clock.now
            if try plan.reader.read(input, plan.inputFile, &fingerprint) { accepted += 1 }
            slowest = max(slowest, clock.now - begin)
        }
        alarm(0)
        let outcome = FuzzOutcome(
            plan: plan, fingerprint: fingerprint.value, accepted: accepted, duration: clock.now - start, slowest: slowest,
            atStart: atStart, peak: Memory.peak)
        try JSONEncoder().encode(outcome).write(to: URL(filePath: plan.outcomeFile))
    }
}

/// The input that is being read, on the way to who looks at a process that is gone.
private struct InputFile {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Finding("\(path) cannot be made: errno \(errno)") }
    }

    func write(_ bytes: [UInt8]) {
        #expect(ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, bytes.count, 0) == bytes.count)
    }

    func close() { _ = Glibc.close(descriptor) }
}

/// The memory of this process as the kernel counts it. Bytes.
private enum Memory {
    static var resident: Int { line("VmRSS:") }
    static var peak: Int { line("VmHWM:") }

    /// Begins to look for the peak anew.
    static func forgetPeak() {
        let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
        #expect(write(descriptor, "5", 1) == 1)
        close(descriptor)
    }

    private static func line(_ name: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) << 10
    }
}
