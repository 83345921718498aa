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
        var names = 1
        /// Open files.
        var handles = 0
    }

    /// The number of the root folder.
    static let rootNumber = 0

    /// Everything by number; numbers are not used twice.
    private(set) var nodes: [Int: Node] = [rootNumber: Node(content: .directory([:]), mode: 0o700)]
    private var nextNumber = 1
    /// Bytes that the disk takes in all.
    package var capacity: Int64
    /// Bytes in files.
    package private(set) var used: Int64 = 0

    /// An empty disk.
    package init(capacity: Int64) { self.capacity = capacity }

    /// Bytes that may still be written.
    package var free: Int64 { max(0, capacity - used) }

    /// The node under a number; a number that was given out stays valid while a name or a handle holds it.
    func node(_ number: Int) -> Node? { nodes[number] }

    /// Adds a node under a name.
    mutating func add(_ content: Node.Content, mode: UInt16, at place: SimPlace) -> Int {
        let number = nextNumber
        nextNumber += 1
        nodes[number] = Node(content: content, mode: mode & 0o7777)
        setName(place, to: number)
        return number
    }

    /// Lets a name lead to a node; the node's count of names is the caller's.
    mutating func setName(_ place: SimPlace, to number: Int?) {
        guard case .directory(var names)? = nodes[place.folder]?.content else { return }
        // The folder gives its table away first, so that the change happens in place.
        nodes[place.folder]?.content = .directory([:])
        names[place.name] = number
        nodes[place.folder]?.content = .directory(names)
    }

    /// One name more or less for a node; without names and handles it is gone.
    mutating func countNames(_ number: Int, by change: Int) {
        nodes[number]?.names += change
        dropIfUnused(number)
    }

    /// One open file more or less.
    mutating func countHandles(_ number: Int, by change: Int) {
        nodes[number]?.handles += change
        dropIfUnused(number)
    }

    /// Sets the permission bits.
    mutating func setMode(_ number: Int, _ mode: UInt16) { nodes[number]?.mode = mode & 0o7777 }

    /// Changes a file's bytes after cutting it, or filling it with zeros, to a new length.
    /// False when the disk is full; nothing is changed then.
    mutating func changeBytes(_ number: Int, length: (Int) -> Int, _ change: (inout [UInt8]) -> Void) -> Bool {
        guard case .file(var bytes)? = nodes[number]?.content else { return false }
        let growth = length(bytes.count) - bytes.count
        guard growth <= 0 || Int64(growth) <= free else { return false }
        // The node gives its bytes away first, so that the change happens in place.
        nodes[number]?.content = .file([])
        if growth < 0 { bytes.removeLast(-growth) } else { bytes.append(contentsOf: repeatElement(0, count: growth)) }
        change(&bytes)
        nodes[number]?.content = .file(bytes)
        used += Int64(growth)
        return true
    }

    private mutating func dropIfUnused(_ number: Int) {
        guard let node = nodes[number], node.names <= 0, node.handles <= 0 else { return }
        if case .file(let bytes) = node.content { used -= Int64(bytes.count) }
        nodes[number] = nil
    }
}

/// A name in a folder of a simulated disk.
struct SimPlace: Hashable, Sendable {
    /// The folder's number.
    let folder: Int
    /// The name in it.
    let name: String
}
