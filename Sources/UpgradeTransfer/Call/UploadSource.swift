import Glibc
import UpgradePorts

/// Where the bytes of a request's body come from. A file is streamed, and has the length that it had when it was opened.
final class UploadSource {
    /// Bytes that will be sent.
    let length: Int64
    /// For messages.
    let name: String
    private let bytes: [UInt8]
    private let descriptor: Int32
    private var sent: Int64 = 0

    /// Nil when nothing is sent. A changing request without a body still says `Content-Length: 0`, which some servers insist on.
    ///
    /// Errors: `.local` when the file cannot be read.
    init?(_ request: HTTPRequest, _ setup: RequestSetup) throws(TransferFailure) {
        switch request.body {
        case .none where !["POST", "PUT", "PATCH"].contains(request.method): return nil
        case .none:
            (bytes, length, descriptor, name) = ([], 0, -1, "the body")
        case .bytes(let body):
            (bytes, length, descriptor, name) = (body, Int64(body.count), -1, "the body")
        case .file(let path):
            let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            var status = stat()
            guard file >= 0, fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                let reason = file < 0 ? String(cString: strerror(errno)) : "a regular file was expected"
                if file >= 0 { close(file) }
                throw setup.failure(.local, "the file to send, \(path), cannot be read: \(reason)")
            }
            (bytes, length, descriptor, name) = ([], Int64(status.st_size), file, path)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The next bytes; 0 at the end, nil when they are not to be had.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let wanted = Int(min(Int64(buffer.count), length - sent))
        guard wanted > 0 else { return 0 }
        if descriptor < 0 {
            bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[Int(sent)..<Int(sent) + wanted])) }
            sent += Int64(wanted)
            return wanted
        }
        var count = -1
        repeat { count = Glibc.read(descriptor, buffer.baseAddress, wanted) } while count < 0 && errno == EINTR
        guard count > 0 else { return nil }
        sent += Int64(count)
        return count
    }
}
