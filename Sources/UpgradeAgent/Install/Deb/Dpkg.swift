import UpgradeModel
import UpgradePorts

/// How dpkg is called on this node: never with a network, never with a question. Source: dpkg(1), deb-conffiles(5).
package struct Dpkg: Sendable {
    /// Absolute path of the root that dpkg works on; empty or `/` = this machine's.
    private let root: String
    private static let environment = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive",
        "DEBCONF_NONINTERACTIVE_SEEN": "true",
    ]
    /// Longer than any maintainer script should take.
    private static let changeTime: Duration = .seconds(900)
    private static let questionTime: Duration = .seconds(60)

    /// For the node under this root.
    package init(root: String) { self.root = root == "/" ? "" : root }

    /// Unpacks and configures package files, by absolute path. Configuration files that somebody has changed stay.
    func install(_ files: [String]) -> Command { change(["--force-confdef", "--force-confold", "--install"] + files) }

    /// Takes packages away; their configuration files stay.
    func remove(_ names: [String]) -> Command { change(["--remove"] + names) }

    /// Finishes what an interrupted dpkg left half done.
    func finish() -> Command { change(["--force-confdef", "--force-confold", "--configure", "--pending"]) }

    /// Prints version, architecture and state of an installed package; exit 1 when dpkg does not know it.
    func state(of name: String) -> Command {
        ask("/usr/bin/dpkg-query", place + ["--show", "--showformat=${Version} ${Architecture} ${db:Status-Status}", name])
    }

    /// Prints the MD5 of a file, as dpkg remembers it, and its name.
    func sum(of file: String) -> Command { ask("/usr/bin/md5sum", [file]) }

    /// Packs the installed files that a list names, as they are now. Shape of the list: paths from the root, a line each.
    func pack(list: String, into file: String) -> Command {
        ask(
            "/usr/bin/tar",
            [
                "--create", "--file=\(file)", "--format=gnu", "--numeric-owner", "--no-recursion", "--directory=\(root)/",
                "--verbatim-files-from", "--files-from=\(list)",
            ])
    }

    /// Packs a folder's files.
    func pack(folder: String, into file: String) -> Command {
        ask(
            "/usr/bin/tar",
            ["--create", "--file=\(file)", "--format=gnu", "--owner=0", "--group=0", "--numeric-owner", "--directory=\(folder)", "."])
    }

    private var place: [String] { root.isEmpty ? [] : ["--root=\(root)"] }

    private func change(_ arguments: [String]) -> Command {
        Command(
            executable: "/usr/bin/dpkg", arguments: place + arguments, directory: "/", environment: Self.environment,
            timeout: Self.changeTime)
    }

    private func ask(_ program: String, _ arguments: [String]) -> Command {
        Command(executable: program, arguments: arguments, directory: "/", environment: Self.environment, timeout: Self.questionTime)
    }
}
