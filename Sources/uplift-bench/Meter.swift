/// How often a second a piece of work gets done on one thread.
struct Meter {
    /// So long each figure is measured.
    let duration: Duration

    /// Repeats `pass`, once unmeasured and then until the time is over.
    ///
    /// - Parameters:
    ///   - units: how many pieces of work one pass holds.
    ///   - pass: does them and counts those that were answered with yes, so that nobody can optimize them away.
    /// - Returns: pieces a second, and the yeses of one pass.
    func rate(units: Int, _ pass: () -> Int) -> (perSecond: Double, yes: Int) {
        let yes = pass()
        let clock = ContinuousClock()
        let start = clock.now
        var passes = 0
        var sum = 0
        while passes == 0 || clock.now - start < duration {
            sum += pass()
            passes += 1
        }
        let seconds = (clock.now - start) / .seconds(1)
        return (Double(units * passes) / seconds, sum == yes * passes ? yes : -1)
    }
}
