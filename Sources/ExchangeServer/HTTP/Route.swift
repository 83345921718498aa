import Hummingbird

/// One method on one path.
struct Route: Sendable {
    /// What answers.
    typealias Handler = @Sendable (Call) async throws -> Response

    /// A segment of a pattern.
    enum Segment: Hashable, Sendable {
        /// Exactly this text.
        case literal(String)
        /// Any text, under this name.
        case parameter(String)
    }

    let method: HTTPRequest.Method
    /// The path with names in braces, as it was given; it stands for the route in the log and in `/metrics`.
    let pattern: String
    let segments: [Segment]
    let handler: Handler

    /// A route from a pattern such as `v1/orgs/{org}`.
    init(_ method: HTTPRequest.Method, _ pattern: String, _ handler: @escaping Handler) {
        self.method = method
        self.pattern = pattern
        self.handler = handler
        segments = pattern.split(separator: "/").map { piece in
            piece.hasPrefix("{") ? .parameter(String(piece.dropFirst().dropLast())) : .literal(String(piece))
        }
    }

    /// The parameters when the path fits, otherwise nil.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, text) in zip(segments, path) {
            switch segment {
            case .literal(let literal): if literal != text { return nil }
            case .parameter(let name):
                if text.isEmpty { return nil }
                parameters[name] = text
            }
        }
        return parameters
    }
}
