/// Makes inputs that are nearly right: those of the corpus with bytes flipped, lost, doubled and repeated, pieces of the language put in,
/// two inputs joined, and, in documents, texts of other languages in place of their own.
struct Mutator {
    /// Beyond the longest constraint that is read. Bytes.
    private static let lengthMax = 80_000

    private let corpus: [[UInt8]]
    private let pieces: [[UInt8]]
    /// Texts for documents; none for readers of plain texts.
    private let grafts: [[UInt8]]
    private var dice: SeededGenerator

    init(corpus: [[UInt8]], reader: FuzzReader, seed: UInt64) throws {
        self.corpus = corpus
        pieces = reader.pieces.map { Array($0.utf8) }
        grafts = try reader.grafts.flatMap { try Corpus.inputs($0) }
        dice = SeededGenerator(state: seed)
    }

    mutating func next() -> [UInt8] {
        if grafts.isEmpty, dice.oneIn(4) { return (0..<Int.random(in: 0...12, using: &dice)).flatMap { _ in any(pieces) } }
        var bytes = any(corpus)
        if !grafts.isEmpty { for _ in 0..<Int.random(in: 0...3, using: &dice) { graft(&bytes) } }
        // A document stands few blows until it is no JSON any more, and then nobody looks at what it says.
        let count = grafts.isEmpty ? Int.random(in: 1...4, using: &dice) : dice.oneIn(2) ? 0 : Int.random(in: 1...2, using: &dice)
        for _ in 0..<count { mutate(&bytes) }
        return Array(bytes.prefix(Self.lengthMax))
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let some = range(bytes, longest: 16)
        switch Int.random(in: 0..<8, using: &dice) {
        case 0: if !bytes.isEmpty { bytes[place(bytes)] ^= 1 << UInt8.random(in: 0..<8, using: &dice) }
        case 1: if !bytes.isEmpty { bytes[place(bytes)] = UInt8.random(in: 0...255, using: &dice) }
        case 2: bytes.removeSubrange(some)
        case 3: bytes.insert(contentsOf: bytes[some], at: Int.random(in: 0...bytes.count, using: &dice))
        case 4: bytes.insert(contentsOf: any(pieces), at: Int.random(in: 0...bytes.count, using: &dice))
        case 5: bytes.replaceSubrange(some, with: any(pieces))
        case 6:
            let other = any(corpus)
            bytes.replaceSubrange(some.lowerBound..., with: other[Int.random(in: 0...other.count, using: &dice)...])
        default:
            guard !some.isEmpty else { return }
            let longest = dice.oneIn(200) ? Self.lengthMax : dice.oneIn(10) ? 2000 : 100
            let times = Int.random(in: 1...longest, using: &dice) / some.count
            bytes.replaceSubrange(some, with: repeatElement(bytes[some], count: times).joined())
        }
    }

    /// Puts a text, mutated or not, between two quotes of a document.
    private mutating func graft(_ bytes: inout [UInt8]) {
        let quotes = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\"") }
        guard quotes.count > 1 else { return }
        let first = Int.random(in: 0..<(quotes.count - 1), using: &dice)
        var text = any(grafts)
        if dice.oneIn(2) { mutate(&text) }
        bytes.replaceSubrange((quotes[first] + 1)..<quotes[first + 1], with: Self.escaped(text))
    }

    private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.flatMap { scalar -> [UInt8] in
            switch scalar {
            case "\"", "\\": Array("\\\(scalar)".utf8)
            case "\0"..."\u{1F}": Array("\\u00".utf8) + (scalar.value < 16 ? [0x30] : []) + Array(String(scalar.value, radix: 16).utf8)
            default: Array(String(scalar).utf8)
            }
        }
    }

    private mutating func any(_ inputs: [[UInt8]]) -> [UInt8] { inputs.randomElement(using: &dice) ?? [] }

    private mutating func place(_ bytes: [UInt8]) -> Int { Int.random(in: bytes.indices, using: &dice) }

    private mutating func range(_ bytes: [UInt8], longest: Int) -> Range<Int> {
        let start = Int.random(in: 0...bytes.count, using: &dice)
        return start..<min(bytes.count, start + Int.random(in: 0...longest, using: &dice))
    }
}
