/// What objects may cost.
package struct ObjectLimits: Sendable {
    /// How many downloads of whole objects run at once; more are answered with 429.
    package var wholesMax = 512
    /// Longest object. Bytes; more is answered with 413.
    package var objectBytesMax: Int64 = 16 << 30
    /// How much of the disk uploads leave free, for the database above all. Bytes; an upload that would not is answered with 507.
    package var freeBytesMin: Int64 = 64 << 20
    /// How many uploads in pieces are open at once; for one more, the one that waits longest for its next piece gives way.
    package var pieceUploadsMax = 64
    /// How many of them one caller has; more are answered with 429.
    package var pieceUploadsPerCallerMax = 8
    /// How long an upload in pieces may wait for its next piece.
    package var pieceWaitMax: Duration = .seconds(1800)

    /// The usual limits.
    package init() {}
}
