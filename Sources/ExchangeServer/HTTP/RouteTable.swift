import Hummingbird

/// All routes of the hub. A linear search: there are a few dozen, and comparing a segment count rejects most of them.
struct RouteTable: Sendable {
    /// What a path and a method lead to.
    enum Outcome {
        /// A route with its parameters.
        case found(Route, [String: String])
        /// The path exists, the method does not.
        case wrongMethod
        /// There is no such path.
        case unknown
    }

    private let routes: [Route]

    init(_ routes: [Route]) { self.routes = routes }

    func find(_ method: HTTPRequest.Method, _ path: [String]) -> Outcome {
        var pathExists = false
        for route in routes {
            guard let parameters = route.match(path) else { continue }
            if route.method == method { return .found(route, parameters) }
            pathExists = true
        }
        return pathExists ? .wrongMethod : .unknown
    }
}
