import Glibc

/// Repeats a system call that a signal interrupted. Errors: the system's error number.
func retrying<Value: FixedWidthInteger>(_ call: () -> Value) throws(SystemError) -> Value {
    while true {
        let result = call()
        if result != -1 { return result }
        let code = errno
        if code != EINTR { throw SystemError(code: code) }
    }
}

/// An error number of the system.
struct SystemError: Error {
    let code: Int32

    /// The system's sentence for it.
    var reason: String {
        var buffer = [CChar](repeating: 0, count: 256)
        // The reentrant function, because another thread may be describing an error too.
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "error \(code)" }
    }
}
