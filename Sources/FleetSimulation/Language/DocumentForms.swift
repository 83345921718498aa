import ExchangeModel
import FoundationEssentials
import UpgradeModel
import UpgradeWire
import YAML

/// A scenario that was not read from a file has no files beside it.
package struct NoFiles: Error, CustomStringConvertible {
    package let description = "there are no files beside this scenario"
}

extension Form {
    /// A JSON file beside the scenario's.
    /// - Parameter objection: what keeps a document that could be read from being used.
    fileprivate static func file(
        _ name: String, example: Value, _ objection: @escaping @Sendable (Value) -> String? = { _ in nil }
    ) -> Form where Value: Decodable {
        Form(name: name, example: example, show: { _ in "" }) { node, reader in
            guard let path = node.scalar?.string, !path.isEmpty else {
                reader.note(node, "found \(node.found), expected the name of a \(name)")
                return nil
            }
            do {
                let document = try JSONDecoder().decode(Value.self, from: Data(try reader.files(path)))
                guard let objection = objection(document) else { return document }
                reader.note(node, "the exchange would refuse \(path): \(objection)")
            } catch let error as DecodingError {
                reader.note(node, "cannot read \(path) as \(name): \(error.sentence)")
            } catch {
                reader.note(node, "cannot read \(path) as \(name): \(error)")
            }
            return nil
        }
    }
}

extension Form where Value == NodeManagementPolicyRequestDocument {
    /// The body with which a management policy is published.
    static let policyFile = file("file of a management policy", example: NodeManagementPolicyRequestDocument()) { policy in
        do throws(Refusal) { try ManagementPolicyRule.check(policy) } catch { return error.message }
        return nil
    }
}

extension Form where Value == ManifestDocument {
    /// The manifest that a policy names.
    static let manifestFile = file("file of a manifest", example: ManifestDocument())
}

extension Form where Value == UTCInstant {
    /// A moment on the calendar.
    static let instant = text(
        "instant", expected: "an instant such as 2026-01-01T00:00:00Z", example: UTCInstant(secondsSinceEpoch: 0), show: { $0.rfc3339() }
    ) { UTCInstant(rfc3339: $0) }
}
