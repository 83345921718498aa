/// Names of one machine or of one supplier: they make a repository work in one place only.
enum PlaceRule {
    /// Absolute folders of somebody's machine. Put together so that this file holds none of them.
    static let folders = ["work", "root", "home"].map { "/" + $0 + "/" }

    /// Hosts that packages come from.
    static let hosts = [
        "github" + ".com", "pypi" + ".org", "npmjs" + ".org", "crates" + ".io", "deb.debian" + ".org", "archive.ubuntu" + ".com",
        "proxy.golang" + ".org", "docker" + ".io", "arti" + "factory", "swiftpackageindex" + ".com",
    ]

    /// The one file that says where packages come from.
    static let hostFiles: Set<String> = ["Package.swift"]

    /// What is wrong with the lines of a file.
    static func findings(file: String, text: String) -> [Finding] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line -> [Finding] in
            let place = folders.filter { isAbsolute($0, in: line) }.map { "names `\($0)`, a folder of one machine" }
            let host = hostFiles.contains(file) ? [] : hosts.filter { line.contains($0) }.map { "names the package host \($0)" }
            return (place + host).map { Finding(file: file, line: index + 1, what: $0) }
        }
    }

    /// A path that begins here: nothing that could be its front stands before it.
    private static func isAbsolute(_ folder: String, in line: Substring) -> Bool {
        line.ranges(of: folder).contains { range in
            guard let before = Words.before(range.lowerBound, in: line) else { return true }
            return !(Words.isName(before) || "}).*-]/".contains(before))
        }
    }
}
