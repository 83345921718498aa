import CYAML

/// Reads one YAML document.
package struct DocumentReader {
    /// Deeper documents are a mistake, or an anchor that holds itself.
    private static let depthMax = 64
    /// More values are one too, or anchors that hold each other again and again.
    private static let nodesMax = 1_000_000

    private var left = nodesMax

    /// The document's root. Errors: it is no YAML, a key stands twice in a mapping, or there is not exactly one document.
    package static func read(_ text: String) throws(YAMLFault) -> Node {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { throw YAMLFault(problem: "there is no memory left", mark: mark(yaml_mark_t())) }
        defer { yaml_parser_delete(&parser) }
        let bytes = Array(text.utf8)
        let result = bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            return Result { () throws(YAMLFault) in try documents(&parser) }
        }
        return try result.get()
    }

    private static func documents(_ parser: inout yaml_parser_t) throws(YAMLFault) -> Node {
        guard let root = try next(&parser) else { throw YAMLFault(problem: "there is nothing in it", mark: mark(yaml_mark_t())) }
        let (line, isMore) = (parser.mark, try next(&parser) != nil)
        if isMore { throw YAMLFault(problem: "a second document begins here, expected one", mark: mark(line)) }
        return root
    }

    private static func next(_ parser: inout yaml_parser_t) throws(YAMLFault) -> Node? {
        var document = yaml_document_t()
        guard yaml_parser_load(&parser, &document) == 1 else {
            let problem = parser.problem.map { String(cString: $0) } ?? "it cannot be read"
            let context = parser.context.map { String(cString: $0) + ", " } ?? ""
            throw YAMLFault(problem: context + problem, mark: mark(parser.problem_mark))
        }
        defer { yaml_document_delete(&document) }
        guard let root = yaml_document_get_root_node(&document) else { return nil }
        var reader = DocumentReader()
        return try reader.node(root, &document, depth: 0)
    }

    private mutating func node(
        _ found: UnsafeMutablePointer<yaml_node_t>, _ document: inout yaml_document_t, depth: Int
    ) throws(YAMLFault) -> Node {
        let (value, mark) = (found.pointee.data, DocumentReader.mark(found.pointee.start_mark))
        left -= 1
        guard depth < DocumentReader.depthMax, left > 0 else { throw YAMLFault(problem: "too deep or too large from here on", mark: mark) }
        switch found.pointee.type {
        case YAML_SEQUENCE_NODE:
            let items = value.sequence.items
            var nodes: [Node] = []
            for item in UnsafeBufferPointer(start: items.start, count: items.top - items.start) {
                if let node = yaml_document_get_node(&document, item) { nodes.append(try self.node(node, &document, depth: depth + 1)) }
            }
            return .sequence(nodes, mark)
        case YAML_MAPPING_NODE:
            return .mapping(try entries(value.mapping.pairs.start, value.mapping.pairs.top, &document, depth: depth + 1), mark)
        default:
            let text = UnsafeBufferPointer(start: value.scalar.value, count: value.scalar.length)
            return .scalar(
                Node.Scalar(
                    string: String(decoding: text, as: UTF8.self), isPlain: value.scalar.style == YAML_PLAIN_SCALAR_STYLE, mark: mark))
        }
    }

    private mutating func entries(
        _ start: UnsafeMutablePointer<yaml_node_pair_t>, _ top: UnsafeMutablePointer<yaml_node_pair_t>, _ document: inout yaml_document_t,
        depth: Int
    ) throws(YAMLFault) -> [(key: Node, value: Node)] {
        var entries: [(key: Node, value: Node)] = []
        var names: Set<String> = []
        for pair in UnsafeBufferPointer(start: start, count: top - start) {
            guard let key = yaml_document_get_node(&document, pair.key), let value = yaml_document_get_node(&document, pair.value) else {
                continue
            }
            let name = try node(key, &document, depth: depth)
            if let text = name.scalar?.string, !names.insert(text).inserted {
                throw YAMLFault(problem: "the key '\(text)' stands here twice", mark: name.mark)
            }
            entries.append((name, try node(value, &document, depth: depth)))
        }
        return entries
    }

    private static func mark(_ mark: yaml_mark_t) -> Node.Mark { Node.Mark(line: mark.line + 1, column: mark.column + 1) }
}
