import Testing
import UpgradePorts

@testable import UpgradeTransfer

@Suite struct BufferTests {
    func meter(_ bytesPerSecond: Double, _ window: Duration) -> LowSpeedMeter {
        LowSpeedMeter(bytesPerSecond: bytesPerSecond, window: window, start: .seconds(100))
    }

    @Test func silenceIsNoticedAfterOneWindowOfAFractionOfASecond() {
        var meter = meter(1, .milliseconds(200))
        let before = meter.isTooSlow(at: .milliseconds(100_199))
        let after = meter.isTooSlow(at: .milliseconds(100_200))
        #expect(!before)
        #expect(after)
    }

    @Test func enoughBytesKeepItGoing() {
        var meter = meter(100, .seconds(1))
        var tooSlow = false
        for step in 1...80 {
            meter.add(13)
            tooSlow = tooSlow || meter.isTooSlow(at: .seconds(100) + .milliseconds(125 * step))
        }
        #expect(!tooSlow)
        for step in 81...160 {
            meter.add(12)
            tooSlow = tooSlow || meter.isTooSlow(at: .seconds(100) + .milliseconds(125 * step))
        }
        #expect(tooSlow)
    }

    @Test func aBurstDoesNotHideALaterStall() {
        var meter = meter(100, .seconds(1))
        meter.add(1_000_000)
        let early = meter.isTooSlow(at: .milliseconds(101_000))
        let late = meter.isTooSlow(at: .milliseconds(101_130))
        #expect(!early)
        #expect(late)
    }

    @Test func timeOfTheConsumerDoesNotCount() {
        var meter = meter(1, .seconds(1))
        meter.leaveOut(.seconds(50))
        let during = meter.isTooSlow(at: .milliseconds(150_999))
        let after = meter.isTooSlow(at: .seconds(151))
        #expect(!during)
        #expect(after)
    }

    @Test func ringKeepsOrderAcrossItsEnd() {
        let ring = ByteRing(capacity: 7)
        var given: [UInt8] = []
        var taken: [UInt8] = []
        var next: UInt8 = 0
        for round in 0..<200 {
            let offered = (0..<(round % 9)).map { UInt8(truncatingIfNeeded: Int(next) + $0) }
            let count = offered.withUnsafeBytes { ring.append($0) }
            #expect(count == min(offered.count, 7) || ring.free == 0)
            given += offered.prefix(count)
            next = UInt8(truncatingIfNeeded: Int(next) + count)
            taken += ring.take(max: 1 + round % 5)
        }
        taken += ring.take(max: 7)
        #expect(taken == given)
    }

    @Test func bytesComeBeforeTheFailure() {
        let pieces = PieceBuffer()
        let cut = TransferFailure(.cut, subject: "s", explanation: "e")
        let appended = [UInt8](1...3).withUnsafeBytes { pieces.append($0, deadline: Monotonic.now()) }
        guard case .taken = appended else { return #expect(Bool(false), "\(appended)") }
        pieces.finish(cut)
        guard case .success(.bytes([1, 2, 3])) = pieces.next(max: 10) else { return #expect(Bool(false), "bytes expected") }
        guard case .failure(cut) = pieces.next(max: 10) else { return #expect(Bool(false), "failure expected") }
    }

    @Test func aFullBufferWaitsForRoomAndGivesUp() {
        let pieces = PieceBuffer()
        let tooMuch = [UInt8](repeating: 7, count: PieceBuffer.capacity + 1)
        let appended = tooMuch.withUnsafeBytes { pieces.append($0, deadline: Monotonic.now() + .milliseconds(20)) }
        #expect(appended == .timeOver)
        pieces.cancel()
        let cancelled = tooMuch.withUnsafeBytes { pieces.append($0, deadline: Monotonic.now() + .seconds(10)) }
        #expect(cancelled == .cancelled)
    }
}
