/// Why the hub does not start, or stops.
package struct ServeFailure: Error, CustomStringConvertible {
    /// What was tried, on what, what was found, and what to do.
    package let description: String

    init(_ description: String) { self.description = description }
}
