import UpgradeModel
import UpgradePorts

/// The operations of a file tree with the rules of the real one.
extension SimDisk {
    mutating func makeDirectory(_ path: TreePath, mode: UInt16) throws(FileError) {
        if path == .root { throw Self.error(.exists, "make folder", path) }
        _ = try add(.directory([:]), mode: mode, "make folder", path)
    }

    mutating func create(_ path: TreePath, mode: UInt16) throws(FileError) -> Int {
        let number = try add(.file([]), mode: mode, "create", path)
        countHandles(number, by: 1)
        return number
    }

    mutating func symbolicLink(_ target: String, at path: TreePath) throws(FileError) {
        if target.isEmpty { throw Self.error(.missing, "make link", path) }
        _ = try add(.symbolicLink(target), mode: 0o777, "make link", path)
    }

    mutating func open(_ path: TreePath) throws(FileError) -> Int {
        let number = try existing(path, "open")
        try requireFile(number, "open", path)
        countHandles(number, by: 1)
        return number
    }

    mutating func link(_ existing: TreePath, to new: TreePath) throws(FileError) {
        let number = try self.existing(existing, "link")
        let place = try self.place(new, "link")
        try requireFile(number, "link", existing)
        if self.number(at: place) != nil { throw Self.error(.exists, "link", existing) }
        try requireRoom("link", existing)
        setNames([.init(place: place, number: number)])
        countNames(number, by: 1)
    }

    mutating func rename(_ old: TreePath, to new: TreePath) throws(FileError) {
        let operation = "rename"
        let (from, to) = (try place(old, operation), try place(new, operation))
        guard let number = number(at: from), let node = node(number) else { throw Self.error(.missing, operation, old) }
        if new.components.count > old.components.count, new.components.starts(with: old.components) {
            throw Self.error(.other, operation, old)
        }
        if let replaced = self.number(at: to) {
            // Two names of one file: the real call does nothing and says that all is well.
            if replaced == number { return }
            try requireReplaceable(replaced, by: node, operation, old)
            countNames(replaced, by: -1)
        }
        setNames([.init(place: from, number: nil), .init(place: to, number: number)])
    }

    mutating func remove(_ path: TreePath) throws(FileError) {
        let number = try existing(path, "remove")
        if isDirectory(number) { throw Self.error(.unexpectedKind, "remove", path) }
        setNames([.init(place: try place(path, "remove"), number: nil)])
        countNames(number, by: -1)
    }

    mutating func removeDirectory(_ path: TreePath) throws(FileError) {
        let number = try existing(path, "remove folder")
        guard case .directory(let names)? = node(number)?.content else { throw Self.error(.unexpectedKind, "remove folder", path) }
        guard names.isEmpty else { throw Self.error(.exists, "remove folder", path) }
        setNames([.init(place: try place(path, "remove folder"), number: nil)])
        countNames(number, by: -1)
    }

    mutating func syncDirectory(_ path: TreePath) throws(FileError) {
        _ = try names(path, "sync folder")
        syncNames(in: path == .root ? Self.rootNumber : try existing(path, "sync folder"))
    }

    mutating func setMode(_ path: TreePath, mode: UInt16) throws(FileError) {
        let number = path == .root ? Self.rootNumber : try existing(path, "set mode")
        if case .symbolicLink? = node(number)?.content { throw Self.error(.unexpectedKind, "set mode", path) }
        setMode(number, mode)
    }

    private mutating func add(_ content: Node.Content, mode: UInt16, _ operation: String, _ path: TreePath) throws(FileError) -> Int {
        let place = try place(path, operation)
        if number(at: place) != nil { throw Self.error(.exists, operation, path) }
        try requireRoom(operation, path)
        return add(content, mode: mode, at: place)
    }

    private func requireReplaceable(_ number: Int, by node: Node, _ operation: String, _ path: TreePath) throws(FileError) {
        guard case .directory(let names)? = self.node(number)?.content else {
            if case .directory = node.content { throw Self.error(.unexpectedKind, operation, path) }
            return
        }
        guard case .directory = node.content else { throw Self.error(.unexpectedKind, operation, path) }
        if !names.isEmpty { throw Self.error(.exists, operation, path) }
    }

    /// On a full disk nothing new finds a place, not even an empty file.
    private func requireRoom(_ operation: String, _ path: TreePath) throws(FileError) {
        if free == 0 { throw Self.error(.noSpace, operation, path) }
    }

    private func requireFile(_ number: Int, _ operation: String, _ path: TreePath) throws(FileError) {
        guard case .file? = node(number)?.content else { throw Self.error(.unexpectedKind, operation, path) }
    }
}
