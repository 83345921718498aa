/// What a power cut takes of that which was not synced.
package enum PowerCutLoss: String, CaseIterable, Sendable {
    /// Nothing: everything had reached the disk in time.
    case nothing = "nothing lost"
    /// Every unsynced byte and name.
    case everything = "unsynced lost"
    /// As `everything`, but the last unsynced operation on names came through before the earlier ones.
    case earlierNames = "names reordered"
    /// Nothing but the second half of the last unsynced write.
    case partOfLastWrite = "last write torn"
}

extension SimDisk {
    /// The disk as it is found after a power cut. All that is on it then is durable.
    package func afterPowerCut(losing loss: PowerCutLoss) -> SimDisk {
        switch loss {
        case .nothing: rebuilt(visible)
        case .everything: rebuilt(durable.nodes)
        case .earlierNames: rebuilt(durable.withLastNames)
        case .partOfLastWrite: rebuilt(torn)
        }
    }

    /// The same disk with everything on it durable: where a test begins.
    package var settled: SimDisk { afterPowerCut(losing: .nothing) }

    var visible: NumberedTable<SimDurable.Saved> { nodes.mapValues { SimDurable.Saved(content: $0.content, mode: $0.mode) } }

    private var torn: NumberedTable<SimDurable.Saved> {
        var nodes = visible
        guard let write = durable.writes.last, case .file(let bytes)? = nodes[write.number]?.content else { return nodes }
        let half = write.start + write.count / 2
        let tail = write.start + write.count
        // Behind the first half stands what was there before.
        let found = Array(bytes[..<half]) + Array(write.oldBytes.dropFirst(half - write.start)) + Array(bytes[tail...])
        nodes[write.number]?.content = .file(found)
        return nodes
    }

    /// Only what a name leads to is there, and nothing is open. Numbers are given anew, in the order of the names: disks that look the same are
    /// equal, whatever was on them before.
    private func rebuilt(_ saved: NumberedTable<SimDurable.Saved>) -> SimDisk {
        var found = NumberedTable<Node>()
        // Old numbers in the order of the new ones, and how many names lead to each.
        var (order, counts): ([Int], [Int32]) = ([SimDisk.rootNumber], [1])
        var numbers = [SimDisk.rootNumber: SimDisk.rootNumber]
        var number = 0
        while number < order.count {
            defer { number += 1 }
            guard let node = saved[order[number]] else { continue }
            found[number] = Node(content: node.whole, mode: node.mode)
            guard case .directory(var names) = node.content else { continue }
            for (name, old) in names.sorted(by: { $0.key < $1.key }) {
                let new = numbers[old] ?? order.count
                if new == order.count {
                    numbers[old] = new
                    order.append(old)
                    counts.append(0)
                }
                counts[new] += 1
                names[name] = new
            }
            found[number]?.content = .directory(names)
        }
        for number in order.indices { found[number]?.names = counts[number] }
        return SimDisk(found, nextNumber: order.count, likeThat: self)
    }
}
