import ExchangeModel

/// How the hub watches over its nodes.
package struct WatchOptions: Sendable {
    /// Pause between two looks, a tenth more or less; a registration that begins or ends is looked at earlier.
    package var interval: Duration
    /// From when on a node is not well.
    package var bounds = NodeHealthBounds()
    /// Asks a URL on the calling thread, for a bounded time, so that silent nodes can be asked whether they run; nil = no node is asked.
    package var ping: (@Sendable (_ url: String) -> PingReply)?

    /// The defaults above, but for what is given; the names are those of the bounds.
    package init(interval: Duration = .seconds(60), slack: Duration? = nil, fetching: Duration? = nil, installing: Duration? = nil) {
        self.interval = interval
        if let slack { bounds.slack = slack }
        if let fetching { bounds.fetching = fetching }
        if let installing { bounds.installing = installing }
    }
}
