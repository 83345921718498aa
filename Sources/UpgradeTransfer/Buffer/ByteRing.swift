/// A first-in-first-out buffer of fixed size. Not safe for two threads by itself.
final class ByteRing {
    private let storage: UnsafeMutableRawBufferPointer
    private var start = 0
    private(set) var count = 0

    init(capacity: Int) { storage = .allocate(byteCount: capacity, alignment: 16) }

    deinit { storage.deallocate() }

    var free: Int { storage.count - count }

    /// Takes as many bytes as fit and says how many.
    func append(_ bytes: UnsafeRawBufferPointer) -> Int {
        let taken = min(bytes.count, free)
        var done = 0
        while done < taken {
            let end = (start + count) % storage.count
            let length = min(taken - done, storage.count - end)
            UnsafeMutableRawBufferPointer(rebasing: storage[end..<end + length])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[done..<done + length]))
            count += length
            done += length
        }
        return taken
    }

    /// The oldest bytes, at most `max` of them.
    func take(max: Int) -> [UInt8] {
        let length = min(max, count)
        return [UInt8](unsafeUninitializedCapacity: length) { target, initialized in
            let raw = UnsafeMutableRawBufferPointer(target)
            let first = min(length, storage.count - start)
            UnsafeMutableRawBufferPointer(rebasing: raw[..<first])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[start..<start + first]))
            if length > first {
                UnsafeMutableRawBufferPointer(rebasing: raw[first..<length])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[0..<length - first]))
            }
            start = (start + length) % storage.count
            count -= length
            initialized = length
        }
    }
}
