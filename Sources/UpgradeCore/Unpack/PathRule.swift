import UpgradeModel

/// Which names of an archive become paths.
struct PathRule {
    /// Depth and length come from here.
    let limits: UnpackLimits

    /// The path of an entry; nil for the root itself (`.` or `./`).
    ///
    /// A leading `./` and a folder's trailing `/` are how tar writes names, and are taken off; nothing else is repaired.
    func path(of entry: ArchiveEntry, isFolder: Bool) throws(UnpackRefusal) -> TreePath? {
        let name = try readableName(entry)
        if isFolder, name == "." || name == "./" { return nil }
        var bytes = name.utf8[...]
        if bytes.starts(with: "./".utf8) { bytes = bytes.dropFirst(2) }
        try checkForm(String(Substring(bytes)), entry)
        if isFolder, bytes.last == UInt8(ascii: "/") { bytes = bytes.dropLast() }
        guard let path = TreePath(String(Substring(bytes))) else {
            throw UnpackRefusal(
                .pathNotAllowed, entry: entry.path, found: "an empty, `.` or overlong component",
                expected: "components of 1 to 255 bytes, a `/` at the end of folders only")
        }
        guard path.components.count <= limits.depthMax else {
            throw UnpackRefusal(
                .pathTooDeep, entry: entry.path, found: "\(path.components.count) components", expected: "at most \(limits.depthMax)")
        }
        return path
    }

    private func readableName(_ entry: ArchiveEntry) throws(UnpackRefusal) -> String {
        guard let name = entry.path else {
            throw UnpackRefusal(.pathNotText, entry: nil, found: "bytes that are no UTF-8", expected: "a name in UTF-8")
        }
        guard !name.isEmpty else { throw UnpackRefusal(.pathEmpty, entry: name, found: "no name", expected: "a relative path") }
        guard name.utf8.count <= limits.pathLengthMax else {
            throw UnpackRefusal(
                .pathTooLong, entry: name, found: "\(name.utf8.count) bytes", expected: "at most \(limits.pathLengthMax)")
        }
        return name
    }

    private func checkForm(_ text: String, _ entry: ArchiveEntry) throws(UnpackRefusal) {
        if text.utf8.first == UInt8(ascii: "/") {
            throw UnpackRefusal(.pathAbsolute, entry: entry.path, found: "an absolute path", expected: "a relative one")
        }
        if text.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.elementsEqual("..".utf8) }) {
            throw UnpackRefusal(.pathClimbs, entry: entry.path, found: "a component `..`", expected: "a path that only goes down")
        }
        guard VisibleText.isVisible(text) else {
            throw UnpackRefusal(
                .pathNotVisible, entry: entry.path, found: "a control or invisible character", expected: "visible characters only")
        }
    }
}
