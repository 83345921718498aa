import UpgradeModel
import UpgradePorts

extension SimDisk {
    func readLink(_ path: TreePath) throws(FileError) -> String {
        guard case .symbolicLink(let text)? = node(try existing(path, "read link"))?.content else {
            throw Self.error(.unexpectedKind, "read link", path)
        }
        return text
    }

    func list(_ path: TreePath) throws(FileError) -> [String] {
        try names(path, "list").keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func entry(_ path: TreePath, owner: UInt32) throws(FileError) -> FileEntry? {
        let number = path == .root ? Self.rootNumber : try lookUp(path, "look at")
        guard let number, let node = node(number) else { return nil }
        switch node.content {
        case .file(let bytes): return FileEntry(kind: .file, mode: node.mode, length: Int64(bytes.count), owner: owner)
        case .directory: return FileEntry(kind: .directory, mode: node.mode, length: 0, owner: owner)
        case .symbolicLink(let text): return FileEntry(kind: .symbolicLink, mode: node.mode, length: Int64(text.utf8.count), owner: owner)
        }
    }

    /// The names in a folder. Errors: `.missing`, `.unexpectedKind`, `.escapes` as on the way to any name.
    func names(_ path: TreePath, _ operation: String) throws(FileError) -> [String: Int] {
        guard case .directory(let names)? = node(try folder(path.components[...], operation, path))?.content else {
            throw Self.error(.unexpectedKind, operation, path)
        }
        return names
    }

    /// Folder and name of a path. Errors: `.escapes` for the root, which has no name in the tree; else as `names`.
    func place(_ path: TreePath, _ operation: String) throws(FileError) -> SimPlace {
        guard let name = path.components.last else { throw Self.error(.escapes, operation, path) }
        return SimPlace(folder: try folder(path.components.dropLast(), operation, path.parent), name: name)
    }

    /// The folder at the end of a way, by number.
    private func folder(
        _ way: ArraySlice<String>, _ operation: String, _ path: @autoclosure () -> TreePath
    ) throws(FileError) -> Int {
        var number = Self.rootNumber
        for component in way {
            guard case .directory(let names)? = node(number)?.content else { throw Self.error(.unexpectedKind, operation, path()) }
            guard let next = names[component] else { throw Self.error(.missing, operation, path()) }
            if case .symbolicLink? = node(next)?.content { throw Self.error(.escapes, operation, path()) }
            number = next
        }
        guard isDirectory(number) else { throw Self.error(.unexpectedKind, operation, path()) }
        return number
    }

    /// What a name leads to.
    func number(at place: SimPlace) -> Int? {
        guard case .directory(let names)? = node(place.folder)?.content else { return nil }
        return names[place.name]
    }

    /// What a path leads to. Errors: `.missing` when that is nothing.
    func existing(_ path: TreePath, _ operation: String) throws(FileError) -> Int {
        guard let number = number(at: try place(path, operation)) else { throw Self.error(.missing, operation, path) }
        return number
    }

    func isDirectory(_ number: Int) -> Bool {
        if case .directory? = node(number)?.content { true } else { false }
    }

    /// An error in the words of the simulated disk.
    static func error(_ kind: FileError.Kind, _ operation: String, _ path: TreePath) -> FileError {
        FileError(kind, operation: operation, path: path, reason: "the simulated disk says \(kind.rawValue)")
    }

    private func lookUp(_ path: TreePath, _ operation: String) throws(FileError) -> Int? {
        do throws(FileError) {
            return number(at: try place(path, operation))
        } catch  where error.kind == .missing {
            return nil
        }
    }
}
