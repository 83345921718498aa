import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The installer's own judgement, with the agent stopped: signatures of all files against the pinned keys, descriptor and stamps against the
/// plan, and `staged/` against a list that it makes itself from the verified package. Nothing is synced here: the assembly does it, after the
/// comparison and before the switch. Source: install.md, "What the installer believes".
struct PackageComparison {
    /// What was found right.
    struct Result: Sendable {
        /// The package's descriptor; nil when the plan brings no software.
        var descriptor: PackageDescriptor?
        /// Digest of each verified file.
        var digests: [Component: Digest] = [:]
        /// Bytes of configuration and certificate as they were verified.
        var small: [Component: [UInt8]] = [:]
    }

    private enum Phase {
        case files([JobFile])
        case package(PackageReading, JobFile, rest: [JobFile])
        case staged(Walk, FilesList, rest: [JobFile])
    }

    /// A walk through `staged/`: folders to list, files to hash.
    private struct Walk {
        var folders: [TreePath]
        var files: [TreePath] = []
        var found: [FilesList.Entry] = []
    }

    private static let smallBytesMax = 1 << 20

    private let ticket: Ticket
    private let expected: DescriptorRule.Expectation
    private let ports: InstallPorts
    private let staged: TreePath
    private var phase: Phase
    private var result = Result()

    init(_ handover: Handover, expected: DescriptorRule.Expectation, ports: InstallPorts) {
        ticket = handover.ticket
        self.expected = expected
        self.ports = ports
        staged = Layout.staged(handover.ticket)
        phase = .files(handover.plan.files)
    }

    /// One piece or one file. Errors: whatever is wrong; the job ends with it before the switch.
    mutating func step() throws -> Step<Result> {
        switch phase {
        case .files(let files):
            guard let file = files.first else { return .done(result) }
            try begin(file, rest: Array(files.dropFirst()))
        case .package(var reading, let file, let rest):
            let piece = try naming(file) { try reading.next() }
            phase = .package(reading, file, rest: rest)
            if case .end(let summary) = piece { try judge(summary, file, rest) }
        case .staged(var walk, let list, let rest):
            if try advance(&walk) { phase = .staged(walk, list, rest: rest) } else { try compare(walk, list, rest) }
        }
        return .again
    }

    private mutating func begin(_ file: JobFile, rest: [JobFile]) throws {
        let path = Layout.verified(ticket).appending(file.localName)
        if file.component == .software {
            let opened = try ports.tree.open(path, for: .reading)
            let reading = try naming(file) { try PackageReading(opened, archive: ports.archive, trust: ports.trust) }
            phase = .package(reading, file, rest: rest)
            return
        }
        let bytes = try ports.tree.contents(path, max: PackageComparison.smallBytesMax)
        let running = ports.trust.digest()
        running.update(bytes)
        try believe(file, digest: running.current(), length: Int64(bytes.count))
        if let objection = DescriptorRule.objection(to: try FileStamp.read(file: bytes), kind: file.component, version: file.version) {
            throw ReleaseError("\(file.objectID): \(objection)")
        }
        result.small[file.component] = bytes
        phase = .files(rest)
    }

    private mutating func believe(_ file: JobFile, digest: Digest?, length: Int64) throws {
        guard length == file.length, let digest else {
            throw ReleaseError("\(file.objectID): found \(length) bytes, expected \(file.length)")
        }
        let signature = DetachedSignature(hashAlgorithm: file.hashAlgorithm, publicKey: file.publicKey, signature: file.signature)
        _ = try naming(file) { try ports.trust.verify(signature, over: digest) }
        result.digests[file.component] = digest
    }

    private func naming<Value>(_ file: JobFile, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw ReleaseError("\(file.objectID): \(error)") }
    }

    private mutating func judge(_ summary: PackageReading.Summary, _ file: JobFile, _ rest: [JobFile]) throws {
        try believe(file, digest: summary.digest, length: summary.length)
        if let objection = DescriptorRule.objection(to: summary.descriptor, expected: expected) { throw ReleaseError(objection) }
        result.descriptor = summary.descriptor
        phase = .staged(Walk(folders: [staged]), summary.files, rest: rest)
    }

    /// One folder or one file; false when nothing is left.
    private func advance(_ walk: inout Walk) throws -> Bool {
        if let path = walk.files.popLast() {
            walk.found.append(try hashed(path))
            return true
        }
        guard let folder = walk.folders.popLast() else { return false }
        for name in try ports.tree.list(folder) {
            let path = folder.appending(name)
            guard let entry = try ports.tree.entry(path) else { continue }
            switch entry.kind {
            case .file: walk.files.append(path)
            case .directory:
                walk.folders.append(path)
                walk.found.append(.init(path: inside(path), mode: entry.mode, contents: .directory))
            case .symbolicLink, .other: throw ReleaseError("\(inside(path)) in the unpacked package is neither file nor folder")
            }
        }
        return true
    }

    private func hashed(_ path: TreePath) throws -> FilesList.Entry {
        let file = try ports.tree.open(path, for: .reading)
        let running = ports.trust.digest()
        var length: Int64 = 0
        while true {
            let bytes = try file.read(at: length, max: 1 << 20)
            if bytes.isEmpty { break }
            running.update(bytes)
            length += Int64(bytes.count)
        }
        guard let digest = running.current(), let entry = try ports.tree.entry(path) else { throw ReleaseError("\(path) went away") }
        return FilesList.Entry(path: inside(path), mode: entry.mode, contents: .file(length: length, digest: digest))
    }

    private mutating func compare(_ walk: Walk, _ list: FilesList, _ rest: [JobFile]) throws {
        guard let found = FilesList(walk.found) else { throw ReleaseError("the unpacked package holds a name twice") }
        let differences = found.difference(from: list)
        guard differences.isEmpty else {
            throw ReleaseError("the unpacked package differs from the verified one: \(differences.joined(separator: ", "))")
        }
        phase = .files(rest)
    }

    private func inside(_ path: TreePath) -> TreePath { path.dropping(staged.components.count) }
}
