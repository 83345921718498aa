/// What of a simulated disk a power cut leaves: bytes as of their file's last sync, names as of their folder's.
///
/// One operation's names are kept or lost together, as on a file system with a journal; it is durable with either of its folders. Operations on
/// different names may be kept in any order. SQLite's own files are no part of this: a commit is durable by the store's contract.
struct SimDurable: Hashable, Sendable {
    /// A node as it would be found again.
    struct Saved: Hashable, Sendable {
        var content: SimDisk.Node.Content
        var mode: UInt16
        /// The bytes of a file that only a power cut brings back, without most of its zeros.
        var packed: PackedBytes?

        /// With all bytes.
        var whole: SimDisk.Node.Content { packed.map { .file($0.bytes) } ?? content }
    }

    /// A name as one operation left it; nil = no such name.
    struct NameChange: Hashable, Sendable {
        let place: SimPlace
        let number: Int?
    }

    /// A write that is not synced yet, and what it replaced.
    struct Write: Hashable, Sendable {
        let number: Int
        let start: Int
        let count: Int
        let oldBytes: [UInt8]
    }

    /// Every node that a durable name may lead to.
    private(set) var nodes: NumberedTable<Saved>
    /// Names that are not synced yet, an operation each, oldest first.
    private(set) var pending: [[NameChange]] = []
    /// The last unsynced write of each file, oldest first.
    private(set) var writes: [Write] = []

    /// All of this is durable.
    init(_ nodes: NumberedTable<Saved>) { self.nodes = nodes }

    /// A node is made; it is found again with its first durable name, without bytes.
    mutating func add(_ number: Int, _ saved: Saved) { nodes[number] = saved }

    mutating func note(_ change: [NameChange]) { pending.append(change) }

    /// Takes the last write of a file; nil when its length was set otherwise.
    mutating func note(_ write: Write?, to number: Int) {
        writes.removeAll { $0.number == number }
        if let write { writes.append(write) }
    }

    /// A file's bytes and mode are durable.
    mutating func sync(_ number: Int, _ saved: Saved) {
        nodes[number] = saved
        writes.removeAll { $0.number == number }
    }

    /// A folder's names are durable, and its mode is.
    mutating func syncNames(in folder: Int, mode: UInt16) {
        nodes[folder]?.mode = mode
        let kept = closure { $0.contains { $0.place.folder == folder } }
        for index in kept { apply(pending[index]) }
        for index in kept.reversed() { pending.remove(at: index) }
    }

    /// Nothing but a power cut brings this node back: of a long file, as a journal is, the zeros are counted and not kept.
    mutating func pack(_ number: Int) {
        guard let saved = nodes[number], case .file(let bytes) = saved.content, bytes.count > 4096 else { return }
        nodes[number] = Saved(content: .file([]), mode: saved.mode, packed: PackedBytes(bytes))
    }

    /// Forgets what neither a name nor an open file leads to. Only while no name is unsynced.
    mutating func prune(to used: (Int) -> Bool) {
        if pending.isEmpty { nodes.keep(where: used) }
    }

    /// The nodes that a power cut leaves when of the unsynced names only those of the last operation come through.
    var withLastNames: NumberedTable<Saved> {
        var copy = self
        for index in closure({ $0 == pending.last }) { copy.apply(pending[index]) }
        return copy.nodes
    }

    /// Operations that are meant, and the earlier ones on the same names, which cannot be lost alone.
    private func closure(_ isMeant: ([NameChange]) -> Bool) -> [Int] {
        var (kept, places): ([Int], Set<SimPlace>) = ([], [])
        for index in pending.indices.reversed() {
            guard isMeant(pending[index]) || pending[index].contains(where: { places.contains($0.place) }) else { continue }
            kept.append(index)
            places.formUnion(pending[index].map(\.place))
        }
        return kept.reversed()
    }

    private mutating func apply(_ change: [NameChange]) {
        for name in change {
            guard case .directory(var names)? = nodes[name.place.folder]?.content else { continue }
            nodes[name.place.folder]?.content = .directory([:])
            names[name.place.name] = name.number
            nodes[name.place.folder]?.content = .directory(names)
        }
    }
}
