import Glibc
import LoadFleet
import RealFleet
import UpgradeCommands
import UpgradeTransfer
import UpgradeTrust

/// The command line's executable: wiring only.
@main
struct Uplift {
    static func main() {
        var world = CommandWorld(
            http: CurlHTTPCaller(), keys: LiveKeyMaker(), makeDigest: { LiveDigest() }, environment: environment(), machine: machine(),
            write: { write($0, to: STDOUT_FILENO) }, writeError: { write($0, to: STDERR_FILENO) }, readLine: { readLine() },
            isWatched: isatty(STDERR_FILENO) == 1)
        world.pause = { time in poll(nil, 0, Int32(clamping: Int64(time / .milliseconds(1)))) == 0 }
        let real = RealWorld(http: world.http, keys: world.keys, makeDigest: world.makeDigest)
        world.runForReal = { scenario, seed in try RealFleet(scenario, seed: seed, in: real).run() }
        let load = LoadWorld(http: world.http, transfer: CurlTransfer(), keys: world.keys, makeDigest: world.makeDigest)
        world.runAgainst = { order, told in try LoadFleet(order, in: load, told: told).run() }
        exit(CommandRunner.run(Array(CommandLine.arguments.dropFirst()), in: world))
    }

    private static func environment() -> [String: String] {
        var values: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") { values[String(text[..<equals])] = String(text[text.index(after: equals)...]) }
            next += 1
        }
        return values
    }

    private static func machine() -> String {
        var names = utsname()
        guard uname(&names) == 0 else { return "" }
        return withUnsafeBytes(of: names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Output that cannot be written is a failure too: a script must not take half of it for all.
    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { exit(ExitStatus.file.rawValue) }
            rest = rest.dropFirst(count)
        }
    }
}
