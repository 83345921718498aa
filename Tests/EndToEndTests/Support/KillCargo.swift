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

/// The Debian packages of a node in a scratch root, handled by the real dpkg: `probe`, with a configuration file that the operator has
/// changed, and `probe-more`, which wants exactly the same version of it. They have no scripts, because dpkg would run those in a chroot
/// without a shell.
struct NodePackages {
    let root: String
    private static let names = ["probe", "probe-more"]
    private static let operators = "changed by the operator\n"

    /// Without root's rights dpkg works in a user namespace, where the kernel allows one.
    static let prefix = Programs.isRoot ? [] : ["/usr/bin/unshare", "--user", "--map-root-user", "--"]

    static let isPossible: Bool = {
        let works = (try? tool(prefix + ["/usr/bin/dpkg", "--version"])) != nil && (try? tool(["/usr/bin/dpkg-deb", "--version"])) != nil
        if !works { print("SKIPPED: kills with strategy deb; they need dpkg, and root or user namespaces") }
        return works
    }()

    /// An empty dpkg database, and these packages in a first version.
    func begin(_ version: String, in folder: String) throws {
        for part in ["info", "updates"] {
            try FileManager.default.createDirectory(atPath: root + "/var/lib/dpkg/" + part, withIntermediateDirectories: true)
        }
        try Data().write(to: URL(fileURLWithPath: root + "/var/lib/dpkg/status"))
        let files = try Self.files(version, in: folder)
        try tool(Self.prefix + ["/usr/bin/dpkg", "--root=\(root)", "--install"] + files)
        try Self.operators.write(toFile: root + "/etc/probe.conf", atomically: false, encoding: .utf8)
    }

    /// How dpkg and the files describe the packages.
    func state() throws -> String {
        let shown = try tool(["dpkg-query", "--root=\(root)", "--show", "--showformat=${Package} ${Version} ${db:Status-Abbrev}\n"])
        let files = Self.names.map { (try? String(contentsOfFile: "\(root)/usr/share/\($0)/version", encoding: .utf8)) ?? "missing\n" }
        let left = try tool([
            "find", root + "/usr/share", root + "/etc", root + "/var/lib/dpkg/updates", "-name", "*.dpkg-*", "-o", "-path", "*/updates/*",
        ])
        let own = (try? String(contentsOfFile: root + "/etc/probe.conf", encoding: .utf8)) ?? "no configuration file\n"
        return shown + files.joined() + left + own
    }

    /// How they must in a version.
    static func state(in version: String) -> String {
        names.map { "\($0) \(version) ii \n" }.joined() + names.map { _ in version + "\n" }.joined() + operators
    }

    /// As files of a release.
    static func entries(_ version: String, in folder: String) throws -> [(path: String, mode: Int, bytes: [UInt8])] {
        try files(version, in: folder).map { file in
            ("packages/" + (file.split(separator: "/").last ?? ""), 0o644, [UInt8](try Data(contentsOf: URL(fileURLWithPath: file))))
        }
    }

    private static func files(_ version: String, in folder: String) throws -> [String] {
        try names.map { name in
            let tree = folder + "/deb/" + name
            var control =
                "Package: \(name)\nVersion: \(version)\nArchitecture: all\nMaintainer: nobody <nobody@example.com>\nDescription: probe\n"
            if name != names[0] { control += "Depends: \(names[0]) (= \(version))\n" }
            var texts = ["DEBIAN/control": control, "usr/share/\(name)/version": version + "\n"]
            if name == names[0] {
                texts["DEBIAN/conffiles"] = "/etc/probe.conf\n"
                texts["etc/probe.conf"] = "as shipped\n"
            }
            for (path, text) in texts {
                let file = URL(fileURLWithPath: tree + "/" + path)
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try text.write(to: file, atomically: false, encoding: .utf8)
            }
            try tool(["chmod", "-R", "u=rwX,go=rX", tree])
            try tool(["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", tree, tree + ".deb"])
            return tree + ".deb"
        }
    }
}
