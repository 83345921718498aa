import ArgumentParser
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeStore
import UpgradeSystem
import UpgradeArchive

/// The first release of a node, or one handed-over job.
struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Install the first release of a node; the supervisor also starts jobs with it.")

    @OptionGroup var options: RootOption
    @Flag(name: .long, help: "Install PACKAGE as the first release; refused where one is installed.")
    var first = false
    @Option(name: .long, help: "Raw RSASSA-PSS signature (SHA-256) of PACKAGE, checked against the pinned keys.")
    var signature: String?
    @Option(name: .long, help: ArgumentHelp("Ticket of a handed-over job.", visibility: .hidden))
    var job: String?
    @Argument(help: "The package, a tar archive with gzip, zstd or xz.")
    var package: String?

    func validate() throws {
        if job == nil && (!first || package == nil) { throw ValidationError("expected --first PACKAGE") }
    }

    func run() throws {
        let world = try World(options)
        if let job {
            guard let ticket = Ticket(job) else { throw ReleaseError("\(job) is no job") }
            return try InstallerDriver(world: world, service: world.supervisor).run(ticket)
        }
        guard let package else { return }
        let install = FirstInstall(
            tree: world.state, archive: LibArchiveReader(), trust: try world.soundTrust(),
            databases: SQLiteStoreOpener(stateFolder: world.stateFolder, alone: true), architecture: LiveMachine.architecture,
            system: LiveMachine.system(root: world.root))
        let checked = try signature.map { try World.file($0).read(at: 0, max: 1 << 16) }
        let release = try install.run(try World.file(package), signature: checked)
        print(
            "Installed version \(release.software) as release \(release.number)\(checked == nil ? " (its signature was not checked)" : "")."
        )
    }
}

extension World {
    /// A file that the caller named, anywhere.
    static func file(_ path: String) throws -> any TreeFile {
        guard let resolved = LiveMachine.resolved(path), let slash = resolved.lastIndex(of: "/"),
            let name = TreePath(String(resolved[resolved.index(after: slash)...]))
        else { throw ReleaseError("there is no file \(path)") }
        return try LiveFileTree(root: slash == resolved.startIndex ? "/" : String(resolved[..<slash])).open(name, for: .reading)
    }
}
