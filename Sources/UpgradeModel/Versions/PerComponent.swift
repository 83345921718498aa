/// One value for each component, so that a rule about all three is one loop instead of three copies.
package struct PerComponent<Value> {
    /// The value of the software.
    package var software: Value

    /// The value of the configuration.
    package var configuration: Value

    /// The value of the certificate.
    package var certificate: Value

    /// Three values, named.
    package init(software: Value, configuration: Value, certificate: Value) {
        self.software = software
        self.configuration = configuration
        self.certificate = certificate
    }

    /// The value of `component`.
    package subscript(component: Component) -> Value {
        get {
            switch component {
            case .software: software
            case .configuration: configuration
            case .certificate: certificate
            }
        }
        set {
            switch component {
            case .software: software = newValue
            case .configuration: configuration = newValue
            case .certificate: certificate = newValue
            }
        }
    }
}

extension PerComponent: Sendable where Value: Sendable {}
extension PerComponent: Equatable where Value: Equatable {}
extension PerComponent: Hashable where Value: Hashable {}
extension PerComponent: Encodable where Value: Encodable {}
extension PerComponent: Decodable where Value: Decodable {}
