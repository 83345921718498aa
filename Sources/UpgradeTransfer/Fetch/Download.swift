import Curl
import UpgradePorts

/// One request of a download, as libcurl tells it: passes the head and the bytes on and stops what breaks a limit.
final class Download: EasyDelegate {
    /// Bytes of a refusal's body that are kept for the message.
    private static let refusalBytesMax = 4096

    let setup: RequestSetup
    private let request: TransferRequest
    private let pieces: PieceBuffer
    private var meter: LowSpeedMeter?

    private(set) var head = ResponseHead()
    /// Bytes of a 200 or 206 body.
    private(set) var received: Int64 = 0
    /// Body of any other status, cut.
    private(set) var refusalText: [UInt8] = []
    /// Why we stopped it ourselves.
    private(set) var failure: TransferFailure?

    init(_ request: TransferRequest, _ pieces: PieceBuffer, _ setup: RequestSetup) {
        self.request = request
        self.pieces = pieces
        self.setup = setup
    }

    /// Length of the body as the head tells it.
    var announced: Int64? { head.header("content-length").flatMap { Int64(digits: $0) } }

    func header(_ line: UnsafeRawBufferPointer) -> Bool {
        meter?.add(line.count)
        guard !head.isComplete else { return true }
        guard head.take(line) else { return stop(.other, "the head of the answer is longer than \(ResponseHead.bytesMax) bytes") }
        guard head.isComplete else { return true }
        switch head.status {
        case 200: return give(offset: 0, totalLength: announced)
        case 206: return givePart()
        default: return true
        }
    }

    func body(_ bytes: UnsafeRawBufferPointer) -> Bool {
        meter?.add(bytes.count)
        guard head.status == 200 || head.status == 206 else {
            refusalText += bytes.prefix(Self.refusalBytesMax - refusalText.count)
            return refusalText.count < Self.refusalBytesMax
        }
        received += Int64(bytes.count)
        guard received <= request.bytesMax else {
            return stop(.tooLong, FailureText.tooLong(announced: announced, bytesMax: request.bytesMax))
        }
        switch pieces.append(bytes, deadline: setup.deadline) {
        case .taken(let waited):
            meter?.leaveOut(waited)
            return true
        case .cancelled: return false
        case .timeOver: return stop(.timeout, "not read to the end within \(request.timeout)")
        }
    }

    func send(into buffer: UnsafeMutableRawBufferPointer) -> Int? { 0 }

    func keepGoing(_ easy: borrowing EasyHandle) -> Bool {
        guard !pieces.isCancelled else { return false }
        let now = Monotonic.now()
        // Getting connected has a limit of its own.
        if meter == nil, easy.isConnected() {
            meter = LowSpeedMeter(bytesPerSecond: request.lowSpeedBytesPerSecond, window: request.lowSpeedTime, start: now)
        }
        guard meter?.isTooSlow(at: now) == true else { return true }
        return stop(
            .timeout,
            "slower than \(request.lowSpeedBytesPerSecond) bytes a second for \(request.lowSpeedTime), \(received) bytes of the body came")
    }

    private func givePart() -> Bool {
        let sent = head.header("content-range")
        guard let range = sent.flatMap({ ContentRange($0) }) else {
            let found = PlainText.clean((sent ?? "absent").utf8, charactersMax: 80)
            return stop(.other, "answered 206 with Content-Range \(found), expected bytes first-last/whole")
        }
        guard range.first == request.offset else {
            return stop(.other, "answered 206 from byte \(range.first), expected from byte \(request.offset)")
        }
        return give(offset: range.first, totalLength: range.whole)
    }

    private func give(offset: Int64, totalLength: Int64?) -> Bool {
        if let announced, announced > request.bytesMax {
            return stop(.tooLong, FailureText.tooLong(announced: announced, bytesMax: request.bytesMax))
        }
        // A validator that could not be sent back in one header line is as good as none.
        let etag = head.header("etag").flatMap { tag in tag.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } ? tag : nil }
        pieces.give(TransferResponse(status: head.status ?? 0, etag: etag, offset: offset, totalLength: totalLength))
        return true
    }

    private func stop(_ kind: TransferFailure.Kind, _ explanation: String) -> Bool {
        failure = setup.failure(kind, explanation)
        return false
    }
}
