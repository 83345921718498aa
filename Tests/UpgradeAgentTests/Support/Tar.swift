/// Writes plain tars for packages.
struct Tar {
    private var bytes: [UInt8] = []

    /// The tar with its end mark.
    var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    mutating func add(folder name: String) { add(name + "/", type: "5", mode: 0o755, data: []) }

    mutating func add(_ name: String, _ text: String, mode: Int = 0o644) { add(name, type: "0", mode: mode, data: Array(text.utf8)) }

    mutating func add(_ name: String, type: Character, mode: Int, data: [UInt8], link: String = "") {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ field: [UInt8], _ offset: Int) { block.replaceSubrange(offset..<(offset + field.count), with: field) }
        put(Array(name.utf8), 0)
        put(octal(mode, 7), 100)
        put(octal(0, 7), 108)
        put(octal(0, 7), 116)
        put(octal(data.count, 11), 124)
        put(octal(0, 11), 136)
        put(Array(String(type).utf8), 156)
        put(Array(link.utf8), 157)
        put(Array("ustar\0".utf8) + Array("00".utf8), 257)
        put([UInt8](repeating: 32, count: 8), 148)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + [0], 148)
        bytes += block + data + [UInt8](repeating: 0, count: (512 - data.count % 512) % 512)
    }

    private func octal(_ value: Int, _ width: Int) -> [UInt8] {
        let digits = Array(String(value, radix: 8).utf8)
        return [UInt8](repeating: 48, count: width - digits.count) + digits
    }
}
