import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// One pass through a package, through one descriptor: every entry judged, every file hashed, and in the end the digest of all bytes that
/// were read. Agent and installer both read packages this way, so that what is judged is what is used (lessons 2d, CVE-2020-25860).
package struct PackageReading {
    /// One bounded piece of the pass.
    package enum Piece {
        /// Folders and files that were accepted, in order; data of the last one follows if it is a file.
        case entries([AcceptedEntry])
        /// The next bytes of the last file.
        case data([UInt8])
        /// The last file is complete.
        case fileEnd(Digest)
        /// All was read.
        case end(Summary)
    }

    /// What the whole pass found.
    package struct Summary {
        /// SHA-256 of the archive file, every byte of it.
        package let digest: Digest
        /// Length of the archive file.
        package let length: Int64
        /// What it holds.
        package let files: FilesList
        /// Space that unpacking needs.
        package let spaceNeeded: Int64
        /// What it says of itself.
        package let descriptor: PackageDescriptor
    }

    /// The descriptor's path in the archive.
    package static let descriptorPath = TreePath.known("upgrade-package.json")
    private static let pieceMax = 1 << 20

    private let source: DigestingFile
    private let stream: any ArchiveStream
    private let trust: any Trust
    private var rules: UnpackRules
    private var listed: [FilesList.Entry] = []
    private var file: AcceptedEntry?
    private var fileDigest: any RunningDigest
    private var fileLength: Int64 = 0
    private var descriptorBytes: [UInt8]?
    private var archiveEnded = false

    /// Opens the archive; nothing is judged yet.
    package init(_ file: any TreeFile, archive: any ArchiveReader, trust: any Trust, limits: UnpackLimits = UnpackLimits())
        throws(PackageFailure)
    {
        source = DigestingFile(file) { trust.digest() }
        do { stream = try archive.open(source) } catch { throw PackageFailure(error) }
        self.trust = trust
        rules = UnpackRules(limits: limits)
        fileDigest = trust.digest()
    }

    /// The next piece.
    package mutating func next() throws(PackageFailure) -> Piece {
        if archiveEnded { return try drained() }
        if file != nil { return try nextData() }
        do {
            guard let entry = try stream.next() else {
                archiveEnded = true
                return try drained()
            }
            return .entries(try taken(try rules.accept(entry)))
        } catch let error as ArchiveFailure {
            throw PackageFailure(error)
        } catch let error as UnpackRefusal {
            throw PackageFailure(.refused, error.description)
        } catch {
            throw PackageFailure(.refused, "\(error)")
        }
    }

    private mutating func taken(_ entries: [AcceptedEntry]) throws(PackageFailure) -> [AcceptedEntry] {
        for entry in entries {
            if entry.kind == .file {
                file = entry
                fileDigest = trust.digest()
                fileLength = 0
                if entry.path == PackageReading.descriptorPath { descriptorBytes = [] }
            } else if let line = FilesList.Entry(entry, digest: nil) {
                listed.append(line)
            }
        }
        return entries
    }

    private mutating func nextData() throws(PackageFailure) -> Piece {
        let bytes: [UInt8]
        do { bytes = try stream.read(max: PackageReading.pieceMax) } catch { throw PackageFailure(error) }
        guard let entry = file else { return .data(bytes) }
        if bytes.isEmpty { return try ended(entry) }
        fileLength += Int64(bytes.count)
        guard fileLength <= entry.length else {
            throw PackageFailure(.refused, "\(entry.path) holds more than the \(entry.length) bytes that its header says")
        }
        fileDigest.update(bytes)
        if entry.path == PackageReading.descriptorPath, let head = descriptorBytes, head.count <= PackageDescriptorDocument.lengthMax {
            descriptorBytes = head + bytes
        }
        return .data(bytes)
    }

    private mutating func ended(_ entry: AcceptedEntry) throws(PackageFailure) -> Piece {
        guard fileLength == entry.length, let digest = fileDigest.current(), let line = FilesList.Entry(entry, digest: digest) else {
            throw PackageFailure(.refused, "\(entry.path) holds \(fileLength) bytes, its header says \(entry.length)")
        }
        listed.append(line)
        file = nil
        return .fileEnd(digest)
    }

    /// Bytes after the archive's end are part of what was signed: read them too, a bounded piece at a time.
    private mutating func drained() throws(PackageFailure) -> Piece {
        do {
            if try source.readOn(max: PackageReading.pieceMax) > 0 { return .entries([]) }
        } catch {
            throw PackageFailure(.unreadable, "\(error)")
        }
        guard let digest = source.digest(), let files = FilesList(listed) else {
            throw PackageFailure(.refused, "the archive was not read in one pass")
        }
        guard let bytes = descriptorBytes else {
            throw PackageFailure(.refused, "found no \(PackageReading.descriptorPath) at the archive's root")
        }
        do {
            let descriptor = try PackageDescriptorDocument.read(bytes)
            return .end(
                Summary(
                    digest: digest, length: source.position, files: files, spaceNeeded: rules.spaceNeeded, descriptor: descriptor))
        } catch {
            throw PackageFailure(.refused, error.description)
        }
    }
}

/// A package that cannot be used, or not now.
package struct PackageFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that are told apart.
    package enum Kind: Hashable, Sendable {
        /// It will be refused at every try.
        case refused
        /// It could not be read just now.
        case unreadable
    }

    /// Why, in one notion.
    package let kind: Kind
    /// One sentence.
    package let description: String

    /// Memberwise.
    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    init(_ failure: ArchiveFailure) {
        self.init(failure.kind == .unreadable ? .unreadable : .refused, failure.explanation)
    }
}

extension PackageReading {
    /// The descriptor that a text is; nil when it is none.
    package static func descriptor(_ bytes: [UInt8]) -> PackageDescriptor? { try? PackageDescriptorDocument.read(bytes) }

    /// The version that a descriptor's text says; nil when it is none.
    package static func version(of bytes: [UInt8]) -> String? { descriptor(bytes)?.version }
}
