import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// `upliftd install --first`: builds the first release on a node that has none. No journal and no trial; `current` is set last, so after a cut
/// it begins anew with the next number. Its caller is root and trusted. Source: install.md, "First install".
package struct FirstInstall {
    private let tree: any FileTree
    private let archive: any ArchiveReader
    private let trust: any Trust
    private let databases: any StoreOpener
    private let architecture: String
    private let system: OperatingSystem

    /// - Parameter tree: the state folder's.
    package init(
        tree: any FileTree, archive: any ArchiveReader, trust: any Trust, databases: any StoreOpener, architecture: String,
        system: OperatingSystem = .unknown
    ) {
        self.tree = tree
        self.archive = archive
        self.trust = trust
        self.databases = databases
        self.architecture = architecture
        self.system = system
    }

    /// Installs.
    /// - Parameters:
    ///   - source: the package, opened by the caller.
    ///   - signature: a raw RSASSA-PSS signature over it; nil = not checked.
    /// - Returns: the release that was made.
    package func run(_ source: any TreeFile, signature: [UInt8]?) throws -> ReleaseFacts {
        guard try tree.release(at: Layout.current) == nil, try tree.entry(Layout.current) == nil else {
            throw ReleaseError("a release is installed already (current exists): upgrade it by a policy, or remove the state folder first")
        }
        try tree.ensureDirectory(Layout.jobs, mode: 0o700)
        try tree.ensureDirectory(Layout.releases, mode: 0o755)
        let number = (try tree.list(Layout.releases).compactMap { Int($0) }.max() ?? 0) + 1
        do {
            try build(number, source, signature)
        } catch {
            // Nothing that was not believed stays under a usable name.
            try? tree.removeTree(Layout.release(number))
            throw error
        }
        try tree.setLink(Layout.recover, to: Layout.linkText(number))
        try tree.setLink(Layout.current, to: Layout.linkText(number))
        return try ReleaseFacts.read(number, in: tree)
    }

    private func build(_ number: Int, _ source: any TreeFile, _ signature: [UInt8]?) throws {
        try tree.makeDirectory(Layout.release(number), mode: 0o755)
        let summary = try unpack(source, into: Layout.software(number))
        try check(summary, signature)
        let document = ReleaseDocument(
            software: .init(version: summary.descriptor.version, digest: summary.digest.hex), configuration: nil, certificate: nil,
            strategy: summary.descriptor.strategy, job: nil)
        try tree.replace(Layout.releaseFile(number), with: document.bytes)
        try makeDatabase(number, version: summary.descriptor.version)
        try tree.syncAll()
    }

    private func unpack(_ source: any TreeFile, into folder: TreePath) throws -> PackageReading.Summary {
        try tree.makeDirectory(folder, mode: 0o755)
        var reading = try PackageReading(source, archive: archive, trust: trust)
        var target: (any TreeFile)?
        var offset: Int64 = 0
        while true {
            switch try reading.next() {
            case .entries(let entries):
                for entry in entries {
                    let path = folder.appending(entry.path)
                    switch entry.kind {
                    case .directory: try tree.makeDirectory(path, mode: entry.mode)
                    case .file: (target, offset) = (try tree.create(path, mode: entry.mode), 0)
                    }
                }
            case .data(let bytes):
                try target?.write(bytes, at: offset)
                offset += Int64(bytes.count)
            case .fileEnd: target = nil
            case .end(let summary): return summary
            }
        }
    }

    private func check(_ summary: PackageReading.Summary, _ signature: [UInt8]?) throws {
        if summary.descriptor.architecture != architecture {
            throw ReleaseError("the package is for \(summary.descriptor.architecture), this machine is \(architecture)")
        }
        if summary.descriptor.strategy == .script {
            throw ReleaseError("the package's strategy is script, expected tree or deb: a script upgrades somebody else's agent")
        }
        if let objection = DescriptorRule.objection(to: summary.descriptor, on: system) { throw ReleaseError(objection) }
        guard let signature else { return }
        let detached = DetachedSignature(hashAlgorithm: "SHA256", publicKey: "none", signature: Data(signature).base64EncodedString())
        _ = try trust.verify(detached, over: summary.digest)
    }

    private func makeDatabase(_ number: Int, version: String) throws {
        let store = try databases.create(Layout.database(number))
        try store.commit([.set(.softwareFloor, version), .set(.lastRelease, String(number))])
    }
}
