/// Everything that a disk is, as bytes.
extension SimDisk {
    /// All of it: two disks that tell the same are equal, whatever the order in which their tables lie in memory.
    ///
    /// Why: runs that begin on equal disks are found by a digest of this. Shape: a line for each thing, ordered by number or name, texts and
    /// bytes with their length before them; what is durable and as it is seen is told once.
    package var told: [UInt8] {
        var all: [UInt8] = []
        all.say("disk \(nextNumber) \(capacity) \(used)")
        for (number, node) in nodes.pairs {
            all.say("node \(number) \(node.mode) \(node.names) \(node.handles)")
            all.tell(node.content)
        }
        for (number, saved) in durable.nodes.pairs {
            let isSeen = nodes[number]?.content == saved.whole
            all.say("durable \(number) \(saved.mode) \(isSeen)")
            if !isSeen { all.tell(saved.whole) }
        }
        for change in durable.pending {
            all.say("names \(change.count)")
            for name in change { all.say("\(name.place.folder) \(name.number ?? -1) \(name.place.name.utf8.count) \(name.place.name)") }
        }
        for write in durable.writes {
            all.say("write \(write.number) \(write.start) \(write.count) \(write.oldBytes.count)")
            all += write.oldBytes
        }
        return all
    }
}

extension [UInt8] {
    fileprivate mutating func say(_ text: String) { self += Array((text + "\n").utf8) }

    fileprivate mutating func tell(_ content: SimDisk.Node.Content) {
        switch content {
        case .file(let bytes):
            say("file \(bytes.count)")
            self += bytes
        case .directory(let names):
            say("folder \(names.count)")
            for (name, number) in names.sorted(by: { $0.key < $1.key }) { say("\(number) \(name.utf8.count) \(name)") }
        case .symbolicLink(let target): say("link \(target.utf8.count) \(target)")
        }
    }
}
