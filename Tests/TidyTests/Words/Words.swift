/// Looks for a word in code: `print(` is not in `fingerprint(`, `sleep(` is in `usleep(`'s own rule only.
enum Words {
    /// True when `word` stands in `line` and does not go on to the left (nor to the right, when it ends in a letter).
    static func contains(_ word: String, in line: Substring) -> Bool { !places(of: word, in: line).isEmpty }

    /// Where the word begins.
    static func places(of word: String, in line: Substring) -> [Substring.Index] {
        line.ranges(of: word).compactMap { range in
            if let first = word.first, isName(first), range.lowerBound > line.startIndex, isName(line[line.index(before: range.lowerBound)])
            {
                return nil
            }
            if let last = word.last, isName(last), range.upperBound < line.endIndex, isName(line[range.upperBound]) { return nil }
            return range.lowerBound
        }
    }

    /// The character before a place; nil at the line's begin.
    static func before(_ place: Substring.Index, in line: Substring) -> Character? {
        place > line.startIndex ? line[line.index(before: place)] : nil
    }

    /// Letters, digits and underscores.
    static func isName(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
}
