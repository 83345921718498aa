import FaultServers
import Glibc
import Testing
import UpgradePorts
import UpgradeTransfer

/// What a whole download brought.
struct Downloaded {
    var response: TransferResponse?
    var bytes: [UInt8] = []
    var failure: TransferFailure?
    var finished = false
}

extension CurlTransfer {
    /// Reads to the end; gives up after a minute.
    func download(_ request: TransferRequest) -> Downloaded {
        let id = begin(request)
        var result = Downloaded()
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        do {
            while clock.now < deadline {
                wait(id, atMost: .seconds(5))
                switch try read(id, max: 64 << 10) {
                case .response(let response): result.response = response
                case .bytes(let bytes): result.bytes += bytes
                case .pending: continue
                case .finished:
                    result.finished = true
                    return result
                }
            }
            cancel(id)
        } catch {
            result.failure = error
        }
        return result
    }
}

let strictTrust = HubTrust(certificateAuthorityFile: nil, allowInsecureHub: false)

/// A request with limits that suit a test.
func request(_ url: String, bytesMax: Int64 = 1 << 30) -> TransferRequest {
    var request = TransferRequest(url: url, trust: strictTrust, bytesMax: bytesMax)
    request.timeout = .seconds(50)
    return request
}

/// Bytes that differ from place to place.
func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

/// Serves `content` with an ETag and single ranges, as the real server does.
func contentServer(_ content: [UInt8], etag: String = "\"v1\"") throws -> StubServer {
    try StubServer { request in
        var headers = [(name: "ETag", value: etag)]
        guard let range = request.head.header("Range"), range.hasPrefix("bytes="), range.hasSuffix("-"),
            let first = Int(range.dropFirst(6).dropLast()), request.head.header("If-Range") ?? etag == etag
        else { return StubResponse(200, headers: headers, body: content) }
        guard first < content.count else { return StubResponse(404) }
        headers.append(("Content-Range", "bytes \(first)-\(content.count - 1)/\(content.count)"))
        return StubResponse(206, headers: headers, body: Array(content[first...]))
    }
}

/// Waits until it is true, at most ten seconds.
func eventually(_ isTrue: () -> Bool) -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(10)
    while !isTrue() {
        guard clock.now < deadline else { return false }
        usleep(2000)
    }
    return true
}

/// How many of these transfers still have their thread.
func threadCount(of ids: [TransferID]) -> Int {
    guard let folder = opendir("/proc/self/task") else { return 0 }
    defer { closedir(folder) }
    let names = Set(ids.map { "fetch-\($0.number)\n" })
    var count = 0
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        guard let file = fopen("/proc/self/task/\(name)/comm", "r") else { continue }
        var line = [CChar](repeating: 0, count: 64)
        if fgets(&line, 64, file) != nil,
            names.contains(String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        {
            count += 1
        }
        fclose(file)
    }
    return count
}

/// Work on a thread beside the test's own.
final class Background: @unchecked Sendable {
    private let body: @Sendable () -> Void
    private var thread = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Background>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
    }

    /// Waits for its end.
    func join() { pthread_join(thread, nil) }
}
