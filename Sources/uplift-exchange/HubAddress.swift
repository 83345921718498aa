import ArgumentParser

/// `HOST:PORT`; an IPv6 address stands in brackets.
struct HubAddress: ExpressibleByArgument {
    let host: String
    let port: Int

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...]) else { return nil }
        let host = argument[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        if host.isEmpty { return nil }
        self.host = String(host)
        self.port = Int(port)
    }
}
