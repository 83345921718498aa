import UpgradePorts
import UpgradeWire

/// Puts a signed object into the CSS: metadata first, then the bytes, which the CSS holds against the signature. Source: contract 2.2, 2.4.
struct ObjectPublisher {
    let hub: Hub
    /// Who may do this, said on 403.
    let whoMay: String

    /// What is put where.
    struct Item {
        let org: String
        let type: String
        let id: String
        let payload: Payload
        let signature: DetachedSignature
        /// Metadata besides names, signature and size.
        var extra: [String: JSONValue] = [:]
    }

    /// Puts one object.
    func put(_ item: Item) throws(CommandError) {
        var meta: [String: JSONValue] = [
            "objectID": .string(item.id), "objectType": .string(item.type), "destinationOrgID": .string(item.org),
            "hashAlgorithm": .string(item.signature.hashAlgorithm), "publicKey": .string(item.signature.publicKey),
            "signature": .string(item.signature.signature), "objectSize": .number(Double(item.payload.length)),
        ]
        meta.merge(item.extra) { _, extra in extra }
        let body: JSONValue = ["meta": .object(meta), "data": .null]
        try check(hub.objects("PUT", HubPath.object(item.org, item.type, item.id), try JSONText.body(body)))
        let answer = try hub.upload(HubPath.objectData(item.org, item.type, item.id), item.payload)
        if answer.status == 500 {
            throw answer.unexpected().adding("The CSS verifies the signature of what it stores: did the file change meanwhile?")
        }
        try check(answer)
    }

    private func check(_ answer: Answer) throws(CommandError) {
        // Kept: the CSS says 403 for credentials that are wrong, too.
        if answer.status == 403 { throw answer.unexpected().adding(whoMay) }
        try answer.success()
    }

    /// Names that the CSS takes. Source: contract 2.1.
    static func check(name: String, what: String) throws(CommandError) {
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            default: "!@#$^*-_.~".utf8.contains(byte)
            }
        }
        guard allowed, !["", ".", "..", "*"].contains(name) else {
            throw CommandError(
                .usage,
                "the \(what) '\(Shown.text(name))' cannot be used: the CSS takes letters, digits and ! @ # $ ^ * - _ . ~ only, "
                    + "and '.', '..' and '*' mean other things")
        }
    }
}
