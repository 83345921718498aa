import UpgradeModel

/// The last part of what a program said, made fit for a message.
struct OutputTail: Sendable {
    /// Bytes that are kept.
    static let bytesMax = 4096

    private var bytes: [UInt8] = []
    private var isCut = false

    /// Adds what came.
    mutating func append(_ new: some Collection<UInt8>) {
        bytes += new.suffix(Self.bytesMax)
        guard bytes.count > Self.bytesMax else { return }
        bytes.removeFirst(bytes.count - Self.bytesMax)
        isCut = true
    }

    /// Line ends and tabs become spaces; whatever else acts on a terminal is removed.
    var text: String {
        // A cut may have left the rest of a character at the front.
        let whole = isCut ? bytes.drop { $0 & 0xC0 == 0x80 } : bytes[...]
        var result = ""
        for scalar in String(decoding: whole, as: UTF8.self).unicodeScalars {
            if scalar == "\n" || scalar == "\t" {
                result += " "
            } else if VisibleText.isVisible(String(scalar)) {
                result.unicodeScalars.append(scalar)
            }
        }
        while result.last == " " { result.removeLast() }
        return result
    }
}
