/// What a procedure says after one bounded piece of work (at most 4 MiB, one file, one record): it never sleeps and never waits itself.
/// Source: architecture, "Steppers".
package enum Step<Value: Sendable>: Sendable {
    /// Call again at once.
    case again
    /// Call again after this long.
    case sleep(Duration)
    /// Call again when the transfer has something to say.
    case await(TransferID)
    /// Over.
    case done(Value)
}
