import Synchronization
import UpgradeCore
import UpgradeModel

/// When a job is offered to the supervisor again: 2 s after the last offer, doubling to a minute.
final class OfferTimes: Sendable {
    private struct Offer {
        var next: Duration
        var pause: Duration
    }

    private let offers = Mutex<[Ticket: Offer]>([:])

    func isDue(_ ticket: Ticket, at now: Duration) -> Bool {
        offers.withLock { offers in
            // The first offer was the hand-over itself.
            guard var offer = offers[ticket] else {
                offers = [ticket: Offer(next: now + .seconds(2), pause: .seconds(2))]
                return false
            }
            guard now >= offer.next else { return false }
            offer.pause = min(offer.pause * 2, .seconds(60))
            offer.next = now + offer.pause
            offers[ticket] = offer
            return true
        }
    }
}
