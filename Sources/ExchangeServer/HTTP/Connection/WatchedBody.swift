import ExchangeModel
import HummingbirdCore
import NIOCore

/// A request body that asks the client to send it (`100 Continue`) when it is read for the first time, and that breaks off as a refusal.
struct WatchedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// Tells the ``ConnectionGuard`` that the body is wanted now.
    struct Wanted: Sendable {}

    /// The ``ConnectionGuard`` gave up the body and has answered 408.
    struct TooSlow: Error {}

    let base: RequestBody
    let channel: any Channel

    func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), channel: channel) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: RequestBody.AsyncIterator
        fileprivate let channel: any Channel
        private var isAsked = false

        fileprivate init(base: RequestBody.AsyncIterator, channel: any Channel) {
            self.base = base
            self.channel = channel
        }

        mutating func next() async throws -> ByteBuffer? {
            if !isAsked {
                isAsked = true
                channel.triggerUserOutboundEvent(Wanted(), promise: nil)
            }
            do {
                return try await base.next()
            } catch is TooSlow {
                throw Refusal(status: 408, code: "invalid-input", message: "the request body came too slowly")
            } catch {
                throw Refusal.badInput("the request body broke off")
            }
        }
    }
}
