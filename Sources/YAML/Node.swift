/// A value of a YAML document, with its place in the text.
package enum Node: Sendable {
    /// A place; both begin with 1.
    package struct Mark: Hashable, Sendable {
        /// See `Mark`.
        package let line: Int
        /// Characters.
        package let column: Int
    }

    /// A text without parts.
    package struct Scalar: Hashable, Sendable {
        /// As it was written, without quotes.
        package let string: String
        /// Written without quotes: it may stand for a number or a boolean.
        package let isPlain: Bool
        /// Where.
        package let mark: Mark
    }

    /// A text.
    case scalar(Scalar)
    /// Keys with values, in the order of the text.
    case mapping([(key: Node, value: Node)], Mark)
    /// A list.
    case sequence([Node], Mark)

    /// The text of a node that has no parts.
    package var scalar: Scalar? {
        if case .scalar(let scalar) = self { scalar } else { nil }
    }

    /// Where.
    package var mark: Mark {
        switch self {
        case .scalar(let scalar): scalar.mark
        case .mapping(_, let mark), .sequence(_, let mark): mark
        }
    }
}

/// Why a text is no YAML document.
package struct YAMLFault: Error, Hashable, Sendable {
    /// One sentence.
    package let problem: String
    /// Where.
    package let mark: Node.Mark
}
