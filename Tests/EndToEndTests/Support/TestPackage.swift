import Foundation
import Synchronization

/// Packages around the real debug program. The program is compressed once; each package puts its own descriptor in front of it as a frame
/// of its own.
enum TestPackage {
    private static let program = Mutex<String?>(nil)

    /// A package file in the folder.
    static func make(
        in folder: String, version: String, architecture: String? = nil, health: String? = #"["bin/upliftd","selftest"]"#,
        deadline: Double = 30,
        strategy: String = "tree", ballast: Int = 0, program: Program = .debug, entries: [(path: String, mode: Int, bytes: [UInt8])] = [],
        minimumFree: Int = 0, hooks: String = "{}"
    ) throws -> String {
        let healthPart = health.map { #","health":{"command":\#($0),"deadlineSeconds":\#(deadline)}"# } ?? ""
        let descriptor = """
            {"formatVersion":1,"name":"uplift","version":"\(version)","architecture":"\(architecture ?? machine)","strategy":"\(strategy)"\
            \(healthPart),"hooks":\(hooks),"minimumFreeBytes":\(minimumFree)}
            """
        var head = Tar.file("upgrade-package.json", Array(descriptor.utf8))
        for entry in entries { head += Tar.file(entry.path, entry.bytes, mode: entry.mode) }
        let raw = folder + "/head.tar"
        try Data(head).write(to: URL(fileURLWithPath: raw))
        let target = folder + "/package-\(version)-\(UUID().uuidString).tar.zst"
        try tool(["zstd", "-q", "-1", "-f", raw, "-o", target])
        if ballast > 0 { try append(try compressedBallast(ballast, folder), to: target) }
        try append(try compressed(program, folder), to: target)
        return target
    }

    static var machine: String {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #endif
    }

    /// Incompressible bytes under one name; the tar around them is made without holding them in memory.
    private static func compressedBallast(_ count: Int, _ folder: String) throws -> String {
        let head = folder + "/ballast.head"
        try Data(Tar.header("share/ballast", count: count, mode: 0o644)).write(to: URL(fileURLWithPath: head))
        let padding = (512 - count % 512) % 512
        let target = folder + "/ballast.tar.zst"
        try tool([
            "sh", "-c", "{ cat '\(head)'; head -c \(count) /dev/urandom; head -c \(padding) /dev/zero; } | zstd -q -1 -f -o '\(target)'",
        ])
        return target
    }

    /// What lies under `bin/upliftd`.
    enum Program {
        /// The debug build, whole.
        case debug
        /// A two-line script that becomes the debug build: for nodes with little space.
        case script
        /// Anything else, with its mode.
        case text(String, mode: Int)
        /// The release build, for measurements.
        case release
    }

    private static func compressed(_ program: Program, _ folder: String) throws -> String {
        switch program {
        case .debug: return try compressedProgram()
        case .script:
            let script = "#!/bin/sh\nexec '\(Programs.path("upliftd"))' \"$@\"\n"
            return try compressed(.text(script, mode: 0o755), folder)
        case .text(let text, let mode):
            return try compress(Tar.file("bin/upliftd", Array(text.utf8), mode: mode) + Tar.end, folder + "/script")
        case .release:
            guard let release = Programs.releaseFolder else { throw Trouble("there is no release build") }
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: release + "/upliftd")))
            return try compress(Tar.file("bin/upliftd", bytes, mode: 0o755) + Tar.end, folder + "/release")
        }
    }

    private static func compress(_ tar: [UInt8], _ name: String) throws -> String {
        try Data(tar).write(to: URL(fileURLWithPath: name + ".tar"))
        try tool(["zstd", "-q", "-1", "-f", name + ".tar", "-o", name + ".zst"])
        return name + ".zst"
    }

    private static func compressedProgram() throws -> String {
        try program.withLock { known in
            if let known, FileManager.default.fileExists(atPath: known) { return known }
            let folder = NSTemporaryDirectory() + "/uplift-e2e-program.\(getpid())"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try tool(["strip", "-o", folder + "/upliftd", Programs.path("upliftd")])
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/upliftd")))
            try Data(Tar.file("bin/upliftd", bytes, mode: 0o755) + Tar.end).write(to: URL(fileURLWithPath: folder + "/program.tar"))
            try tool(["zstd", "-q", "-1", "-f", folder + "/program.tar", "-o", folder + "/program.zst"])
            atexit { try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "/uplift-e2e-program.\(getpid())") }
            known = folder + "/program.zst"
            return folder + "/program.zst"
        }
    }

    private static func append(_ part: String, to file: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: try Data(contentsOf: URL(fileURLWithPath: part)))
        try handle.close()
    }
}

/// Just enough ustar to write test packages.
enum Tar {
    static func file(_ path: String, _ bytes: [UInt8], mode: Int = 0o644) -> [UInt8] {
        header(path, count: bytes.count, mode: mode) + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }

    static func header(_ path: String, count: Int, mode: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) { header.replaceSubrange(offset..<(offset + text.utf8.count), with: Array(text.utf8)) }
        func octal(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(path, at: 0)
        put(octal(mode, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        put(octal(count, 11), at: 124)
        put(octal(0, 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
        header[154] = 0
        header[155] = UInt8(ascii: " ")
        return header
    }

    static let end = [UInt8](repeating: 0, count: 1024)
}
