import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift check version`.
struct CheckVersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Whether versions and ranges are valid, which is newer, and what lies inside.",
        discussion: """
            A version is INFINITY, or one to three numbers with dots and perhaps a pre-release: 2, 2.31, 2.31.0-rc.1. A range has two
            bounds: [2.30.0,3.0.0) with the first and without the second; a lone version V means [V,INFINITY).
            """,
        subcommands: [VersionValidCommand.self, VersionCompareCommand.self, VersionInCommand.self])
}

/// `uplift check version valid`.
struct VersionValidCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "valid", abstract: "Whether a text is a version.",
        discussion: """
            Prints true or false. Exit codes: 0 true, 1 false.

            Example:
              uplift check version valid 2.31.0-rc.1
            """)

    @OptionGroup var root: RootOption
    @Argument(help: "The text.") var version: String

    func run(in world: CommandWorld) throws(CommandError) {
        let isValid = Version(version) != nil
        try world.answer(.bool(isValid), isYes: isValid, because: VersionReasons.noVersions([version]))
    }
}

/// `uplift check version compare`.
struct VersionCompareCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Which of two versions is newer.",
        discussion: """
            Prints -1 when A is older than B, 0 when they are equal, 1 when A is newer, and "invalid" when one of them is no version.
            Exit codes: 0 both are versions, 1 not so.

            Example:
              uplift check version compare 2.31.0-rc.1 2.31.0
            """)

    @OptionGroup var root: RootOption
    @Argument(help: "A version.") var a: String
    @Argument(help: "Another one.") var b: String

    func run(in world: CommandWorld) throws(CommandError) {
        let order = VersionOrder.order(a, b)
        try world.answer(order ?? "invalid", isYes: order != nil, because: VersionReasons.noVersions([a, b]))
    }
}

/// `uplift check version in`.
struct VersionInCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "in", abstract: "Whether a version lies in a range.",
        discussion: """
            Prints true or false. An excluded bound excludes that spelling only, and [1.0.0,2.0.0) holds 2.0.0-rc1, because nodes
            decide so.
            Exit codes: 0 true, 1 false, or one of them is invalid.

            Example:
              uplift check version in '[2.30.0,3.0.0)' 2.31.0
            """)

    @OptionGroup var root: RootOption
    @Argument(help: "The range; quote it for the shell.") var range: String
    @Argument(help: "The version.") var version: String

    func run(in world: CommandWorld) throws(CommandError) {
        let parsed = VersionRange(range)
        let isInside = parsed.flatMap { Version(version).map($0.contains) } ?? false
        let rangeReason = parsed == nil ? ["'\(range)' is no range; expected a version, or two in brackets as [1.0.0,2.0.0)"] : []
        let outside = parsed.map { ["\(version) lies outside of \($0)"] } ?? []
        let invalid = rangeReason + VersionReasons.noVersions([version])
        try world.answer(.bool(isInside), isYes: isInside, because: isInside ? [] : invalid.isEmpty ? outside : invalid)
    }
}

/// Why texts are no versions.
enum VersionReasons {
    /// One sentence for each text that is none.
    static func noVersions(_ texts: [String]) -> [String] {
        texts.filter { Version($0) == nil }.map {
            "'\($0)' is no version; expected one to three numbers with dots as 2.31.0, perhaps '-' and a pre-release, or INFINITY"
        }
    }
}

/// The order of two texts.
enum VersionOrder {
    /// -1, 0 or 1; nil when one of them is no version.
    static func order(_ a: String, _ b: String) -> JSONValue? {
        guard let a = Version(a), let b = Version(b) else { return nil }
        return a < b ? -1 : a == b ? 0 : 1
    }
}
