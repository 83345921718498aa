import Foundation

/// What the packages of a lane bring beside the agent, and what must be true of it in the end.
enum KillCargo: String, Sendable {
    case nothing
    /// A command for every moment.
    case hooks
    /// The same, and Debian packages that the real dpkg installs below the node's root.
    case deb

    /// The best that this machine can do.
    static let best: KillCargo = NodePackages.isPossible ? .deb : .hooks

    private static let moments = [
        "before-download", "after-download", "before-install", "after-install", "before-commit", "after-commit", "before-rollback",
        "after-rollback",
    ]

    /// A package file.
    func package(
        in folder: String, version: String, health: String? = #"["bin/upliftd","selftest"]"#, ballast: Int = 0,
        program: TestPackage.Program = .debug, entries: [(path: String, mode: Int, bytes: [UInt8])] = []
    ) throws -> String {
        let script = "#!/bin/sh\necho $UPLIFT_HOOK >>\"$UPLIFT_ROOT/hooks.txt\"\n"
        let hook = [(path: "bin/hook", mode: 0o755, bytes: Array(script.utf8))]
        let hooks = "{" + Self.moments.map { "\"\($0)\":[\"bin/hook\"]" }.joined(separator: ",") + "}"
        return try TestPackage.make(
            in: folder, version: version, health: health, strategy: self == .deb ? "deb" : "tree", ballast: ballast, program: program,
            entries: entries + (self == .nothing ? [] : hook) + (self == .deb ? try NodePackages.entries(version, in: folder) : []),
            hooks: self == .nothing ? "{}" : hooks)
    }

    /// The moments that an upgrade has, in order.
    func moments(sick isSick: Bool) -> [String] {
        if self == .nothing { return [] }
        return Array(Self.moments.prefix(4)) + Array(isSick ? Self.moments.suffix(2) : Self.moments[4...5])
    }

    /// The moments whose commands ran on a node, each where it came first: an interruption may repeat them.
    func heard(_ node: TestNode) -> [String] {
        let lines = (try? String(contentsOfFile: node.root + "/hooks.txt", encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
        return lines.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
