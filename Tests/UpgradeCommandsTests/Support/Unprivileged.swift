import Foundation
import Glibc

/// Runs something with the rights to files that an ordinary user has, also in a test that runs as root.
///
/// On a thread of its own, because the kernel keeps the user for files of each thread apart.
func withoutPrivileges<Value: Sendable>(_ body: @escaping @Sendable () -> Value) throws -> Value {
    guard geteuid() == 0 else { return body() }
    // Glibc hides the call from Swift. The second call changes nothing and says who we are.
    guard let symbol = dlsym(nil, "setfsuid") else { throw NoPrivilegesToDrop() }
    let setUser = unsafeBitCast(symbol, to: (@convention(c) (UInt32) -> Int32).self)
    let (done, box) = (DispatchSemaphore(value: 0), Box<Value>())
    Thread {
        _ = setUser(65534)
        if setUser(.max) == 65534 { box.value = body() }
        done.signal()
    }.start()
    done.wait()
    guard let value = box.value else { throw NoPrivilegesToDrop() }
    return value
}

private struct NoPrivilegesToDrop: Error {}

/// Written by one thread, read by another after the semaphore.
private final class Box<Value>: @unchecked Sendable {
    var value: Value?
}
