import FleetSimulation
import Testing

@testable import LoadFleet

/// A hub that says nothing is not waited for without end.
@Suite struct PatienceTests {
    private func call(_ patience: LoadPatience, _ failure: LiveFailure?) -> String? {
        do throws(LiveFailure) {
            try patience.trying("this") { () throws(LiveFailure) in if let failure { throw failure } }
            return nil
        } catch { return error.explanation }
    }

    @Test func `after some silence in a row nothing is tried`() {
        let (patience, silence) = (LoadPatience(), LiveFailure(.hub, "no answer", isSilence: true))
        for _ in 1..<LoadPatience.most { #expect(call(patience, silence) == "no answer") }
        #expect(call(patience, LiveFailure(.hub, "HTTP 500")) == "HTTP 500", "an answer")
        for _ in 1...LoadPatience.most { #expect(call(patience, silence) == "no answer") }
        #expect(call(patience, nil) == "this was not tried: \(LoadPatience.most) calls before it had no answer")
    }
}
