/// How much one archive may put on the disk. Source: lessons 2d (libarchive: cap entries and sizes).
package struct UnpackLimits: Hashable, Sendable {
    /// Entries of the archive and folders that they imply, together.
    package let entriesMax: Int
    /// Bytes of one file.
    package let fileLengthMax: Int64
    /// Bytes of all files together.
    package let totalLengthMax: Int64
    /// Components of a path.
    package let depthMax: Int
    /// Bytes of a path.
    package let pathLengthMax: Int

    /// Memberwise; the defaults are what a node accepts.
    package init(
        entriesMax: Int = 20_000, fileLengthMax: Int64 = 1 << 30, totalLengthMax: Int64 = 2 << 30, depthMax: Int = 32,
        pathLengthMax: Int = 1024
    ) {
        self.entriesMax = entriesMax
        self.fileLengthMax = fileLengthMax
        self.totalLengthMax = totalLengthMax
        self.depthMax = depthMax
        self.pathLengthMax = pathLengthMax
    }
}
