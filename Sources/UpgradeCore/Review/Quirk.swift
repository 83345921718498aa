import UpgradeModel

/// A form that the rules of matching take, and that means something else than it seems to.
///
/// Nodes keep every one of them, because two agents of one fleet must answer alike; authors are told before a policy goes out.
package struct Quirk: Hashable, Sendable {
    /// What is odd.
    package enum Kind: Hashable, CaseIterable, Sendable {
        /// `a == x || `, `a == x && `, `()`: an empty term always holds.
        case emptyTerm
        /// A `)` without a `(` before it ends the constraint.
        case closesNothing
        /// A blank in front belongs to the name.
        case blankBeforeName
        /// `margin 5` is read as `marg in 5`.
        case operatorMissing
        /// `=<` and `=>` compare for equality.
        case operatorBackwards
        /// `a!=b` and `!a == b` ask for properties called `a!` and `!a`.
        case exclamationMark
        /// Single quotes are a part of what they surround.
        case singleQuotes
        /// Full-width signs and the no-break space are letters of the language.
        case lookalike
        /// `(1.0.0,…` holds 01.0.0.
        case lowerBoundExcluded
        /// `…,2.0.0)` holds 02.0.0 and 2.0.0-rc1.
        case upperBoundExcluded
        /// The lower bound is above the upper one.
        case rangeBackwards
        /// A built-in property never has a value of this kind.
        case builtInNeverHolds(BuiltInKind)
        /// An empty pattern is for every node without a pattern.
        case patternEmpty
        /// `*` stands for itself.
        case patternWildcard
        /// `hzn` refuses a range in a manifest; agents take it.
        case manifestRange

        /// One of each.
        package static let allCases: [Kind] =
            [
                .emptyTerm, .closesNothing, .blankBeforeName, .operatorMissing, .operatorBackwards, .exclamationMark, .singleQuotes,
                .lookalike, .lowerBoundExcluded, .upperBoundExcluded, .rangeBackwards,
            ] + BuiltInKind.allCases.map(Kind.builtInNeverHolds) + [.patternEmpty, .patternWildcard, .manifestRange]
    }

    /// What is odd.
    package let kind: Kind

    /// The piece that is.
    package let found: String

    /// Where it begins. Units: characters (Unicode scalars), the first is 1.
    package let position: Int

    /// Memberwise.
    package init(kind: Kind, found: String, position: Int) {
        self.kind = kind
        self.found = found
        self.position = position
    }

    /// What the form does, in one sentence for people.
    package var explanation: String {
        switch kind {
        case .emptyTerm: "nothing stands after '\(found)', and an empty term always holds"
        case .closesNothing: "this ')' closes nothing and ends the constraint: what follows is never looked at"
        case .blankBeforeName: "the blank belongs to the name, so only a property called '\(found)' could match"
        case .operatorMissing: "no operator stands after '\(found)', so its last two letters are taken for the operator 'in'"
        case .operatorBackwards: "'\(found)' holds for equal numbers only, and for nothing else"
        case .exclamationMark: "'!' is an ordinary character here, so '\(found)' is taken as it stands"
        case .singleQuotes: "single quotes are ordinary characters, so \(found) is taken with them"
        case .lookalike: "'\(found)' holds a character that looks like a blank or a sign, and is taken for a letter"
        case .lowerBoundExcluded: "the '(' of \(found) excludes its bound in that very spelling only: with zeros before it, it is inside"
        case .upperBoundExcluded:
            "the ')' of \(found) excludes its bound in that very spelling only: with zeros before it, or as a pre-release, it is inside"
        case .rangeBackwards: "the bounds of \(found) are the wrong way round, so hardly anything is inside"
        case .builtInNeverHolds(let kind): "'\(found)' is \(kind.words), so this never holds"
        case .patternEmpty: "an empty pattern is for every node that has no pattern"
        case .patternWildcard: "'*' stands for itself in a pattern, so '\(found)' is for no node"
        case .manifestRange: "'\(found)' is a range: agents take the highest version inside, and hzn refuses it"
        }
    }

    /// What to do about it.
    package var remedy: String {
        switch kind {
        case .emptyTerm: "write the missing comparison, or remove '\(found)'"
        case .closesNothing: "remove it, or open a '(' before"
        case .blankBeforeName: "remove the blank"
        case .operatorMissing: "write an operator between name and value"
        case .operatorBackwards: found.contains("<") ? "write <=" : "write >="
        case .exclamationMark: "write name != value, with blanks around the operator; quote a value that begins with '!'"
        case .singleQuotes: "write double quotes, or none"
        case .lookalike: "type the plain character of the keyboard"
        case .lowerBoundExcluded: "begin with the first version that you mean and '[', as [1.0.1,2.0.0]"
        case .upperBoundExcluded: "end with the last version that you mean and ']', as [1.0.0,1.99.99]"
        case .rangeBackwards: "exchange the bounds"
        case .builtInNeverHolds(let kind): kind.remedy
        case .patternEmpty: "remove it; a policy without constraints and patterns is for those nodes"
        case .patternWildcard: "list the patterns one by one"
        case .manifestRange: "name one version, or latest"
        }
    }
}
