import FleetSimulation
import Synchronization
import Testing
import UpgradeModel
import UpgradePorts

@testable import LoadFleet

/// Whole packages come from the hub, and nodes get the stand-ins.
@Suite struct TransferTests {
    private let shelf: LoadShelf
    private let meter = LoadMeter(LoadClock())
    private let item: LoadShelf.Item
    private static let url = "http://hub/api/v1/objects/o/agent_upgrade_manifests/load-1-p/data"

    init() throws {
        shelf = LoadShelf(
            LoadOrder(
                scenario: Scenario(name: "s"), seed: 1, url: "http://hub", org: "o", credentials: Credentials(id: "o/u", secret: "pw"),
                trust: HubTrust(certificateAuthorityFile: nil, allowInsecureHub: false), isSure: false))
        item = try shelf.manifest(Array("a manifest".utf8), "p") { _ in
            DetachedSignature(hashAlgorithm: "SHA256", publicKey: "", signature: "")
        }
        shelf.add(item)
    }

    private func request() -> TransferRequest {
        var request = TransferRequest(
            url: Self.url, trust: HubTrust(certificateAuthorityFile: nil, allowInsecureHub: false), bytesMax: 100)
        (request.offset, request.ifRange) = (3, "\"tag\"")
        return request
    }

    @Test func `a whole package is counted and handed on from its beginning`() throws {
        let played = PlayedTransfer([.pending, head, .bytes(Array("a mani".utf8)), .pending, .bytes(Array("fest".utf8)), .finished])
        let transfer = LoadTransfer(played, shelf, meter)
        let id = transfer.begin(request())
        var (bytes, heads, pending) = ([UInt8](), 0, 0)
        reading: while pending < 10 {
            switch try transfer.read(id, max: 4) {
            case .pending: pending += 1
            case .response(let response):
                heads += 1
                #expect(response.status == 200 && response.totalLength == 10)
            case .bytes(let more): bytes += more
            case .finished: break reading
            }
        }
        #expect(bytes == item.wire && heads == 1)
        #expect(played.asked.withLock { $0 } == [0])
        var report = LoadReport(Verdict(scenario: "s", seed: 1))
        meter.fill(&report)
        #expect(report.downloads.count == 1 && report.verdict.figures.bytes == 10 && report.errors.isEmpty)
    }

    @Test(
        arguments: [
            [.bytes(Array("a manifesto".utf8)), .finished], [.bytes(Array("b".utf8))], [.bytes(Array("a".utf8)), .finished],
        ] as [[TransferPiece]])
    func `other bytes are no package`(_ pieces: [TransferPiece]) throws {
        let transfer = LoadTransfer(PlayedTransfer([head] + pieces), shelf, meter)
        let id = transfer.begin(request())
        _ = try transfer.read(id, max: 100)
        #expect(throws: TransferFailure.self) { while true { _ = try transfer.read(id, max: 100) } }
        var report = LoadReport(Verdict(scenario: "s", seed: 1))
        meter.fill(&report)
        #expect(report.errors == ["other": 1] && report.downloads.count == 1)
    }

    @Test func `only so many at once, and who gives up makes room`() throws {
        let transfer = LoadTransfer(PlayedTransfer([.pending]), shelf, meter)
        let all = (0...LoadTransfer.downloadsMax).map { _ in transfer.begin(request()) }
        for id in all { _ = try transfer.read(id, max: 1) }
        #expect(transfer.underWay == LoadTransfer.downloadsMax)
        transfer.cancel(all[0])
        #expect(transfer.underWay == LoadTransfer.downloadsMax - 1)
        _ = try transfer.read(all[all.count - 1], max: 1)
        #expect(transfer.underWay == LoadTransfer.downloadsMax)
        for id in all { transfer.cancel(id) }
        #expect(transfer.underWay == 0)
    }

    private var head: TransferPiece { .response(TransferResponse(status: 200, etag: "\"tag\"", offset: 0, totalLength: 10)) }
}

/// Says what it was told to, and then nothing more.
private final class PlayedTransfer: Transfer {
    let asked = Mutex<[Int64]>([])
    private let pieces: Mutex<ArraySlice<TransferPiece>>

    init(_ pieces: [TransferPiece]) { self.pieces = Mutex(pieces[...]) }

    func begin(_ request: TransferRequest) -> TransferID {
        asked.withLock { asked in
            asked.append(request.offset)
            return TransferID(number: asked.count)
        }
    }

    func read(_ id: TransferID, max: Int) throws(TransferFailure) -> TransferPiece { pieces.withLock { $0.popFirst() ?? .pending } }

    func wait(_ id: TransferID, atMost: Duration) {}

    func cancel(_ id: TransferID) {}
}
