import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Unpacks the verified package into `staged/` and writes `files.list`: first a pass that only reads, when space could be short, then one
/// that writes. What it made is durable when it is done: a power cut after the hand-over must not end a job that nothing is wrong with. Source:
/// architecture, "Bytes and trust".
package struct Unpacker {
    private enum Phase {
        case start
        case measuring(PackageReading)
        case writing(PackageReading, Target?)
        case syncing(PackageDescriptor)
        case finished
    }

    /// The file that is being written.
    private struct Target {
        let file: any TreeFile
        var offset: Int64 = 0
    }

    private let package: TreePath
    private let staged: TreePath
    private let list: TreePath?
    private let expected: DescriptorRule.Expectation
    private let databaseBytes: Int64
    private let ports: UnpackPorts
    private var phase = Phase.start

    /// - Parameters:
    ///   - package: the archive.
    ///   - staged: the folder that is made; what is there is removed first.
    ///   - list: where `files.list` is written; nil = nowhere.
    ///   - databaseBytes: what the installer will copy.
    package init(
        package: TreePath, staged: TreePath, list: TreePath?, expected: DescriptorRule.Expectation, databaseBytes: Int64 = 0,
        ports: UnpackPorts
    ) {
        self.package = package
        self.staged = staged
        self.list = list
        self.expected = expected
        self.databaseBytes = databaseBytes
        self.ports = ports
    }

    /// One bounded piece of work. Errors: what the machine makes of it.
    package mutating func step() throws(ProcedureFailure) -> Step<PackageDescriptor> {
        do {
            switch phase {
            case .start: return try started()
            case .measuring(var reading):
                let piece = try reading.next()
                phase = .measuring(reading)
                if case .end(let summary) = piece { try measured(summary) }
                return .again
            case .writing(var reading, let target):
                try wrote(&reading, target)
                return .again
            case .syncing(let descriptor):
                try ports.tree.syncAll()
                phase = .finished
                return .done(descriptor)
            case .finished:
                throw PackageFailure(.refused, "unpacking was asked to go on after its end")
            }
        } catch {
            // What is half unpacked is of no use, and its space may be what the node needs to write down what happened.
            try? ports.tree.removeTree(staged)
            throw Unpacker.failure(error)
        }
    }

    private mutating func started() throws -> Step<PackageDescriptor> {
        try ports.tree.removeTree(staged)
        let reading = try PackageReading(try ports.tree.open(package, for: .reading), archive: ports.archive, trust: ports.trust)
        if try ports.tree.freeBytes() > UnpackLimits().totalLengthMax * 2 {
            try begin(reading)
        } else {
            phase = .measuring(reading)
        }
        return .again
    }

    private mutating func measured(_ summary: PackageReading.Summary) throws {
        try checkSpace("unpack", summary.spaceNeeded, summary.descriptor)
        try begin(try PackageReading(try ports.tree.open(package, for: .reading), archive: ports.archive, trust: ports.trust))
    }

    private mutating func begin(_ reading: PackageReading) throws {
        try ports.tree.makeDirectory(staged, mode: 0o755)
        phase = .writing(reading, nil)
    }

    private mutating func wrote(_ reading: inout PackageReading, _ target: Target?) throws {
        var target = target
        switch try reading.next() {
        case .entries(let entries):
            for entry in entries {
                let path = staged.appending(entry.path)
                switch entry.kind {
                case .directory: try ports.tree.makeDirectory(path, mode: entry.mode)
                case .file: target = Target(file: try ports.tree.create(path, mode: entry.mode))
                }
            }
        case .data(let bytes):
            try target?.file.write(bytes, at: target?.offset ?? 0)
            target?.offset += Int64(bytes.count)
        case .fileEnd: target = nil
        case .end(let summary):
            phase = .syncing(try complete(summary))
            return
        }
        phase = .writing(reading, target)
    }

    private func complete(_ summary: PackageReading.Summary) throws -> PackageDescriptor {
        if let objection = DescriptorRule.objection(to: summary.descriptor, expected: expected) {
            throw PackageFailure(.refused, objection)
        }
        try checkSpace("install", 0, summary.descriptor)
        if let list { try ports.tree.replace(list, with: Array(summary.files.text.utf8)) }
        return summary.descriptor
    }

    private func checkSpace(_ step: String, _ files: Int64, _ descriptor: PackageDescriptor) throws {
        let need = SpaceRule.Need(step: step, files: files, database: databaseBytes, left: descriptor.minimumFreeBytes)
        if let objection = SpaceRule.objection(free: try ports.tree.freeBytes(), need: need) {
            throw ProcedureFailure(.final(.precheckFailed), objection)
        }
    }

    /// ENOSPC and unreadable files may pass; everything else about a package stays as it is.
    static func failure(_ error: any Error) -> ProcedureFailure {
        switch error {
        case let failure as ProcedureFailure: failure
        case let failure as PackageFailure where failure.kind == .refused: ProcedureFailure(.final(.precheckFailed), failure.description)
        default: ProcedureFailure(.transient(retryAfter: nil), "\(error)")
        }
    }
}

/// What unpacking needs from outside.
package struct UnpackPorts: Sendable {
    package let tree: any FileTree
    package let archive: any ArchiveReader
    package let trust: any Trust

    /// Memberwise.
    package init(tree: any FileTree, archive: any ArchiveReader, trust: any Trust) {
        self.tree = tree
        self.archive = archive
        self.trust = trust
    }
}
