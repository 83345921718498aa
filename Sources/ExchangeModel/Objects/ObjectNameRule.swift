/// Which texts may name an object or a type. Source: contract 2.1.
package enum ObjectNameRule {
    private static let marks = Set("!@#$^*-_.~".unicodeScalars)

    /// Letters, digits and a few marks; never empty. Names never become paths, so `..` is harmless.
    package static func isValid(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) || marks.contains(scalar)
            }
    }
}
