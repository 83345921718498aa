import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The Open Horizon agent that stands beside us and that we upgrade, where `managed-agent` says so. It keeps its port and identity; what it is
/// and how it does is asked of itself and of dpkg, each time anew. Source: contract 3.2, 3.3, 5.1.
package struct HorizonAgent: Sendable {
    /// Value of the setting `managed-agent`.
    package static let word = "horizon"
    /// Its Debian packages; the first one's version is the agent's.
    static let packages = ["horizon", "horizon-cli"]
    /// Its own upgrade script, where a package brings none.
    static let installedScript = TreePath.known("usr", "horizon", "bin", scriptName)
    static let scriptName = "agent-install.sh"
    private static let cronFolder = TreePath.known("etc", "cron.d")
    private static let cronScript = "agent-auto-upgrade.sh"
    /// The cron job that every installation of its package makes anew.
    private static let cronJob = cronFolder.appending("horizon_agent_upgrade")
    /// Settings of apt for its script, in the folder that it runs in.
    static let aptFile = "uplift-apt.conf"
    /// Otherwise apt starts dpkg in a session of its own, where neither our time limit nor our end reaches it; and it would not wait for a lock.
    static let aptSettings = "Dpkg::Use-Pty \"false\";\nDPkg::Lock::Timeout \"300\";\n"

    /// True where the setting names it.
    package let isManaged: Bool
    /// The node's own files, below its root.
    let system: any FileTree
    /// Absolute path of that root, empty for `/`.
    let systemRoot: String
    private let http: any HTTPCaller
    private let scriptTime: Duration

    /// As the settings say.
    package init(system: any FileTree, systemRoot: String, http: any HTTPCaller, settings: Settings) {
        isManaged = settings[.managedAgent].value == Self.word
        self.system = system
        self.systemRoot = systemRoot
        self.http = http
        scriptTime = settings.seconds(.scriptTime)
    }

    var files: HorizonFiles {
        get throws { try HorizonFiles(default: try system.text(HorizonFiles.defaults) ?? "") }
    }

    // MARK: What it is

    /// What is installed: the package's version as dpkg knows it, those of configuration and certificate as their files say.
    func versions(_ interview: inout Interview) throws -> PerComponent<String> {
        let name = Self.packages[0]
        let said = try interview.ask(Dpkg(root: systemRoot).state(of: name)).text()
        let words = said.split(separator: " ").map(String.init)
        guard words.count == 3, words[2] == "installed" else {
            throw ReleaseError("dpkg says '\(VisibleText.escaping(said))' of \(name), expected it installed")
        }
        let files = try files
        let certificate = try files.certificate.flatMap { try system.text($0) } ?? ""
        return PerComponent(
            software: words[0], configuration: files.values["HZN_CONFIG_VERSION"] ?? "",
            certificate: Self.certificateVersion(certificate))
    }

    /// The text in the line `-----OpenHorizon Version 1.2.3-----`; empty when there is none.
    static func certificateVersion(_ text: String) -> String {
        let (before, after) = ("-----OpenHorizon Version ", "-----")
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(before) && $0.hasSuffix(after) }
        return line.map { String($0.dropFirst(before.count).dropLast(after.count)) } ?? ""
    }

    /// Who it is at the hub. Errors: what may pass, or a node that is none of ours to upgrade.
    func identity() throws(ProcedureFailure) -> (org: String, node: String) {
        let answer: NodeAnswer
        do { answer = try ask("node") } catch {
            throw ProcedureFailure(.notYet, "the Open Horizon agent cannot be asked who it is: \(error)")
        }
        let state = answer.configstate?.state ?? ""
        guard state == "configured" else {
            throw refused("says configstate '\(VisibleText.escaping(state))', expected configured: register it with `hzn register`")
        }
        guard answer.nodeType == "device" else {
            throw refused("says nodeType '\(VisibleText.escaping(answer.nodeType ?? ""))', expected device")
        }
        guard let org = answer.organization, let node = answer.id, Self.isPlain(org), Self.isPlain(node) else {
            throw refused(
                "says that it is \(VisibleText.escaping("\(answer.organization ?? "")/\(answer.id ?? "")")), expected plain names")
        }
        return (org, node)
    }

    private func refused(_ what: String) -> ProcedureFailure {
        ProcedureFailure(.final(.precheckFailed), "the Open Horizon agent \(what)")
    }

    /// A name that is no option and means nothing to a shell.
    private static func isPlain(_ name: String) -> Bool {
        let others = Set("._-@+".utf8)
        return TreePath.isAllowed(name) && name.first != "-"
            && name.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || others.contains($0) }
    }

    // MARK: How it does

    /// Why it is not well.
    enum Objection: Hashable {
        case unwell(String)
        /// It runs, and has not reached its exchange: that may be the exchange's fault.
        case lonely(String)
    }

    /// Nil when it runs as the plan says and has spoken to its exchange.
    func objection(to plan: JobPlan, _ interview: inout Interview) throws -> Objection? {
        let installed: PerComponent<String>
        do { installed = try versions(&interview) } catch let error as ReleaseError {
            return .unwell(error.description)
        } catch let error as FileError {
            return .unwell("\(error)")
        }
        for (component, wanted) in plan.versions.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            guard let found = Version(installed[component]), found == Version(wanted) else {
                let found = VisibleText.escaping(installed[component])
                return .unwell("found \(component.rawValue) \(found) of the Open Horizon agent, expected \(wanted)")
            }
        }
        do {
            let answer = try status()
            guard answer.configuration?.preferred_exchange_version?.isEmpty == false else {
                return .unwell("the Open Horizon agent says no preferred_exchange_version")
            }
            // The preferred version is built into it; the other one it has heard from the exchange.
            return answer.configuration?.exchange_version?.isEmpty == false
                ? nil : .lonely("the Open Horizon agent has not reached its exchange: it says no exchange_version")
        } catch {
            return .unwell("the Open Horizon agent does not answer: \(error)")
        }
    }

    /// One sentence while it does not answer.
    @Sendable func silence() -> String? {
        do {
            _ = try status()
            return nil
        } catch { return "the Open Horizon agent does not answer: \(error)" }
    }

    /// It asks its exchange first, five times where that does not answer.
    private func status() throws -> StatusAnswer { try ask("status", timeout: .seconds(30)) }

    private struct NodeAnswer: Decodable {
        struct State: Decodable { let state: String? }
        let id: String?
        let organization: String?
        let nodeType: String?
        let configstate: State?
    }

    private struct StatusAnswer: Decodable {
        struct Configuration: Decodable {
            let exchange_version: String?
            let preferred_exchange_version: String?
        }
        let configuration: Configuration?
    }

    private func ask<Answer: Decodable>(_ path: String, timeout: Duration = .seconds(5)) throws -> Answer {
        let url = "http://localhost:\(try files.port)/\(path)"
        var request = HTTPRequest("GET", url)
        request.timeout = timeout
        let answer = try http.call(request)
        guard answer.status == 200 else { throw ReleaseError("\(url) answered HTTP \(answer.status), expected 200") }
        guard let document = try? JSONDecoder().decode(Answer.self, from: Data(answer.body)) else {
            throw ReleaseError("\(url) answered \(answer.body.count) bytes that are not the expected JSON")
        }
        return document
    }

    // MARK: What must not be

    /// One sentence when its own installer would run beside ours: two would meet.
    func objection() throws(FileError) -> String? {
        let names: [String]
        do { names = try system.list(Self.cronFolder) } catch  where error.kind == .missing { return nil }
        for name in names {
            let path = Self.cronFolder.appending(name)
            guard let kind = try system.entry(path)?.kind, kind == .file || kind == .symbolicLink else { continue }
            let text = (try? system.text(path)) ?? nil
            let why = text.map { $0.contains(Self.cronScript) ? "starts \(Self.cronScript)" : nil } ?? "cannot be read"
            guard let why else { continue }
            return "\(systemRoot)/\(path) \(why): two installers would meet; remove that cron job, upliftd upgrades this agent"
        }
        return nil
    }

    /// Its installation makes the job anew, and nothing between a precheck and the next may run it.
    var cronJobAway: PackageRun.Act { .remove(Place(tree: system, path: Self.cronJob)) }

    // MARK: Commands

    /// Starts or stops its service.
    func service(_ verb: String) -> Command {
        command("\(systemRoot)/usr/bin/systemctl", [verb, "horizon.service"], in: "/", time: .seconds(180))
    }

    /// Its upgrade script, in the folder where all that it needs lies.
    func script(_ job: HorizonJob, _ plan: JobPlan, folder: String) -> Command {
        let words: [(Component, String)] = [(.software, "software"), (.certificate, "cert"), (.configuration, "config")]
        let types = words.filter { plan.versions[$0.0] != nil }.map(\.1).joined(separator: ",")
        return command(
            "/bin/bash",
            [Self.scriptName, "-d", job.node, "-O", job.org, "-s", "-b"] + (job.overwrites ? ["-f"] : []) + [
                "-G", types, "--auto-upgrade",
            ], in: folder, time: scriptTime)
    }

    private func command(_ program: String, _ arguments: [String], in folder: String, time: Duration) -> Command {
        Command(
            executable: program, arguments: arguments, directory: folder,
            environment: [
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/root",
                "DEBIAN_FRONTEND": "noninteractive", "APT_CONFIG": folder + "/" + Self.aptFile,
                "UPLIFT_ROOT": systemRoot.isEmpty ? "/" : systemRoot,
            ], timeout: time)
    }
}
