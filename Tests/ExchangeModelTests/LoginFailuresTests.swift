import ExchangeModel
import Testing

/// The clock is an argument, so nothing here waits.
@Suite struct LoginFailuresTests {
    private let key = LoginFailures.Key(name: "o/u", source: "10.0.0.1")
    private let start = ContinuousClock().now

    private func failures(_ count: Int) -> LoginFailures {
        var failures = LoginFailures()
        for _ in 0..<count { _ = failures.admit(key, at: start) }
        return failures
    }

    @Test func fiveAreFreeThenTheWaitGrowsToABound() {
        var failures = failures(4)
        var now = start
        #expect(failures.admit(key, at: now) == nil, "the fifth is judged")
        for seconds in [1, 2, 4, 8, 16, 30, 30, 30] {
            #expect(failures.admit(key, at: now) == .seconds(seconds))
            #expect(failures.admit(key, at: now + .seconds(seconds) - .milliseconds(1)) == .milliseconds(1), "asking costs nothing")
            now += .seconds(seconds)
            #expect(failures.admit(key, at: now) == nil)
        }
    }

    @Test func theFirstWaitIsGiven() {
        var failures = LoginFailures(firstWait: .milliseconds(3))
        for _ in 0..<5 { _ = failures.admit(key, at: start) }
        #expect(failures.admit(key, at: start) == .milliseconds(3))
        #expect(failures.admit(key, at: start + .milliseconds(3)) == nil)
        #expect(failures.admit(key, at: start + .milliseconds(3)) == .milliseconds(6))
    }

    @Test func anotherNameOrAddressIsAnotherKey() {
        var failures = failures(5)
        #expect(failures.admit(key, at: start) != nil)
        #expect(failures.admit(.init(name: "o/u", source: "10.0.0.2"), at: start) == nil)
        #expect(failures.admit(.init(name: "o/u", source: nil), at: start) == nil)
        #expect(failures.admit(.init(name: "o/v", source: "10.0.0.1"), at: start) == nil)
    }

    @Test func failuresAreForgottenAndForgiven() {
        var old = failures(5)
        #expect(old.admit(key, at: start) != nil)
        #expect(old.admit(key, at: start + LoginFailures.memory) == nil)
        for _ in 0..<4 { #expect(old.admit(key, at: start + LoginFailures.memory) == nil, "counted from the beginning") }
        var right = failures(4)
        right.forgive(key)
        for _ in 0..<5 { #expect(right.admit(key, at: start) == nil) }
        #expect(right.admit(key, at: start) != nil)
    }

    @Test func anAttemptThatWasNotJudgedDoesNotCount() {
        var failures = failures(4)
        for _ in 0..<20 {
            #expect(failures.admit(key, at: start) == nil)
            failures.takeBack(key)
        }
        failures.takeBack(.init(name: "nobody", source: nil))
        #expect(failures.admit(key, at: start) == nil)
        #expect(failures.admit(key, at: start) == .seconds(1))
    }

    @Test func theOldestAreForgottenFirst() {
        var failures = LoginFailures(entriesMax: 3)
        for _ in 0..<5 { _ = failures.admit(key, at: start + .seconds(1)) }
        for place in 0..<10 { _ = failures.admit(.init(name: "o/\(place)", source: nil), at: start) }
        #expect(failures.admit(key, at: start + .seconds(1)) == .seconds(1), "not the one that guesses")
    }
}
