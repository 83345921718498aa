import UpgradeModel

extension DecodingError {
    /// Where in a JSON document what is wrong, in a sentence without a full stop, and with nothing that a terminal would obey.
    package var sentence: String {
        let context: DecodingError.Context
        switch self {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found): context = found
        case .dataCorrupted(let found):
            guard !found.codingPath.isEmpty else { return "not JSON" }
            context = found
        @unknown default: return "not the JSON that was expected"
        }
        let place = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        let text = (place.isEmpty ? "" : "at '\(place)': ") + context.debugDescription
        return VisibleText.isVisible(text) ? text : VisibleText.escaping(text, max: 4096)
    }
}
