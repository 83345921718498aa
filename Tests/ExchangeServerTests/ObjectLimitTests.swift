import ExchangeModel
import Testing

@testable import ExchangeServer

/// Places for downloads, and the disk that uploads share.
@Suite struct ObjectLimitTests {
    @Test func oneAddressGetsHalfOfTheDownloads() throws {
        let limit = DownloadLimit(4)
        var first: [DownloadLimit.Permit] = try (0..<2).map { _ in try limit.permit(for: "a") }
        #expect(throws: Refusal.self) { try limit.permit(for: "a") }
        let second = try (0..<2).map { _ in try limit.permit(for: "b") }
        #expect(throws: Refusal.self) { try limit.permit(for: "c") }
        first.removeLast()
        first.append(try limit.permit(for: "a"))
        #expect(throws: Refusal.self) { try limit.permit(for: "a") }
        withExtendedLifetime((first, second)) {}
    }

    private func withSpace(_ free: Int64, _ body: (DiskSpace) throws -> Void) throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        // As if nothing written took any space: only what is set aside counts.
        try body(DiskSpace(folder: folder, freeBytesMin: 1000, freeBytes: { 1000 + free }))
    }

    private func upload(_ space: DiskSpace, _ expected: Int64? = nil) throws -> ObjectUpload {
        try ObjectUpload(space: space, bytesMax: 1 << 40, expected: expected)
    }

    private func write(_ count: Int, to upload: ObjectUpload) throws {
        try upload.append(try #require(try ObjectReader(path: "/dev/zero")).read(at: 0, count: count))
    }

    @Test func whoPromisesMuchTakesNothingFromOthers() throws {
        try withSpace(2 << 20) { space in
            let promises = try (0..<5).map { _ in try upload(space, 2 << 20) }
            let other = try upload(space, 1 << 20)
            try write(1 << 20, to: other)
            #expect(throws: DiskSpace.isFull) { try upload(space, 2 << 20 + 1) }
            withExtendedLifetime(promises) {}
        }
    }

    @Test func whatIsWrittenIsNoLongerSetAside() throws {
        try withSpace(2 << 20) { space in
            let first = try upload(space)
            try write(10, to: first)
            #expect(throws: DiskSpace.isFull) { try space.reserve(1 << 20 + 11) }
            try write(1 << 20 - 10, to: first)
            try space.reserve(2 << 20)
            space.giveBack(2 << 20)
            try write(10, to: first)
            first.discard()
            try space.reserve(2 << 20)
        }
    }

    /// Of a length that nobody knows.
    @Test func twoUploadsStopBeforeTheDiskIsTooFull() throws {
        try withSpace(3 << 19) { space in
            let (first, second) = (try upload(space, nil), try upload(space, nil))
            try write(10, to: first)
            #expect(throws: DiskSpace.isFull) { try write(10, to: second) }
        }
    }
}
