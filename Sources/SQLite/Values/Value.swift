/// One value in SQLite's five storage classes: what is bound to a statement and what a column holds.
package enum Value: Hashable, Sendable {
    /// SQL `NULL`.
    case null
    /// A whole number.
    case integer(Int64)
    /// A floating-point number. SQLite stores NaN as `NULL`.
    case real(Double)
    /// Text; NUL bytes inside are kept. Bytes in the file that are not UTF-8 are read as U+FFFD, never trapped on.
    case text(String)
    /// Bytes as they are.
    case blob([UInt8])

    /// The whole number; nil for anything else.
    package var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The floating-point number; nil for anything else.
    package var real: Double? {
        if case .real(let number) = self { number } else { nil }
    }

    /// The text; nil for anything else.
    package var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The bytes; nil for anything else.
    package var blob: [UInt8]? {
        if case .blob(let bytes) = self { bytes } else { nil }
    }

    /// Binds an absent text as `NULL`.
    package init(_ text: String?) {
        self = text.map { .text($0) } ?? .null
    }

    /// Binds an absent number as `NULL`.
    package init(_ number: Int64?) {
        self = number.map { .integer($0) } ?? .null
    }

    /// The storage class in SQLite's words, for error messages: a value itself may be secret.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .integer: "integer"
        case .real: "real"
        case .text: "text"
        case .blob: "blob"
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(nilLiteral: ()) { self = .null }
}
