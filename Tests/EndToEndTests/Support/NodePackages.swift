import Foundation

/// The Debian packages of a node in a scratch root, handled by the real dpkg: `probe`, with a configuration file that the operator has
/// changed, and `probe-more`, which wants exactly the same version of it. Their scripts can be held.
struct NodePackages {
    let root: String
    static let names = ["probe", "probe-more"]
    static let scripts = ["preinst", "postinst", "prerm", "postrm"]
    private static let operators = "changed by the operator\n"

    /// Without root's rights dpkg works in a user namespace, where the kernel allows one.
    static let prefix = Programs.isRoot ? [] : ["/usr/bin/unshare", "--user", "--map-root-user", "--"]

    static let isPossible: Bool = {
        let works = (try? tool(prefix + ["/usr/bin/dpkg", "--version"])) != nil && (try? tool(["/usr/bin/dpkg-deb", "--version"])) != nil
        if !works { print("SKIPPED: kills with strategy deb; they need dpkg, and root or user namespaces") }
        return works
    }()

    /// An empty dpkg database, a shell for scripts, which run in a chroot, and these packages in a first version.
    func begin(_ version: String, in folder: String) throws {
        for part in ["var/lib/dpkg/info", "var/lib/dpkg/updates", "hold"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(part)", withIntermediateDirectories: true)
        }
        try Data().write(to: URL(fileURLWithPath: root + "/var/lib/dpkg/status"))
        let copy = "for f in /bin/sh $(ldd /bin/sh | grep -o '/[^ ]*'); do mkdir -p \"$0${f%/*}\" && cp -L \"$f\" \"$0$f\" || exit 1; done"
        try tool(["sh", "-c", copy, root])
        let files = try Self.files(version, in: folder)
        try tool(Self.prefix + ["/usr/bin/dpkg", "--root=\(root)", "--install"] + files)
        try Self.operators.write(toFile: root + "/etc/probe.conf", atomically: false, encoding: .utf8)
    }

    /// The next run of a script of a package in a version waits.
    func hold(_ package: String, _ version: String, _ script: String) throws {
        try Data().write(to: URL(fileURLWithPath: "\(root)/hold/\(package)-\(version)-\(script)"))
    }

    /// True while one waits.
    var isHeld: Bool { FileManager.default.fileExists(atPath: root + "/hold/held") }

    /// Nobody waits any more.
    func letGo() throws { try tool(["sh", "-c", "rm -f '\(root)'/hold/*"]) }

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
            for script in scripts {
                let waits = "[ ! -e /hold/\(name)-\(version)-\(script) ] || { : >/hold/held; while [ -e /hold/held ]; do :; done; }"
                try "#!/bin/sh\n\(waits)\n".write(toFile: "\(tree)/DEBIAN/\(script)", atomically: false, encoding: .utf8)
                try tool(["chmod", "u+x", "\(tree)/DEBIAN/\(script)"])
            }
            try tool(["chmod", "-R", "u=rwX,go=rX", tree])
            try tool(["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", tree, tree + ".deb"])
            return tree + ".deb"
        }
    }
}
