import ExchangeModel
import FleetSimulation
import Synchronization
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// What this run has put to the hub, by the names under which nodes ask for it. A node asks for agent files of the organization that all hubs
/// share; those of this run lie in the operator's own, under names that nobody else looks for.
final class LoadShelf: Sendable {
    /// A file at the hub.
    struct Item: Sendable {
        /// What a node makes of it.
        let object: ScenarioObject
        /// Type and name at the hub.
        let type: String
        let id: String
        /// True bytes; empty = none were sent.
        let wire: [UInt8]
        let signature: DetachedSignature
    }

    private struct State {
        var items: [String: Item] = [:]
        var byURL: [String: Item] = [:]
    }

    let org: String
    let prefix: String
    private let objectsURL: String
    private let state = Mutex(State())

    init(_ order: LoadOrder) {
        (org, prefix, objectsURL) = (order.org, order.prefix, order.url)
    }

    /// A package's stand-in, followed by as much as its size asks for.
    func package(_ object: ScenarioObject, sign: ([UInt8]) throws -> DetachedSignature) throws -> Item {
        var wire = object.data ?? []
        if !wire.isEmpty { wire += [UInt8](repeating: 0x2E, count: Int(object.wireBytes) - wire.count) }
        return Item(object: object, type: prefix + object.type, id: object.id, wire: wire, signature: try sign(wire))
    }

    /// A manifest lies where nodes may read it without being public, under the run's own name.
    func manifest(_ document: [UInt8], _ policy: String, sign: ([UInt8]) throws -> DetachedSignature) throws -> Item {
        let object = ScenarioObject(manifest: document, type: ObjectAccessRule.manifestType, id: prefix + policy)
        return Item(object: object, type: object.type, id: object.id, wire: document, signature: try sign(document))
    }

    /// From now on nodes find it.
    func add(_ item: Item) {
        let url = HubPath.url(objectsURL, HubPath.objectData(org, item.type, item.id))
        state.withLock { state in
            state.items[item.object.type + "/" + item.object.id] = item
            state.byURL[url] = item
        }
    }

    func item(type: String, id: String) -> Item? { state.withLock { $0.items[type + "/" + id] } }

    func item(url: String) -> Item? { state.withLock { $0.byURL[url] } }
}
