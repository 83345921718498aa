import FaultServers
import Foundation
import UpgradeWire

/// An Open Horizon agent beside upliftd, in the node's root: its Debian packages in a dpkg of that root, a service that only notes whether
/// it runs, files that its upgrade changes, and its local API.
final class HorizonSite: @unchecked Sendable {
    let root: String
    private let scratch: Scratch
    private var api: StubServer?

    /// Version 2.30.0 is installed and runs.
    init(_ node: TestNode, _ scratch: Scratch, hubURL: String) throws {
        root = node.root
        self.scratch = scratch
        let root = root
        api = try StubServer { HorizonSite.answer($0.target, root) }
        for folder in ["usr/bin", "etc/cron.d", "etc/horizon", "var/horizon", "var/lib/dpkg/info", "var/lib/dpkg/updates"] {
            try FileManager.default.createDirectory(atPath: root + "/" + folder, withIntermediateDirectories: true)
        }
        try write("var/lib/dpkg/status", "")
        try write("usr/bin/systemctl", Self.systemctl)
        try tool(["chmod", "755", root + "/usr/bin/systemctl"])
        try write(
            "etc/default/horizon",
            "HZN_EXCHANGE_URL=\(hubURL)/v1\nHZN_FSS_CSSURL=\(hubURL)\nHZN_AGENT_PORT=\(api?.port ?? 0)\nHZN_CONFIG_VERSION=1\n"
                + "HZN_MGMT_HUB_CERT_PATH=/etc/horizon/agent-install.crt\n")
        try write("etc/horizon/agent-install.crt", "-----OpenHorizon Version 1.0.0-----\nold certificate\n")
        try write("var/horizon/anax.db", "old database\n")
        try tool(["dpkg", "--root=\(root)", "--install"] + debs("2.30.0"))
        try write("running", "")
        try write("mode", "good")
    }

    // MARK: What a test does to it

    func write(_ path: String, _ text: String) throws { try text.write(toFile: root + "/" + path, atomically: true, encoding: .utf8) }

