import UpgradeModel
import UpgradePorts

/// A file of a scenario's hub: the small stand-in that a simulated node reads, what the node is told of it, and how long it is on the wire.
package struct ScenarioObject: Sendable {
    /// Type, as nodes ask for it in the organization of agent files, and name.
    package let type: String
    /// See `type`.
    package let id: String
    /// What a node is told: of the stand-in, in signatures that simulated trust reads.
    package let record: ObjectRecord
    /// The stand-in; nil = there is metadata, and no bytes.
    package let data: [UInt8]?
    /// Bytes on the wire.
    package let wireBytes: Int64

    /// A manifest, well signed.
    package init(manifest bytes: [UInt8], type: String, id: String) {
        (self.type, self.id, data) = (type, id, bytes)
        record = ObjectRecord(length: Int64(bytes.count), signature: SimTrust.sign(bytes, by: SimTrust.key))
        wireBytes = Int64(bytes.count)
    }

    fileprivate init(type: String, id: String, _ object: HubTables.Object) {
        (self.type, self.id, record, data) = (type, id, object.record, object.data)
        wireBytes = max(object.wireBytes, Int64(object.data?.count ?? 1))
    }
}

extension Scenario {
    /// What lies at its hub from the beginning, and the versions that are offered there.
    package var offer: (objects: [ScenarioObject], versions: PerComponent<[String]>) {
        let timeline = Timeline()
        let hub = FleetHub(traits: self.hub, beginning: begins, timeline: timeline)
        let desk = HubDesk(hub: hub, inspector: Inspector(scenario: self, timeline: timeline, trace: Trace()), nodes: [])
        for build in offeredBuilds { desk.offer(build) }
        for file in offeredFiles { desk.offer(file) }
        return hub.change { tables in
            let objects = tables.objects.sorted { $0.key < $1.key }.compactMap { place, object -> ScenarioObject? in
                let parts = place.split(separator: "/").map(String.init)
                return parts.count == 3 ? ScenarioObject(type: parts[1], id: parts[2], object) : nil
            }
            return (objects, tables.versions)
        }
    }
}
