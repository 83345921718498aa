import FoundationEssentials
import UpgradeModel
import UpgradeWire

/// JSON as people and scripts read it: 2 spaces a level, the keys that we know in the order of the documents, all others sorted.
///
/// Why not the encoder's own: it gives either a chance order or an alphabetical one, and shows slashes escaped. Source: contract 6.1.
enum JSONText {
    /// The text, without a last line end.
    static func pretty(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: "", to: &text)
        return text
    }

    /// A document as a value; what is nil is left out.
    static func value(_ document: some Encodable) throws(CommandError) -> JSONValue {
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(try body(document)))
        } catch let error as CommandError {
            throw error
        } catch {
            throw CommandError(.bug, "a document could not be written: \(error)")
        }
    }

    /// A document as the body of a request.
    static func body(_ document: some Encodable) throws(CommandError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(document))
        } catch {
            throw CommandError(.bug, "a request could not be written: \(error)")
        }
    }

    /// JSON of somebody else's making with what acts on a terminal written as escapes.
    static func inert(_ json: String) -> String {
        guard !VisibleText.isVisible(json) else { return json }
        var text = ""
        for scalar in json.unicodeScalars {
            if VisibleText.isVisible(String(Character(scalar))) { text.unicodeScalars.append(scalar) } else { escape(scalar, to: &text) }
        }
        return text
    }

    /// Reads a document.
    /// - Parameter subject: where it came from, for the message.
    static func read<Document: Decodable>(_ type: Document.Type, _ bytes: [UInt8], subject: String) throws(CommandError) -> Document {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw CommandError(.json, "\(subject): \(error.sentence)")
        } catch {
            throw CommandError(.json, "\(subject) is not JSON")
        }
    }

    private static func write(_ value: JSONValue, indent: String, to text: inout String) {
        switch value {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .number(let number): text += Int64(exactly: number).map(String.init) ?? "\(number)"
        case .string(let string): quote(string, to: &text)
        case .array(let elements):
            writeAll(elements, "[", "]", indent: indent, to: &text) { element, inner, text in write(element, indent: inner, to: &text) }
        case .object(let members):
            let sorted = members.sorted { comesBefore($0.key, $1.key) }
            writeAll(sorted, "{", "}", indent: indent, to: &text) { member, inner, text in
                quote(member.key, to: &text)
                text += ": "
                write(member.value, indent: inner, to: &text)
            }
        }
    }

    private static func writeAll<Element>(
        _ elements: [Element], _ open: String, _ close: String, indent: String, to text: inout String,
        each: (Element, String, inout String) -> Void
    ) {
        text += open
        let inner = indent + "  "
        for (index, element) in elements.enumerated() {
            text += (index == 0 ? "\n" : ",\n") + inner
            each(element, inner, &text)
        }
        text += (elements.isEmpty ? "" : "\n" + indent) + close
    }

    /// What acts on a terminal is written as an escape, which JSON readers turn back.
    private static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                if VisibleText.isVisible(String(Character(scalar))) {
                    text.unicodeScalars.append(scalar)
                } else {
                    escape(scalar, to: &text)
                }
            }
        }
        text += "\""
    }

    private static func escape(_ scalar: Unicode.Scalar, to text: inout String) {
        for unit in UTF16.encode(scalar).map(Array.init) ?? [] { text += "\\u" + hex(unit) }
    }

    private static func hex(_ unit: UInt16) -> String { Digest.hexText([UInt8(unit >> 8), UInt8(unit & 0xFF)]) }

    private static func comesBefore(_ left: String, _ right: String) -> Bool {
        let (leftRank, rightRank) = (rank[left] ?? Int.max, rank[right] ?? Int.max)
        return leftRank == rightRank ? left < right : leftRank < rightRank
    }

    private static let rank = Dictionary(uniqueKeysWithValues: documentOrder.enumerated().map { ($1, $0) })

    /// The order of contract 1.3, 2.5, 3.1 and of the printed examples.
    private static let documentOrder = [
        "agentUpgradePolicyStatus", "agentUpgradeInternal", "scheduledTime", "startTime", "endTime", "upgradedVersions", "softwareVersion",
        "certVersion", "configVersion", "status", "k8s", "errorMessage", "workingDirectory", "owner", "label", "description", "name",
        "type",
        "constraints", "properties", "patterns", "enabled", "start", "startWindow", "agentUpgradePolicy", "manifest", "allowDowngrade",
        "created", "lastUpdated", "softwareUpgrade", "certificateUpgrade", "configurationUpgrade", "fileName", "fileType", "fileVersion",
        "version", "files", "manifestID", "manifestType", "value",
    ]
}