    func read(_ path: String) throws -> String { try String(contentsOfFile: root + "/" + path, encoding: .utf8) }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }

    /// All that an upgrade may change, as one text.
    func image() throws -> String {
        let packages = try tool([
            "dpkg-query", "--root=\(root)", "--show", "--showformat=${Package} ${Version} ${db:Status-Status}\n", "horizon*",
        ])
        let files = ["etc/default/horizon", "var/horizon/anax.db", "etc/horizon/agent-install.crt", "usr/horizon/bin/anax", "usr/bin/hzn"]
        return try packages + files.map { "\($0): \(try read($0))" }.joined() + "runs: \(exists("running"))"
    }

    /// A package that brings a version, under the signed descriptor of strategy `script`.
    func package(_ version: String, name: String = "horizon", deadline: Int = 60) throws -> String {
        let folder = try scratch.folder("horizon-\(version)-\(UUID().uuidString)")
        for deb in try debs(version) { try tool(["cp", deb, folder]) }
        try Self.script.write(toFile: folder + "/agent-install.sh", atomically: true, encoding: .utf8)
        try """
        {"formatVersion":1,"name":"\(name)","version":"\(version)","architecture":"\(TestPackage.machine)","strategy":"script","hooks":{},
         "health":{"command":["health.sh"],"deadlineSeconds":\(deadline)}}
        """.write(toFile: folder + "/upgrade-package.json", atomically: true, encoding: .utf8)
        try "#!/bin/sh\nexit 0\n".write(toFile: folder + "/health.sh", atomically: true, encoding: .utf8)
        try tool(["chmod", "755", folder + "/health.sh"])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        try tool(["tar", "-C", folder, "-czf", folder + ".tar.gz"] + names)
        return folder + ".tar.gz"
    }

    // MARK: Its parts

    /// Both packages of a version.
    private func debs(_ version: String) throws -> [String] {
        try [("horizon", "usr/horizon/bin/anax"), ("horizon-cli", "usr/bin/hzn")].map { name, file in
            let folder = try scratch.folder("deb-\(name)-\(version)")
            for part in ["DEBIAN", (file as NSString).deletingLastPathComponent] {
                try FileManager.default.createDirectory(atPath: folder + "/" + part, withIntermediateDirectories: true)
            }
            try "\(name) \(version)\n".write(toFile: folder + "/" + file, atomically: true, encoding: .utf8)
            let control =
                "Package: \(name)\nVersion: \(version)\nArchitecture: \(TestPackage.machine)\nMaintainer: nobody <nobody@localhost>\n"
                + "Description: a stand-in\n"
            try control.write(toFile: folder + "/DEBIAN/control", atomically: true, encoding: .utf8)
            let deb = "\(folder)/../\(name)_\(version)_\(TestPackage.machine).deb"
            try tool(["dpkg-deb", "--root-owner-group", "--build", folder, deb])
            return deb
        }
    }

    /// As anax answers: nobody while its service stands still.
    private static func answer(_ target: String, _ root: String) -> StubResponse {
        guard FileManager.default.fileExists(atPath: root + "/running") else { return StubResponse(503) }
        switch target {
        case "/node":
            let state = (try? String(contentsOfFile: root + "/configstate", encoding: .utf8)) ?? "configured"
            return StubResponse(
                body: Array(
                    #"{"id":"edge7","organization":"demo","nodeType":"device","configstate":{"state":"\#(state)"}}"#.utf8))
        case "/status":
            let version = FileManager.default.fileExists(atPath: root + "/lonely") ? "" : "2.126.1"
            return StubResponse(
                body: Array(
                    #"{"configuration":{"preferred_exchange_version":"2.110.3","exchange_version":"\#(version)"}}"#.utf8))
        default: return StubResponse(404)
        }
    }

    private static let systemctl = """
        #!/bin/sh
        echo "$*" >>"$UPLIFT_ROOT/service.txt"
        case $1 in
          start) : >"$UPLIFT_ROOT/running" ;;
          stop) rm -f "$UPLIFT_ROOT/running" ;;
        esac

        """

    /// What Open Horizon's own does to a machine, in short. `mode` says how it ends.
    private static let script = """
        #!/bin/bash
        set -e
        echo "$*" >>"$UPLIFT_ROOT/script.txt"
        mode=$(cat "$UPLIFT_ROOT/mode")
        "$UPLIFT_ROOT/usr/bin/systemctl" stop horizon.service
        case " $* " in *software*)
          dpkg --root="$UPLIFT_ROOT" --force-not-root -i ./horizon_*.deb ./horizon-cli_*.deb ;;
        esac
        # As the real package's own script does, each time.
        echo '*/5 * * * * root /usr/horizon/bin/agent-auto-upgrade.sh' >"$UPLIFT_ROOT/etc/cron.d/horizon_agent_upgrade"
        [ "$(apt-config shell PTY Dpkg::Use-Pty)" = "PTY='false'" ]
        echo "new database" >"$UPLIFT_ROOT/var/horizon/anax.db"
        echo "log" >"$UPLIFT_ROOT/var/horizon/anax.db-wal"
        if [ -e agent-install.crt ]; then cp agent-install.crt "$UPLIFT_ROOT/etc/horizon/agent-install.crt"; fi
        if [ -e agent-install.cfg ]; then
          sed -i "s/^HZN_CONFIG_VERSION=.*/$(grep ^HZN_CONFIG_VERSION= agent-install.cfg)/" "$UPLIFT_ROOT/etc/default/horizon"
        fi
        case $mode in
          hangs) exec sleep 600 ;;
          fails) printf 'no \\033[31mspace\\n' >&2; exit 2 ;;
          lonely) : >"$UPLIFT_ROOT/lonely" ;;
        esac
        "$UPLIFT_ROOT/usr/bin/systemctl" start horizon.service

        """
}
