import ExchangeModel

/// How the hub watches over its nodes.
package struct WatchOptions: Sendable {
    /// Pause between two looks, a tenth more or less; a registration that begins or ends is looked at earlier.
    package var interval: Duration = .seconds(60)
    /// From when on a node is not well.
    package var bounds = NodeHealthBounds()

    /// The defaults above.
    package init() {}
}
