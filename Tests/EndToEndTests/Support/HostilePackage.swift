import Foundation

/// Archives that a node must refuse: small, because they never run.
enum HostilePackage {
    /// A descriptor as text; parameters are what tests get wrong.
    static func descriptor(
        _ version: String, name: String = "uplift", architecture: String = TestPackage.machine, strategy: String = "tree",
        hooks: String = "{}", minimumFree: Int = 0
    ) -> String {
        """
        {"formatVersion":1,"name":"\(name)","version":"\(version)","architecture":"\(architecture)","strategy":"\(strategy)",\
        "hooks":\(hooks),"minimumFreeBytes":\(minimumFree)}
        """
    }

    /// A compressed archive of a descriptor (none with nil) and raw tar entries.
    static func make(in folder: String, descriptor: String?, entries: [[UInt8]] = []) throws -> String {
        var bytes = descriptor.map { Tar.file("upgrade-package.json", Array($0.utf8)) } ?? []
        for entry in entries { bytes += entry }
        let raw = folder + "/\(UUID().uuidString).tar"
        try Data(bytes + Tar.end).write(to: URL(fileURLWithPath: raw))
        try tool(["gzip", "-f", raw])
        return raw + ".gz"
    }
}

extension Tar {
    /// An entry of another kind, such as `2` (symbolic link) or `1` (hard link), without contents.
    static func special(_ path: String, type: Character, target: String = "") -> [UInt8] {
        var header = file(path, [], mode: 0o777)
        header[156] = type.asciiValue ?? UInt8(ascii: "0")
        header.replaceSubrange(157..<(157 + target.utf8.count), with: Array(target.utf8))
        header.replaceSubrange(148..<156, with: [UInt8](repeating: UInt8(ascii: " "), count: 8))
        let text = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        let field = Array((String(repeating: "0", count: 6 - text.count) + text).utf8) + [0, UInt8(ascii: " ")]
        header.replaceSubrange(148..<156, with: field)
        return header
    }
}
