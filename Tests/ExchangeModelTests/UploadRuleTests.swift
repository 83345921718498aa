import ExchangeModel
import Testing

/// Pieces of uploads, and what a client has already.
@Suite struct UploadRuleTests {
    @Test func aPieceSaysWhereItStands() throws {
        let piece = try #require(UploadPiece(contentRange: "bytes 5-9/20"))
        #expect((piece.first, piece.last, piece.total) == (5, 9, 20))
        #expect(piece.count == 5)
        #expect(!piece.isLast)
        #expect(UploadPiece(contentRange: "BYTES 0-0/1")?.isLast == true)
    }

    @Test(
        arguments: [
            "", "bytes", "bytes 0-4", "bytes 0-4/", "bytes 0-4/*", "bytes */9", "bytes 4-3/9", "bytes 0-9/9", "bytes -4/9", "bytes 4-/9",
            "bytes 0-4/9/9", "bytes 0-1-2/9", "bytes +0-4/9", "bytes 0 - 4/9", "items 0-4/9", "bytes=0-4/9", "bytes 0-0/0",
            "bytes 0-4/99999999999999999999",
        ])
    func whatIsNoPieceIsNone(text: String) {
        #expect(UploadPiece(contentRange: text) == nil)
    }

    @Test func piecesComeInOrderAndOfOneLength() throws {
        let piece = try #require(UploadPiece(contentRange: "bytes 5-9/20"))
        #expect(piece.refusal(received: 5, expected: 20) == nil)
        #expect(piece.refusal(received: 4, expected: 20)?.contains("begin at byte 4") == true, "a gap")
        #expect(piece.refusal(received: 6, expected: 20)?.contains("begin at byte 6") == true, "an overlap")
        #expect(piece.refusal(received: 5, expected: 21)?.contains("21 bytes in all") == true)
    }

    @Test func anEntityTagIsFoundInItsList() {
        for text in ["\"a\"", "W/\"a\"", "*", "\"b\", \"a\"", "\"b\",W/\"a\" ,\"c\""] {
            #expect(EntityTagRule.isHeld("\"a\"", ifNoneMatch: text), "\(text)")
        }
        for text in [nil, "", "a", "\"b\"", "\"aa\"", "w/\"a\"", "W/"] {
            #expect(!EntityTagRule.isHeld("\"a\"", ifNoneMatch: text), "\(text ?? "no header")")
        }
    }
}
