/// A version of software, configuration or certificate: `INFINITY`, or one to three numbers and an optional pre-release.
///
/// Kept: leading zeros and an empty pre-release are allowed; `v1.0.0`, `1.0.0+build` and blanks are not. All numbers beyond 64
/// bits are equal to the largest one. A part of a pre-release is a number whenever it reads as a whole one of 64 bits: `-5`
/// is one too, and twenty nines are a word.
///
/// Equality and order are those of precedence: `1` equals `1.0.0`. Compare `text` to compare spellings.
/// Source: contract 4.5, semver.org.
package struct Version: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The version exactly as it was written.
    package let text: String

    /// The spelling with all three numbers: `1.02-rc` gives `1.02.0-rc`. Ranges compare it with their bounds.
    package let padded: String

    private let precedence: Precedence

    /// The word that stands for a version above all others.
    package static let infinityWord = "INFINITY"

    /// The version above all others.
    package static let infinity = Version(text: infinityWord, padded: infinityWord, precedence: .infinity)

    private init(text: String, padded: String, precedence: Precedence) {
        self.text = text
        self.padded = padded
        self.precedence = precedence
    }

    /// The version that `text` spells; nil when it spells none.
    package init?(_ text: some StringProtocol) {
        guard text != Self.infinityWord else {
            self = .infinity
            return
        }
        let halves = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let head = halves.first else { return nil }
        let groups = head.split(separator: ".", omittingEmptySubsequences: false)
        guard groups.count <= 3, groups.allSatisfy(isNumber) else { return nil }
        let preRelease = halves.count == 2 ? String(halves[1]) : ""
        guard preRelease.utf8.allSatisfy(isPreReleaseByte) else { return nil }

        let missing = String(repeating: ".0", count: 3 - groups.count)
        let numbers = groups.map { Int64($0) ?? .max } + Array(repeating: 0, count: 3 - groups.count)
        let identifiers = preRelease.isEmpty ? [] : preRelease.split(separator: ".", omittingEmptySubsequences: false).map(Identifier.init)
        self.text = String(text)
        padded = head + missing + (preRelease.isEmpty ? "" : "-" + preRelease)
        precedence = .release(numbers: numbers, preRelease: identifiers)
    }

    /// The release that a pre-release leads to; any other version itself.
    package var finished: Version { Version(text.prefix { $0 != "-" }) ?? self }

    /// The text as it was written.
    package var description: String { text }

    /// True when both have the same precedence, however they are spelt.
    package static func == (left: Version, right: Version) -> Bool { left.precedence == right.precedence }

    /// True when `left` is the older one.
    package static func < (left: Version, right: Version) -> Bool { left.precedence < right.precedence }

    /// Consistent with `==`.
    package func hash(into hasher: inout Hasher) { hasher.combine(precedence) }
}

/// Where a version stands among all others.
private enum Precedence: Hashable, Sendable {
    case release(numbers: [Int64], preRelease: [Identifier])
    case infinity

    static func < (left: Precedence, right: Precedence) -> Bool {
        switch (left, right) {
        case (.infinity, _): return false
        case (.release, .infinity): return true
        case (.release(let leftNumbers, let leftPreRelease), .release(let rightNumbers, let rightPreRelease)):
            if leftNumbers != rightNumbers { return leftNumbers.lexicographicallyPrecedes(rightNumbers) }
            // No pre-release at all is the finished release, above all of its pre-releases.
            if leftPreRelease.isEmpty || rightPreRelease.isEmpty { return !leftPreRelease.isEmpty }
            return leftPreRelease.lexicographicallyPrecedes(rightPreRelease)
        }
    }
}

/// One dotted part of a pre-release; the order of the cases is the rule "numbers are below words".
private enum Identifier: Hashable, Comparable, Sendable {
    case number(Int64)
    case word(String)

    init(_ text: Substring) {
        self = Int64(text).map { .number($0) } ?? .word(String(text))
    }
}

private func isNumber(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
}

private func isPreReleaseByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
    default: false
    }
}
