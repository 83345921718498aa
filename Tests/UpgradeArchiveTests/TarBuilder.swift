/// Writes tars byte by byte, also ones that no honest program would write.
struct TarBuilder {
    private(set) var bytes: [UInt8] = []

    /// Appends a header block, and its data padded to whole blocks.
    mutating func add(
        _ name: String, type: Character = "0", mode: Int = 0o644, data: [UInt8] = [], length: Int64? = nil, link: String = "",
        magic: String = "ustar\0" + "00", realLength: Int64? = nil
    ) {
        bytes += Self.header(
            name: Array(name.utf8), type: type, mode: mode, length: length ?? Int64(data.count), link: link, magic: magic,
            realLength: realLength)
        bytes += data
        bytes += Array(repeating: 0, count: (512 - data.count % 512) % 512)
    }

    mutating func add(rawName: [UInt8]) {
        bytes += Self.header(name: rawName, type: "0", mode: 0o644, length: 0, link: "", magic: "ustar\0" + "00", realLength: nil)
    }

    /// Appends a pax header with one record.
    mutating func addPax(_ key: String, _ value: String) {
        let body = " " + key + "=" + value + "\n"
        var length = body.utf8.count
        while "\(length)".utf8.count + body.utf8.count != length { length = "\(length)".utf8.count + body.utf8.count }
        add("pax", type: "x", data: Array("\(length)\(body)".utf8))
    }

    /// The tar with its end mark.
    var ended: [UInt8] { bytes + Array(repeating: 0, count: 1024) }

    static func header(
        name: [UInt8], type: Character, mode: Int, length: Int64, link: String, magic: String, realLength: Int64?
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ field: some Collection<UInt8>, at offset: Int) { block.replaceSubrange(offset..<(offset + field.count), with: field) }
        put(name.prefix(100), at: 0)
        put(Self.octal(Int64(mode), width: 7), at: 100)
        put(Self.octal(0, width: 7), at: 108)
        put(Self.octal(0, width: 7), at: 116)
        put(Self.size(length), at: 124)
        put(Self.octal(0, width: 11), at: 136)
        put(type.utf8.map { $0 }, at: 156)
        put(Array(link.utf8).prefix(100), at: 157)
        put(Array(magic.utf8), at: 257)
        if let realLength {
            // GNU's sparse header: one piece of data at the very beginning, then a hole up to the real length.
            put(Self.octal(0, width: 11), at: 386)
            put(Self.octal(length, width: 11), at: 398)
            put(Self.size(realLength), at: 483)
        }
        return Self.sealed(block)
    }

    /// The header block with its checksum set right.
    static func sealed(_ block: [UInt8]) -> [UInt8] {
        var block = block
        block.replaceSubrange(148..<156, with: Array(repeating: 32, count: 8))
        let sum = block.reduce(0) { $0 + Int64($1) }
        block.replaceSubrange(148..<154, with: octal(sum, width: 6))
        block[154] = 0
        return block
    }

    private static func octal(_ value: Int64, width: Int) -> [UInt8] {
        let digits = Array(String(value, radix: 8).utf8)
        return Array(repeating: 48, count: max(0, width - digits.count)) + digits
    }

    private static func size(_ value: Int64) -> [UInt8] {
        let digits = octal(value, width: 11)
        guard digits.count > 11 else { return digits }
        return [0x80, 0, 0, 0] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
