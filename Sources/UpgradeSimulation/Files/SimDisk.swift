import UpgradeModel
import UpgradePorts

/// What a simulated disk holds: a plain value, so that a run can be repeated from any moment.
package struct SimDisk: Hashable, Sendable {
    /// One file, folder or link, whatever names it has.
    package struct Node: Hashable, Sendable {
        /// What it is and holds.
        package enum Content: Hashable, Sendable {
            case file([UInt8])
            case directory([String: Int])
            case symbolicLink(String)
        }

        /// What it is and holds.
        package var content: Content
        /// The low twelve permission bits.
        package var mode: UInt16
        /// Names that lead here; a file without any lives on while it is open.
        var names: Int32 = 1
        /// Open files.
        var handles: Int32 = 0
    }

    /// The number of the root folder.
    static let rootNumber = 0

    /// Everything by number; numbers are not used twice.
    private(set) var nodes = NumberedTable(Node(content: .directory([:]), mode: 0o700), at: rootNumber)
    private(set) var nextNumber = 1
    /// Bytes that the disk takes in all.
    package var capacity: Int64
    /// Bytes in files.
    package private(set) var used: Int64 = 0
    /// What a power cut leaves.
    private(set) var durable = SimDurable(NumberedTable(SimDurable.Saved(content: .directory([:]), mode: 0o700), at: rootNumber))

    /// An empty disk.
    package init(capacity: Int64) { self.capacity = capacity }

    /// A disk of the same size with these nodes, all of them durable.
    init(_ nodes: NumberedTable<Node>, nextNumber: Int, likeThat other: SimDisk) {
        self.nodes = nodes
        self.nextNumber = nextNumber
        capacity = other.capacity
        for case .file(let bytes) in nodes.pairs.map(\.value.content) { used += Int64(bytes.count) }
        durable = SimDurable(nodes.mapValues { SimDurable.Saved(content: $0.content, mode: $0.mode) })
    }

    /// Bytes that may still be written.
    package var free: Int64 { max(0, capacity - used) }

    /// The node under a number; a number that was given out stays valid while a name or a handle holds it.
    func node(_ number: Int) -> Node? { nodes[number] }

    /// Adds a node under a name.
    mutating func add(_ content: Node.Content, mode: UInt16, at place: SimPlace) -> Int {
        let number = nextNumber
        nextNumber += 1
        nodes[number] = Node(content: content, mode: mode & 0o7777)
        durable.add(number, SimDurable.Saved(content: content, mode: mode & 0o7777))
        setNames([.init(place: place, number: number)])
        return number
    }

    /// Lets names lead to nodes, in one operation; the nodes' counts of names are the caller's.
    mutating func setNames(_ change: [SimDurable.NameChange]) {
        for name in change { setName(name.place, to: name.number) }
        durable.note(change)
    }

    private mutating func setName(_ place: SimPlace, to number: Int?) {
        guard case .directory(var names)? = nodes[place.folder]?.content else { return }
        // The folder gives its table away first, so that the change happens in place.
        nodes[place.folder]?.content = .directory([:])
        names[place.name] = number
        nodes[place.folder]?.content = .directory(names)
    }

    /// One name more or less for a node; without names and handles it is gone.
    mutating func countNames(_ number: Int, by change: Int32) {
        nodes[number]?.names += change
        dropIfUnused(number)
    }

    /// One open file more or less.
    mutating func countHandles(_ number: Int, by change: Int32) {
        nodes[number]?.handles += change
        dropIfUnused(number)
    }

    /// Whoever had files open is gone: what had no name any more is gone too.
    package mutating func closeAll() {
        for (number, node) in nodes.pairs where node.handles > 0 { countHandles(number, by: -node.handles) }
    }

    /// Sets the permission bits.
    mutating func setMode(_ number: Int, _ mode: UInt16) { nodes[number]?.mode = mode & 0o7777 }

    /// Writes bytes into a file; a gap before them is filled with zeros. False when the disk is full; nothing is changed then.
    mutating func write(_ new: [UInt8], to number: Int, at start: Int) -> Bool {
        guard case .file(let bytes)? = nodes[number]?.content else { return false }
        let (end, length) = (start + new.count, bytes.count)
        // Often all of a file is written at once: then it is kept as it came.
        if length == 0, start == 0 { return replace(number, by: new) }
        let old = start < length ? Array(bytes[start..<min(end, length)]) : []
        guard changeBytes(number, length: max(end, length), { SimDisk.copy(new, into: &$0, at: start) }) else { return false }
        durable.note(SimDurable.Write(number: number, start: start, count: new.count, oldBytes: old), to: number)
        return true
    }

    private mutating func replace(_ number: Int, by new: [UInt8]) -> Bool {
        guard Int64(new.count) <= free else { return false }
        nodes[number]?.content = .file(new)
        used += Int64(new.count)
        durable.note(SimDurable.Write(number: number, start: 0, count: new.count, oldBytes: []), to: number)
        return true
    }

    /// Cuts a file, or fills it with zeros, to a length. False when the disk is full; nothing is changed then.
    mutating func truncate(_ number: Int, to length: Int) -> Bool {
        guard changeBytes(number, length: length, { _ in }) else { return false }
        durable.note(nil, to: number)
        return true
    }

    /// In one piece: element by element takes most of the time of a run that is not optimized.
    private static func copy(_ new: [UInt8], into bytes: inout [UInt8], at start: Int) {
        bytes.withUnsafeMutableBytes { target in
            new.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: target[start..<(start + $0.count)]).copyMemory(from: $0) }
        }
    }

    private mutating func changeBytes(_ number: Int, length: Int, _ change: (inout [UInt8]) -> Void) -> Bool {
        guard case .file(var bytes)? = nodes[number]?.content else { return false }
        let growth = length - bytes.count
        guard growth <= 0 || Int64(growth) <= free else { return false }
        // The node gives its bytes away first, so that the change happens in place.
        nodes[number]?.content = .file([])
        if growth < 0 { bytes.removeLast(-growth) } else { bytes.append(contentsOf: [UInt8](repeating: 0, count: growth)) }
        change(&bytes)
        nodes[number]?.content = .file(bytes)
        used += Int64(growth)
        return true
    }

    /// Makes a file's bytes and mode durable; its names are their folders'.
    mutating func sync(_ number: Int) {
        guard let node = nodes[number] else { return }
        durable.sync(number, SimDurable.Saved(content: node.content, mode: node.mode))
    }

    /// Makes the names in a folder durable.
    mutating func syncNames(in folder: Int) {
        guard let node = nodes[folder] else { return }
        durable.syncNames(in: folder, mode: node.mode)
        // What is there is in both: none more is none to forget.
        if durable.nodes.count > nodes.count { durable.prune { nodes[$0] != nil } }
    }

    /// Makes everything durable that is there now.
    mutating func syncAll() { durable = SimDurable(visible) }

    private mutating func dropIfUnused(_ number: Int) {
        guard let node = nodes[number], node.names <= 0, node.handles <= 0 else { return }
        if case .file(let bytes) = node.content { used -= Int64(bytes.count) }
        nodes[number] = nil
        // A table that was large during an upgrade is not kept large.
        nodes.shrink()
        durable.pack(number)
    }
}

/// A name in a folder of a simulated disk.
struct SimPlace: Hashable, Sendable {
    /// The folder's number.
    let folder: Int
    /// The name in it.
    let name: String
}
