import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What the installer needs from outside.
package struct InstallPorts: Sendable {
    package let tree: any FileTree
    package let archive: any ArchiveReader
    package let trust: any Trust
    package let databases: any StoreOpener
    package let service: any ServiceControl
    package let contact: any AgentContact
    package let prober: any HubProber
    package let commands: any CommandRunner
    package let clock: any Clock
    package let settings: InstallSettings
    package let observer: JournalObserver
    /// What hooks are run with.
    package var hookSettings = HookSettings.none
    /// The Open Horizon agent beside us; nil where none can be.
    package var horizon: HorizonAgent?

    /// Memberwise.
    package init(
        tree: any FileTree, archive: any ArchiveReader, trust: any Trust, databases: any StoreOpener, service: any ServiceControl,
        contact: any AgentContact, prober: any HubProber, commands: any CommandRunner, clock: any Clock, settings: InstallSettings,
        observer: @escaping JournalObserver = { _ in }
    ) {
        self.tree = tree
        self.archive = archive
        self.trust = trust
        self.databases = databases
        self.service = service
        self.contact = contact
        self.prober = prober
        self.commands = commands
        self.clock = clock
        self.settings = settings
        self.observer = observer
    }
}

extension InstallPorts {
    /// The hooks of this node.
    var hooks: Hooks {
        Hooks(tree: tree, stateFolder: settings.stateFolder, runner: commands, clock: clock, settings: hookSettings)
    }
}

/// Bounds and surroundings of an installation.
package struct InstallSettings: Sendable {
    /// Absolute path of the state folder, for the commands of packages.
    package var stateFolder: String
    /// This machine's architecture, as the exchange names it.
    package var architecture: String
    /// Its distribution and version.
    package var system = OperatingSystem.unknown
    /// Time for a trial whose package names none.
    package var trialDeadline: Duration
    /// Pause between two hub rounds.
    package var probePause: Duration
    /// Environment of a package's commands.
    package var environment: [String: String]
    /// How Debian packages are installed.
    package var dpkg: Dpkg

    /// Memberwise.
    package init(
        stateFolder: String, architecture: String, trialDeadline: Duration, probePause: Duration, environment: [String: String],
        dpkg: Dpkg = Dpkg(root: "")
    ) {
        self.stateFolder = stateFolder
        self.architecture = architecture
        self.trialDeadline = trialDeadline
        self.probePause = probePause
        self.environment = environment
        self.dpkg = dpkg
    }
}

/// `plan.json` in the job folder: what the agent asks for. The installer believes nothing in it that it cannot check itself.
package struct HandoverDocument: Codable, Hashable, Sendable {
    /// The policy, for messages.
    package let policy: PolicyID
    /// Ticket, plan and release numbers.
    package let handover: Handover

    /// Memberwise.
    package init(policy: PolicyID, handover: Handover) {
        self.policy = policy
        self.handover = handover
    }

    /// Reads it from a job folder. Errors: as the tree's, and text that is no such document or is for another job.
    package static func read(_ ticket: Ticket, in tree: any FileTree) throws -> HandoverDocument {
        let bytes = try tree.contents(Layout.plan(ticket))
        guard let document = try? JSONDecoder().decode(HandoverDocument.self, from: Data(bytes)) else {
            throw ReleaseError("found \(bytes.count) bytes in \(Layout.plan(ticket)) that are no plan")
        }
        guard document.handover.ticket == ticket else {
            throw ReleaseError("found the plan of job \(document.handover.ticket) in \(Layout.plan(ticket))")
        }
        return document
    }

    /// As written to disk.
    package var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
    }
}
