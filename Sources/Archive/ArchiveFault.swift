/// What libarchive said when it could not go on.
package struct ArchiveFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Its sentence, or ours where it has none.
    package let text: String

    package var description: String { text }
}
