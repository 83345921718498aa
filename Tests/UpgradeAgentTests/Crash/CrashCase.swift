import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// A node as it begins, and the operations that will fail on it.
struct CrashCase: Sendable {
    let scenario: Scenario
    let start: NodeImage
    var failing: [Int: CrashFault] = [:]
    /// The disk as the installer sees it.
    var seen: @Sendable (FaultyTree) -> any FileTree = { $0 }
    /// Operations that failed in processes before this start: an excuse for ending otherwise than undisturbed. A crash is none.
    var failedBefore: [FaultyTree.Operation] = []

    /// One operation of a run, and the node just before it.
    struct Moment: Sendable {
        let operation: FaultyTree.Operation
        let image: NodeImage?
    }

    /// A run to its end.
    struct Run {
        let node: SimNode
        let moments: [Moment]
        /// Why it did not come to rest.
        let trouble: String?
        /// Operations that failed, those of earlier processes first.
        let failed: [FaultyTree.Operation]
    }

    /// - Parameter keepsImages: the run's moments are wanted for faults of their own.
    func run(keepsImages: Bool) throws -> Run {
        let node = try SimNode(scenario, start, seen: seen)
        let (moments, failed) = (Shared<[Moment]>([]), Shared(failedBefore))
        let failing = failing
        node.tree.watch { [unowned node] number, operation in
            // The agent that runs looks at the worst moment: a record is written and not synced.
            if operation.name == "sync", operation.path.name == "journal", let process = node.agent.image.process {
                node.minds.look(process.program.release)
            }
            let image = keepsImages ? node.image : nil
            moments.change { $0.append(Moment(operation: operation, image: image)) }
            guard let failure = failing[number]?.failure else { return nil }
            failed.change { $0.append(operation) }
            return failure
        }
        var trouble: String?
        do { try node.live() } catch { trouble = "the node does not come to rest: \(error)" }
        node.tree.watch(nil)
        return Run(node: node, moments: moments.value, trouble: trouble, failed: failed.value)
    }

    /// The same, but a fault hits one operation of its run.
    func hit(_ index: Int, by fault: CrashFault, of run: Run) -> CrashCase? {
        if fault.failure != nil {
            var next = self
            next.failing[index + 1] = fault
            return next
        }
        guard let image = run.moments[index].image else { return nil }
        return CrashCase(scenario: scenario, start: fault.after(image), seen: seen, failedBefore: run.failed)
    }
}

/// Every name below a folder, with kind, mode and bytes.
struct Listing: Hashable {
    let entries: [TreePath: Entry]

    struct Entry: Hashable {
        let kind: FileEntry.Kind
        let mode: UInt16
        let bytes: [UInt8]
    }

    init(_ disk: SimDisk, _ top: TreePath) { self.init(SimFileTree(disk), top) }

    init(_ tree: SimFileTree, _ top: TreePath) {
        var (entries, folders): ([TreePath: Entry], [TreePath]) = ([:], [top])
        while let folder = folders.popLast() {
            for name in (try? tree.list(folder)) ?? [] {
                let path = folder.appending(name)
                guard let entry = try? tree.entry(path) else { continue }
                if entry.kind == .directory { folders.append(path) }
                let bytes = entry.kind == .file ? try? tree.contents(path) : nil
                entries[path.dropping(top.components.count)] = Entry(kind: entry.kind, mode: entry.mode, bytes: bytes ?? [])
            }
        }
        self.entries = entries
    }

    /// What differs, in words.
    func difference(from expected: Listing, without ignored: Set<String>) -> [String] {
        Set(entries.keys).union(expected.entries.keys).sorted().compactMap { path in
            guard !ignored.contains(path.text), entries[path] != expected.entries[path] else { return nil }
            guard let found = entries[path] else { return "\(path) is missing" }
            guard let wanted = expected.entries[path] else { return "\(path) is too many" }
            return
                "\(path) has \(found.bytes.count) bytes and mode \(found.mode), expected \(wanted.bytes.count) and \(wanted.mode), or others"
        }
    }
}
