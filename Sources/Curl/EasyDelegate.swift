import CCurl

/// What a request tells while it runs. All calls come on the thread that performs, one at a time, and may block.
package protocol EasyDelegate: AnyObject {
    /// One line of an answer's head, with its line end. False ends the request with `.writeRefused`.
    func header(_ line: UnsafeRawBufferPointer) -> Bool
    /// Bytes of the body as they were sent. False ends the request with `.writeRefused`.
    func body(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// Fills the buffer with bytes to send; 0 at the end. Nil ends the request with `.abortedByCallback`.
    func send(into buffer: UnsafeMutableRawBufferPointer) -> Int?
    /// Asked at least once per tick of `TransferLoop`, never by `EasyHandle.perform`. False ends the request with `.abortedByCallback`.
    func keepGoing(_ easy: borrowing EasyHandle) -> Bool
}

/// A class reference, because an existential does not fit through libcurl's one pointer.
final class DelegateBox {
    let delegate: any EasyDelegate

    init(_ delegate: any EasyDelegate) { self.delegate = delegate }

    static func from(_ context: UnsafeMutableRawPointer?) -> (any EasyDelegate)? {
        context.map { Unmanaged<DelegateBox>.fromOpaque($0).takeUnretainedValue().delegate }
    }
}

/// libcurl takes any count but the offered one as a refusal, and the offered one is never `.max`.
private let refused = Int.max

let headerFunction: uplift_curl_data_fn = { bytes, size, count, context in
    guard let delegate = DelegateBox.from(context) else { return refused }
    return delegate.header(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : refused
}

let bodyFunction: uplift_curl_data_fn = { bytes, size, count, context in
    guard let delegate = DelegateBox.from(context) else { return refused }
    return delegate.body(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : refused
}

let sendFunction: uplift_curl_data_fn = { bytes, size, count, context in
    guard let delegate = DelegateBox.from(context) else { return Int(CURL_READFUNC_ABORT) }
    return delegate.send(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count)) ?? Int(CURL_READFUNC_ABORT)
}
