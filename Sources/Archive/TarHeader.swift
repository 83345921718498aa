/// One entry of a tar, exactly as it is stored.
package struct TarHeader: Sendable {
    /// What the entry claims to be.
    package enum Kind: Sendable {
        case file, directory
        case symbolicLink(to: [UInt8])
        case hardLink(to: [UInt8])
        case sparseFile, socket, characterDevice, blockDevice, fifo, unknown
    }

    /// The name's bytes.
    package let path: [UInt8]
    /// What the entry claims to be.
    package let kind: Kind
    /// The low twelve permission bits.
    package let mode: UInt16
    /// Bytes; nil when the header does not tell.
    package let length: Int64?
}
