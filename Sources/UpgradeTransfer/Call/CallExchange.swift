import Curl
import UpgradePorts

/// One call as libcurl tells it: collects the answer up to its limit.
final class CallExchange: EasyDelegate {
    private let upload: UploadSource?
    private let setup: RequestSetup
    /// `HEAD` is answered with a length that never comes.
    private let expectsBody: Bool

    private(set) var head = ResponseHead()
    private(set) var body: [UInt8] = []
    /// Why we stopped it ourselves.
    private(set) var failure: TransferFailure?

    init(_ upload: UploadSource?, _ setup: RequestSetup, expectsBody: Bool) {
        self.expectsBody = expectsBody
        self.upload = upload
        self.setup = setup
    }

    /// Length of the body as the head tells it.
    var announced: Int64? { head.header("content-length").flatMap { Int64(digits: $0) } }

    func header(_ line: UnsafeRawBufferPointer) -> Bool {
        guard head.take(line) else { return stop(.other, "the head of the answer is longer than \(ResponseHead.bytesMax) bytes") }
        if head.isComplete, expectsBody, let announced, announced > setup.bytesMax {
            return stop(.tooLong, FailureText.tooLong(announced: announced, bytesMax: setup.bytesMax))
        }
        return true
    }

    func body(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard Int64(body.count + bytes.count) <= setup.bytesMax else {
            return stop(.tooLong, FailureText.tooLong(announced: announced, bytesMax: setup.bytesMax))
        }
        body += bytes
        return true
    }

    func send(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard let upload else { return 0 }
        if let count = upload.read(into: buffer) { return count }
        _ = stop(.local, "\(upload.name) became shorter or unreadable while it was sent, \(upload.length) bytes expected")
        return nil
    }

    func keepGoing(_ easy: borrowing EasyHandle) -> Bool { true }

    private func stop(_ kind: TransferFailure.Kind, _ explanation: String) -> Bool {
        failure = setup.failure(kind, explanation)
        return false
    }
}
