/// How others learn the port that the system chose.
enum PortFile {
    /// Decimal digits and a newline, there whole or not at all.
    static func write(_ port: Int, to path: String) throws {
        try DurableFile.write(Array("\(port)\n".utf8), to: path)
    }
}
