import NIOCore

/// Takes answers with `Content-Length` (or none) from what a connection received: no more than a load generator needs.
struct AnswerParser {
    private var received = ByteBuffer()

    /// What came newly.
    mutating func add(_ bytes: inout ByteBuffer) { received.writeBuffer(&bytes) }

    /// The status of the next whole answer, which is taken out; nil while it is not whole.
    mutating func next() -> Int? {
        let bytes = received.readableBytesView
        guard let end = Self.headEnd(bytes) else { return nil }
        let head = bytes[..<end]
        let size = end - bytes.startIndex + Self.contentLength(head)
        guard received.readableBytes >= size else { return nil }
        let status = head.dropFirst(9).prefix(3).reduce(0) { $0 * 10 + Int($1) - 48 }
        received.moveReaderIndex(forwardBy: size)
        received.discardReadBytes()
        return status
    }

    /// Behind the empty line.
    private static func headEnd(_ bytes: ByteBufferView) -> Int? {
        var place = bytes.startIndex
        while let feed = bytes[place...].firstIndex(of: 10) {
            if feed + 2 < bytes.endIndex, bytes[feed + 1] == 13, bytes[feed + 2] == 10 { return feed + 3 }
            place = feed + 1
        }
        return nil
    }

    private static let name = Array("content-length:".utf8)

    private static func contentLength(_ head: ByteBufferView) -> Int {
        for line in head.split(separator: 10) where line.count > name.count {
            guard zip(line, name).allSatisfy({ $0 | 0x20 == $1 || $0 == $1 }) else { continue }
            return line.dropFirst(name.count).reduce(0) { (48...57).contains($1) ? $0 * 10 + Int($1) - 48 : $0 }
        }
        return 0
    }
}
