/// Gives a stream of bytes piece by piece; libarchive reads through nothing else.
package protocol PieceSource: AnyObject {
    /// The next piece, valid until the next call; empty at the end; nil when it cannot be had, and then the source remembers why.
    func nextPiece() -> UnsafeRawBufferPointer?
}
