/// The fields of a document as a table: names, types and doc comments as they stand in the source.
struct FieldTable {
    /// The line of a type is not where it should be.
    struct NoType: Error { let name: String }

    private let rows: [String]

    /// - Parameters:
    ///   - type: `struct` or name of the type, whose fields stand one level deeper.
    ///   - names: how fields are called on the wire where that is not their name.
    init(_ type: String, in source: SwiftSource, names: [String: String] = [:]) throws {
        let head = "struct \(type):"
        guard let begin = source.lines.firstIndex(where: { $0.contains(head) }) else { throw NoType(name: type) }
        let indent = source.lines[begin].prefix { $0 == " " }
        let body = source.lines[(begin + 1)...].prefix { $0 != indent + "}" }
        let field = indent + "    package var ", constant = indent + "    package let "
        var comment: [Substring] = []
        var rows: [String] = []
        for line in body {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("/// ") {
                comment.append(text.dropFirst(4))
                continue
            }
            if line.hasPrefix(field) || line.hasPrefix(constant) {
                let parts = line.dropFirst(field.count).split(separator: ":", maxSplits: 1)
                guard parts.count == 2, let kind = parts[1].split(separator: "=").first else { throw NoType(name: String(line)) }
                let name = String(parts[0])
                rows.append("| `\(names[name] ?? name)` | \(FieldTable.form(kind)) | \(comment.joined(separator: " ")) |")
            }
            comment = []
        }
        self.rows = rows
    }

    var text: String { "| field | form | meaning |\n|---|---|---|\n" + rows.joined(separator: "\n") }

    private static func form(_ type: Substring) -> String {
        var name = type.filter { $0 != " " && $0 != "{" }
        let isOptional = name.hasSuffix("?")
        if isOptional { name.removeLast() }
        let form =
            switch name {
            case "String": "text"
            case "Int", "Int64": "whole number"
            case "Double": "number"
            case "Bool": "true or false"
            case "[Double]": "list of numbers"
            case "[String:String]": "object of texts"
            case "[String:Int]": "object of whole numbers"
            case _ where name.hasPrefix("[String:"): "object of objects, below"
            default: name.hasPrefix("[") ? "list of objects, below" : "object, below"
            }
        return isOptional ? form + "; may be missing" : form
    }
}
