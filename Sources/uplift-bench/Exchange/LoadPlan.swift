import FoundationEssentials
import NIOCore

/// The requests of one measurement, as `packaging/bench exchange` prepared them.
struct LoadPlan: Decodable, Sendable {
    /// Whole requests, head and body.
    let requests: [String]
    /// The status code of every good answer.
    let status: Int

    /// From a file. Errors: it cannot be read, or holds something else.
    init(file: String) throws {
        self = try JSONDecoder().decode(LoadPlan.self, from: Data(contentsOf: URL(filePath: file)))
    }

    /// Each request as bytes that are made once.
    var bytes: [ByteBuffer] { requests.map { ByteBuffer(string: $0) } }
}

/// What the clients of one measurement have seen.
struct LoadTally: Sendable {
    /// Nanoseconds of each good answer.
    var latencies: [Int64] = []
    /// Answers with another status, broken connections.
    var failures = 0
    /// The first failure in words.
    var failure: String?

    /// Counts one failure.
    mutating func fail(_ words: @autoclosure () -> String) {
        failures += 1
        if failure == nil { failure = words() }
    }
}
