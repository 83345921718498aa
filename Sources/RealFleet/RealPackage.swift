import FleetSimulation
import UpgradeSystem

/// A package with a program that is as sick as its build says. What lies under `bin/upliftd` is a script that becomes the true program, so that a
/// package is small and every node runs the same build.
struct RealPackage {
    /// The name under which nodes look for it.
    static let name = "horizon-agent-linux-deb-\(LiveMachine.architecture).tar.gz"

    let bytes: [UInt8]

    init(_ build: Build, program: String) {
        let sickness = build.sickness
        // A trial that must fail is not waited for long; one that must not has time on a busy machine.
        let deadline = sickness == nil ? 60 : sickness == .deaf ? 20 : 6
        let descriptor = """
            {"formatVersion": 1, "name": "uplift", "version": "\(build.version)", "architecture": "\(LiveMachine.architecture)",
             "strategy": "tree", "health": {"command": ["bin/health"], "deadlineSeconds": \(deadline)}}
            """
        bytes =
            Tar.file("upgrade-package.json", descriptor, mode: 0o644)
            + Tar.file("bin/upliftd", RealPackage.script(sickness, program), mode: 0o755)
            + Tar.file("bin/health", RealPackage.health(sickness), mode: 0o755) + Tar.end
    }

    private static func script(_ sickness: Build.Sickness?, _ program: String) -> String {
        switch sickness {
        case nil, .unhealthy, .diesLater, .commandHangs, .wrongVersion, .breaksProbe: "#!/bin/sh\nexec '\(program)' \"$@\"\n"
        case .cannotStart: "#!/nowhere/interpreter\n"
        case .exits: "#!/bin/sh\nexit 3\n"
        case .hangs: "#!/bin/sh\nexec sleep 3600\n"
        // The life line is standard input, which a shell takes from what runs in the background.
        case .dies: "#!/bin/sh\nexec 3<&0\n'\(program)' \"$@\" <&3 &\nsleep 1.5\nkill -9 $!\n"
        // `run --root ROOT --release N`: the same node, but for an address where nobody listens.
        case .deaf:
            """
            #!/bin/sh
            root=$3
            mkdir -p "$root/deaf"
            cp -R "$root/etc" "$root/deaf/"
            ln -sfn "$root/var" "$root/deaf/var"
            ln -sfn "$root/run" "$root/deaf/run"
            echo HZN_EXCHANGE_URL=http://127.0.0.1:9/v1 >"$root/deaf/etc/uplift/zz-deaf.conf"
            shift 3
            exec '\(program)' run --root "$root/deaf" "$@"

            """
        }
    }

    private static func health(_ sickness: Build.Sickness?) -> String {
        switch sickness {
        case .unhealthy: "#!/bin/sh\necho not well\nexit 1\n"
        // The program dies while it is asked.
        case .dies: "#!/bin/sh\nsleep 3\n"
        default: "#!/bin/sh\nexit 0\n"
        }
    }
}

/// Just enough of ustar for packages.
enum Tar {
    static let end = [UInt8](repeating: 0, count: 1024)

    static func file(_ path: String, _ text: String, mode: Int) -> [UInt8] {
        let bytes = Array(text.utf8)
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) { header.replaceSubrange(offset..<(offset + text.utf8.count), with: Array(text.utf8)) }
        func octal(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        // Name, mode, owner, group, size, time, kind, magic; the sum is made over blanks in its own place.
        let fields = [
            (0, path), (100, octal(mode, 7)), (108, octal(0, 7)), (116, octal(0, 7)), (124, octal(bytes.count, 11)), (136, octal(0, 11)),
            (148, "        "), (156, "0"), (257, "ustar\u{0}00"),
        ]
        for (offset, text) in fields { put(text, at: offset) }
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", at: 148)
        return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }
}
