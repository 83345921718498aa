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

    var visible: [Int: SimDurable.Saved] { nodes.mapValues { SimDurable.Saved(content: $0.content, mode: $0.mode) } }

    private var torn: [Int: SimDurable.Saved] {
        var nodes = visible
        guard let write = durable.writes.last, case .file(let bytes)? = nodes[write.number]?.content else { return nodes }
        let half = write.start + write.count / 2
        let tail = write.start + write.count
        // Behind the first half stands what was there before.
        let found = Array(bytes[..<half]) + Array(write.oldBytes.dropFirst(half - write.start)) + Array(bytes[tail...])
        nodes[write.number]?.content = .file(found)
        return nodes
    }

    /// Only what a name leads to is there, and nothing is open.
    private func rebuilt(_ saved: [Int: SimDurable.Saved]) -> SimDisk {
        var found: [Int: Node] = [:]
        var pending = [SimDisk.rootNumber]
        while let number = pending.popLast() {
            guard let node = saved[number] else { continue }
            if found[number] != nil {
                found[number]?.names += 1
                continue
            }
            found[number] = Node(content: node.content, mode: node.mode)
            if case .directory(let names) = node.content { pending += names.values }
        }
        return SimDisk(found, likeThat: self)
    }
}
