import UpgradeCore
import UpgradeModel
import UpgradeWire

/// A manifest that a user wrote, checked; the bytes are uploaded as they are, because they are what is signed.
struct ManifestFile {
    /// A file that is asked for and not there.
    struct Missing: Hashable {
        let type: AgentFileType
        let version: String
        let name: String
    }

    let bytes: [UInt8]
    private let manifest: ManifestDocument

    /// Reads and checks it, naming every mistake at once.
    init(_ path: String, _ quirks: QuirkOption, in world: CommandWorld) throws(CommandError) {
        let document = try Self.reviewed(path)
        try document.refuse(Self.subject(path), quirks, in: world)
        bytes = document.bytes
        manifest = try JSONText.read(ManifestDocument.self, bytes, subject: Self.subject(path))
    }

    /// The document with every mistake in it.
    static func reviewed(_ path: String) throws(CommandError) -> ReviewedDocument {
        try ReviewedDocument(path) { value, shape in
            guard shape.keys(of: value, at: "", parts.map(\.key)) else { return }
            let asked = parts.filter { key, type in
                value[member: key].map { check($0, key, type, &shape) } ?? false
            }
            guard asked.isEmpty, shape.mistakes.isEmpty else { return }
            shape.add("", "nothing is upgraded: every part is missing or has no version", remedy: "give a part version and files")
        }
    }

    /// What the document is called in messages.
    static func subject(_ path: String) -> String {
        "Incorrect manifest format in file \(Shown.text(path == "-" ? "standard input" : path))"
    }

    private static let parts: [(key: String, type: AgentFileType)] = [
        ("softwareUpgrade", .software), ("certificateUpgrade", .certificate), ("configurationUpgrade", .configuration),
    ]

    /// Checks a part; says whether it asks for something.
    private static func check(_ value: JSONValue, _ key: String, _ type: AgentFileType, _ shape: inout ShapeCheck) -> Bool {
        guard shape.keys(of: value, at: key, ["version", "files"]) else { return false }
        let before = shape.mistakes.count
        let version = shape.text(value, "version", at: key) ?? ""
        let files = shape.texts(value, "files", at: key)
        for (field, name) in files { checkName(name, field, &shape) }
        guard shape.mistakes.count == before else { return true }
        guard !version.isEmpty else {
            if !files.isEmpty { shape.add(key + ".version", "is missing, and files are named", remedy: "name one version, or latest") }
            return !files.isEmpty
        }
        checkVersion(version, key + ".version", &shape)
        let names = files.map(\.text)
        if names.isEmpty {
            shape.add(key + ".files", "is missing or empty", remedy: "name the files, or * for all")
        } else if let expected = type.expectedName, !names.contains(expected), !names.contains(ManifestFilesRule.everything) {
            shape.add(key + ".files", "nodes look for '\(expected)' here and do not find it", remedy: "name it, or * for all")
        }
        return true
    }

    private static func checkVersion(_ version: String, _ field: String, _ shape: inout ShapeCheck) {
        guard let wanted = VersionExpression(version), wanted != .exact(.infinity) else {
            return shape.add(field, "is '\(version)', which is no version", remedy: "name one version as 2.31.0, or latest")
        }
        for quirk in ManifestVersionReview.quirks(in: wanted, text: version) { shape.add(Mistake(field, quirk)) }
    }

    private static func checkName(_ name: String, _ field: String, _ shape: inout ShapeCheck) {
        guard name != ManifestFilesRule.everything else { return }
        do throws(CommandError) {
            try ObjectPublisher.check(name: name, what: "file name")
        } catch {
            shape.add(field, error.text, remedy: "name a file of the hub, or * for all")
        }
    }

    /// The files that nodes would not find, in the order of the manifest.
    func missing(in files: AgentFiles) -> [Missing] {
        Self.parts.flatMap { _, type -> [Missing] in
            let part = manifest[type]
            guard let wanted = VersionExpression(part.version) else { return [] }
            return part.files.filter { !files.has($0, type, wanted) }.map { Missing(type: type, version: part.version, name: $0) }
        }
    }
}

extension ManifestDocument {
    /// The part of a type.
    subscript(type: AgentFileType) -> ManifestPartDocument {
        switch type {
        case .software: softwareUpgrade
        case .certificate: certificateUpgrade
        case .configuration: configurationUpgrade
        }
    }
}
