/// How we read what other people's programs wrote: a key that is absent or `null` gives the default; a value of the wrong kind is
/// still an error, because guessing there would hide a broken hub.
extension KeyedDecodingContainer {
    /// The value of the key, or the default when it is absent or `null`.
    package func read<Value: Decodable>(_ key: Key, or fallback: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? fallback
    }

    /// The value of the key, or nil when it is absent or `null`.
    package func readIfPresent<Value: Decodable>(_ key: Key) throws -> Value? {
        try decodeIfPresent(Value.self, forKey: key)
    }

    /// The text of the key, or nil when it is absent, `null` or empty: the exchange writes `""` for what was never set.
    package func readText(_ key: Key) throws -> String? {
        let text = try decodeIfPresent(String.self, forKey: key)
        return text == "" ? nil : text
    }
}
