import UpgradeModel
import UpgradePorts

/// Makes the package file of an installed package from its files as they are now: the last way back
/// when the file that it was installed from is gone. Source: architecture, "Install"; deb(5); dpkg's database.
struct DebRebuild {
    private static let info = TreePath.known("var", "lib", "dpkg", "info")
    private static let status = TreePath.known("var", "lib", "dpkg", "status")
    private static let statusMax = 64 << 20
    private static let scripts: Set<String> = ["preinst", "postinst", "prerm", "postrm", "config"]
    private static let texts: Set<String> = ["conffiles", "md5sums", "triggers", "shlibs", "symbols", "templates"]
    /// What dpkg notes about an installed package, and no package file holds.
    private static let notes = ["Status:", "Conffiles:", "Config-Version:", "Triggers-Pending:", "Triggers-Awaited:"]

    let package: DebIdentity
    let ports: WayBackPorts
    /// A folder for the parts.
    let work: TreePath

    /// Makes the file. Errors: what is missing, in one sentence.
    func make(_ target: TreePath, _ interview: inout Interview) throws {
        guard let installed = try Self.file("list", of: package, in: ports.system) else {
            throw ReleaseError("dpkg has no list of the files of \(package)")
        }
        let (control, data) = (work.appending("control.tar"), work.appending("data.tar"))
        let (folder, list) = (work.appending("control"), work.appending("list"))
        let changed = try changedConfiguration(&interview)
        try interview.once("control of \(package)") {
            try ports.tree.removeTree(work)
            try ports.tree.makeDirectory(work, mode: 0o700)
            try writeControl(folder, without: changed)
            // From the root, so that a root elsewhere is meant, and no name looks like an option.
            let lines = String(decoding: installed, as: UTF8.self).split(separator: "\n").filter { !changed.contains(String($0)) }
            try ports.tree.replace(list, with: Array(lines.map { ".\($0)\n" }.joined().utf8))
        }
        _ = try interview.ask(ports.dpkg.pack(list: ports.absolute(list), into: ports.absolute(data))).text()
        _ = try interview.ask(ports.dpkg.pack(folder: ports.absolute(folder), into: ports.absolute(control))).text()
        try interview.once("file of \(package)") {
            try ports.tree.removeIfPresent(target)
            try DebFile.write(target, control: control, data: data, in: ports.tree)
            try ports.tree.removeTree(work)
        }
    }

    /// The name of a package's files in dpkg's database: those that may be installed for several machines at once carry the machine's.
    static func databaseName(of package: DebIdentity, in system: any FileTree) throws(FileError) -> String? {
        for name in [package.name, "\(package.name):\(package.architecture)"] {
            if try system.entry(info.appending(name + ".list")) != nil { return name }
        }
        return nil
    }

    /// A file of dpkg's database; nil when there is none.
    static func file(_ kind: String, of package: DebIdentity, in system: any FileTree) throws(FileError) -> [UInt8]? {
        guard let name = try databaseName(of: package, in: system) else { return nil }
        let path = info.appending("\(name).\(kind)")
        return try system.entry(path) == nil ? nil : try system.contents(path, max: 16 << 20)
    }

    private func status() throws(FileError) -> String { try ports.system.text(Self.status, max: Self.statusMax) ?? "" }

    /// Configuration files that are not as the package brought them, or are gone. They stay out of the package file: brought along they would count
    /// as the package's own, and the next version would replace them.
    private func changedConfiguration(_ interview: inout Interview) throws -> Set<String> {
        var changed: Set<String> = []
        for (file, sum) in Self.configurationFiles(of: package, in: try status()) {
            guard let path = TreePath(String(file.dropFirst())), try ports.system.entry(path)?.kind == .file else {
                changed.insert(file)
                continue
            }
            let said = try interview.ask(ports.dpkg.sum(of: ports.systemRoot + file)).text()
            if said.split(separator: " ").first.map(String.init) != sum { changed.insert(file) }
        }
        return changed
    }

    private func writeControl(_ folder: TreePath, without changed: Set<String>) throws {
        try ports.tree.makeDirectory(folder, mode: 0o755)
        guard let stanza = Self.stanza(of: package, in: try status()) else {
            throw ReleaseError("dpkg's status file does not hold \(package)")
        }
        try ports.tree.replace(folder.appending("control"), with: Array(stanza.utf8))
        for kind in Self.scripts.union(Self.texts).sorted() {
            guard var bytes = try Self.file(kind, of: package, in: ports.system) else { continue }
            if kind == "conffiles" {
                let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !changed.contains(String($0)) }
                bytes = Array(lines.map { "\($0)\n" }.joined().utf8)
            }
            try ports.tree.replace(folder.appending(kind), with: bytes, mode: Self.scripts.contains(kind) ? 0o755 : 0o644)
        }
    }

    private static func paragraph(of package: DebIdentity, in status: String) -> ArraySlice<Substring>? {
        let wanted: [Substring] = ["Package: \(package.name)", "Version: \(package.version)", "Architecture: \(package.architecture)"]
        let lines = status.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.split(separator: "").first { found in wanted.allSatisfy { found.contains($0) } }
    }

    /// Paths of the configuration files, each with the MD5 of what the package brought. Those that an earlier version brought are not the package's.
    static func configurationFiles(of package: DebIdentity, in status: String) -> [(file: String, sum: String)] {
        guard let paragraph = paragraph(of: package, in: status), let start = paragraph.firstIndex(of: "Conffiles:") else { return [] }
        return paragraph[(start + 1)...].prefix { $0.first == " " }.compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            return words.count == 2 && words[0].hasPrefix("/") ? (words[0], words[1]) : nil
        }
    }

    /// The package's fields without dpkg's notes; nil when it is not there.
    static func stanza(of package: DebIdentity, in status: String) -> String? {
        guard let paragraph = paragraph(of: package, in: status) else { return nil }
        var isNote = false
        let kept = paragraph.filter { line in
            if line.first != " " && line.first != "\t" { isNote = notes.contains { line.hasPrefix($0) } }
            return !isNote
        }
        return kept.joined(separator: "\n") + "\n"
    }
}
