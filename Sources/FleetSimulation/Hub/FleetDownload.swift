import UpgradePorts

/// One download under way: its head, then its body in a few pieces.
struct FleetDownload {
    private static let pieces = 8

    let request: TransferRequest
    let trouble: DownloadTrouble?
    var object: HubTables.Object?
    var failure: TransferFailure?
    /// When the next piece is there.
    private(set) var ready: Duration
    private let began: Duration
    private var hasHead = false
    private var position: Int
    /// Where the body began.
    private var first = 0
    /// Since when nothing came.
    private var lastNews: Duration

    init(_ request: TransferRequest, trouble: DownloadTrouble?, at now: Duration, latency: Duration) {
        self.request = request
        self.trouble = trouble
        position = Int(request.offset)
        ready = now + latency
        (began, lastNews) = (now, now)
    }

    mutating func read(max: Int, _ world: LinkWorld) throws(TransferFailure) -> TransferPiece {
        let now = world.now()
        guard now >= ready else { return .pending }
        guard now < began + request.timeout else { throw late("not complete within \(request.timeout.components.seconds) s") }
        if world.isCut() {
            world.unheard()
            return try nothing(now)
        }
        if let failure { throw failure }
        guard let object, let data = object.data else { return .finished }
        if !hasHead { return head(object, data.count, world) }
        guard position < data.count else { return try whole(world) }
        return try body(object, data, max, world)
    }

    /// The connection is there, and nothing comes.
    private mutating func nothing(_ now: Duration) throws(TransferFailure) -> TransferPiece {
        guard now < lastNews + request.lowSpeedTime else { throw late("nothing came for too long") }
        ready = now + .seconds(1)
        return .pending
    }

    private func late(_ why: String) -> TransferFailure { TransferFailure(.timeout, subject: request.url, explanation: why) }

    /// The first piece comes as late as any other. A body from the middle only while it is the same object.
    private mutating func head(_ object: HubTables.Object, _ length: Int, _ world: LinkWorld) -> TransferPiece {
        hasHead = true
        lastNews = world.now()
        var isResumed = position > 0 && request.ifRange == object.etag
        if isResumed, trouble == .ignoresRange {
            world.bites("200 to a request for the rest")
            isResumed = false
        }
        if isResumed, trouble == .wrongRange {
            world.bites("the rest begins at another byte")
            position -= 1
        }
        if !isResumed { position = 0 }
        first = position
        ready = world.now() + world.time(for: object.wireBytes / Int64(FleetDownload.pieces), atMost: limit(world))
        if trouble == .wrongLength { world.bites("a wrong length is announced") }
        let total = trouble == .endless ? nil : Int64(trouble == .wrongLength ? length + 1 : length)
        return .response(TransferResponse(status: isResumed ? 206 : 200, etag: object.etag, offset: Int64(position), totalLength: total))
    }

    private mutating func body(
        _ object: HubTables.Object, _ data: [UInt8], _ max: Int, _ world: LinkWorld
    ) throws(TransferFailure) -> TransferPiece {
        let last = last(of: data.count)
        guard position < last else { return try ended(world) }
        let now = world.now()
        lastNews = now
        let size = Swift.max(1, (data.count + FleetDownload.pieces - 1) / FleetDownload.pieces)
        let end = Swift.min(position + Swift.min(size, max), last)
        defer { position = end }
        ready = now + world.time(for: object.wire(end - position), atMost: limit(world))
        if limit(world) != nil, position == first { world.bites("a download is slow") }
        return .bytes(Array(data[position..<end]))
    }

    private func whole(_ world: LinkWorld) throws(TransferFailure) -> TransferPiece {
        guard trouble == .endless else { return .finished }
        world.bites("a body does not end")
        throw TransferFailure(.tooLong, subject: request.url, explanation: "more than the \(request.bytesMax) bytes that were promised")
    }

    /// Bytes a second, for as long as it is slow.
    private func limit(_ world: LinkWorld) -> Int64? {
        if case .slow? = trouble, case .slow(let bytes)? = world.trouble() { bytes } else { nil }
    }

    /// Where this answer ends.
    private func last(of length: Int) -> Int {
        switch trouble {
        case .cut(let share), .ends(let share), .stalls(let share): min(length, first + Swift.max(1, Int(Double(length) * share)))
        default: length
        }
    }

    /// Before the end of the body.
    private mutating func ended(_ world: LinkWorld) throws(TransferFailure) -> TransferPiece {
        switch trouble {
        case .ends:
            world.bites("a body ends too early")
            return .finished
        case .stalls:
            if world.now() >= lastNews + request.lowSpeedTime { world.bites("a download stalls") }
            return try nothing(world.now())
        default:
            world.bites("a body is cut")
            throw TransferFailure(.cut, subject: request.url, explanation: "the connection ended in the middle of the body")
        }
    }
}
