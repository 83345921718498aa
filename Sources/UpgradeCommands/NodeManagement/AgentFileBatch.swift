import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Files of one type and version on their way to the CSS. Everything is checked and signed before anything is sent.
struct AgentFileBatch {
    let hub: Hub
    let type: AgentFileType
    let version: String
    /// Whether a missing stamp is put before the bytes.
    let addsStamp: Bool

    private static let whoMay =
        "Agent files live in the organization \(AgentFileType.org): only its admin, a hub admin or root may write there, "
        + "as -u root/root:PW. The CSS answers 403 to a wrong password too."
    private static let retry = "Run the same command again once the cause is gone: what is there already is replaced by the same."

    /// Checks, names and signs the files.
    func prepare(_ files: [String], name: String?, key: SigningKey) throws(CommandError) -> [ObjectPublisher.Item] {
        guard let parsed = Version(version), parsed != .infinity else {
            throw CommandError(
                .usage, "'\(Shown.text(version))' is no version; expected one to three numbers and an optional pre-release, as 2.31.0-rc1")
        }
        guard name == nil || files.count == 1 else {
            throw CommandError(.usage, "--name gives one file another name; \(files.count) files were given")
        }
        var items: [ObjectPublisher.Item] = []
        for file in files {
            let id = name ?? baseName(file)
            try ObjectPublisher.check(name: id, what: "file name")
            guard !items.contains(where: { $0.id == id }) else {
                throw CommandError(.usage, "two of the files would be uploaded as '\(id)'; names must differ")
            }
            let payload = try payload(file)
            items.append(
                ObjectPublisher.Item(
                    org: AgentFileType.org, type: type.objectType(version), id: id, payload: payload,
                    signature: try key.sign(payload.digest), extra: ["public": true, "version": .string(version)]))
        }
        return items
    }

    /// Sends the files, one after the other.
    func upload(_ items: [ObjectPublisher.Item]) throws(CommandError) {
        let publisher = ObjectPublisher(hub: hub, whoMay: Self.whoMay)
        for item in items {
            do throws(CommandError) {
                try publisher.put(item)
            } catch {
                throw error.adding("File '\(item.id)' was not uploaded; version \(version) is not listed yet. \(Self.retry)")
            }
            hub.world.say("Agent file \(item.id) of type \(type.rawValue) and version \(version) uploaded to the Management Hub")
            if let expected = type.expectedName, item.id != expected {
                hub.world.note("nodes look for \(expected), not for \(item.id); --name \(expected) uploads it under that name")
            }
        }
    }

    private static let mergesMax = 8

    /// Makes the version known: after the files, so that no node is sent to files that are not there. The exchange replaces the whole list, so
    /// it is read again: somebody else may have written theirs over ours.
    func listVersion() throws(CommandError) {
        do throws(CommandError) {
            var merges = 0
            while try !mergeVersion() {
                merges += 1
                guard merges <= Self.mergesMax else {
                    throw CommandError(.http, "others keep changing AgentFileVersion, \(merges) merges did not last")
                }
            }
        } catch {
            throw error.adding("The files are uploaded, but version \(version) is not listed in AgentFileVersion. \(Self.retry)")
        }
        hub.world.say("Version \(version) of \(type.rawValue) is listed in AgentFileVersion")
    }

    /// True when the version is listed already; otherwise it was merged and must be looked for again.
    private func mergeVersion() throws(CommandError) -> Bool {
        var document = try hub.document(AgentFileVersionDocument.self, HubPath.agentFileVersion) ?? AgentFileVersionDocument()
        let merged = AgentFileVersionDocument.merged(document[type], with: version)
        if merged == document[type] { return true }
        document[type] = merged
        document.lastUpdated = nil
        let answer = try hub.exchange("PUT", HubPath.agentFileVersion, try JSONText.body(document))
        if answer.status == 403 { throw answer.unexpected().adding(Self.whoMay) }
        try answer.success()
        return false
    }

    private func baseName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The bytes of a file; of configuration and certificate only with the right stamp. Source: install.md, "Layout".
    private func payload(_ file: String) throws(CommandError) -> Payload {
        guard let stamp = FileStamp(kind: type.component, version: version) else { return try Payload(file: file, in: hub.world) }
        if let found = try? FileStamp.read(file: try UserFile.head(file, max: 512)) {
            guard found == stamp else {
                throw CommandError(
                    .usage, "\(Shown.text(file)) begins with `\(found.line)`, expected `\(stamp.line)`: correct the line or the command")
            }
            return try Payload(file: file, in: hub.world)
        }
        guard addsStamp else {
            throw CommandError(
                .usage,
                "\(Shown.text(file)) does not say what it is. Its first line must be exactly:\n\(stamp.line)\n"
                    + "Put it there, or give --stamp to have it put before the bytes that are signed and uploaded.")
        }
        return try Payload(stamp.adding(to: try UserFile.document(file)), in: hub.world)
    }
}
