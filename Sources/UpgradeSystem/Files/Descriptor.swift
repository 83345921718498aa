import Glibc

/// An open file descriptor, closed with the last reference.
final class Descriptor: Sendable {
    /// The number; valid while this object is held.
    let number: Int32

    init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Keeps the descriptor open while the body uses its number.
    func use<Value, Failure: Error>(_ body: (Int32) throws(Failure) -> Value) throws(Failure) -> Value {
        defer { withExtendedLifetime(self) {} }
        return try body(number)
    }
}
