/// The machine's memory that this process holds.
package protocol ResidentMemory: Sendable {
    /// Gives back what only the start or the last job needed: for a moment at which nothing will happen for some time.
    func giveBack()
}
