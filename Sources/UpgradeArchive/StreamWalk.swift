import UpgradePorts

/// Looks at the headers of a compressed stream while its bytes flow by, before the decompressor sees them.
protocol StreamGuard {
    /// Errors: `.windowTooLarge` when a header asks for more memory than we give, `.damaged` when the structure is broken.
    mutating func inspect(_ bytes: UnsafeRawBufferPointer) throws(ArchiveFailure)
    /// The stream ends here. Errors: `.damaged` when it may not.
    func finish() throws(ArchiveFailure)
}

/// What a walker wants next: to pass over some bytes, and then to see some.
struct Demand {
    var skip: Int64 = 0
    let take: Int
}

/// Knows the structure of one compressed format, header by header.
protocol Walker {
    /// What it wants to see first.
    static var first: Demand { get }
    /// True where a stream may end, as long as nothing of the next header has come.
    var mayEnd: Bool { get }
    /// Looks at the bytes that it demanded, exactly so many.
    mutating func look(_ bytes: [UInt8]) throws(ArchiveFailure) -> Demand
}

/// Leads a walker through a stream that comes in pieces of any length. Memory: one header.
struct StreamWalk<Guide: Walker>: StreamGuard {
    private var guide: Guide
    private var demand = Guide.first
    private var seen: [UInt8] = []

    init(_ guide: Guide) {
        self.guide = guide
    }

    mutating func inspect(_ bytes: UnsafeRawBufferPointer) throws(ArchiveFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let skipped = min(Int64(rest.count), demand.skip)
            demand.skip -= skipped
            rest = rest.dropFirst(Int(skipped))
            let taken = rest.prefix(demand.take - seen.count)
            seen.append(contentsOf: taken)
            rest = rest.dropFirst(taken.count)
            if demand.skip == 0, seen.count == demand.take {
                demand = try guide.look(seen)
                seen = []
            }
        }
    }

    func finish() throws(ArchiveFailure) {
        guard guide.mayEnd, demand.skip == 0, seen.isEmpty else {
            throw ArchiveFailure(.damaged, "the compressed stream is cut off: expected more bytes after its end")
        }
    }
}
