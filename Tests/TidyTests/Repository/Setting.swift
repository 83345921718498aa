import Glibc

/// An environment variable that steers these tests; nil when it is unset or empty.
enum Setting {
    /// Folder of the release's programs.
    static var releasePrograms: String? { value("UPLIFT_RELEASE_BIN") }
    /// Folder of the debug programs, built with the trait `Failpoints`.
    static var debugPrograms: String? { value("UPLIFT_BIN") }
    /// True when generated pages are to be written instead of compared.
    static var updatesHandbook: Bool { value("UPLIFT_UPDATE_HANDBOOK") == "1" }

    private static func value(_ name: String) -> String? {
        guard let text = getenv(name).map({ String(cString: $0) }), !text.isEmpty else { return nil }
        return text
    }

    /// Said where nobody overlooks it: a check that did not run is no check that passed.
    static func skipped(_ what: String, needs name: String) {
        let line = "SKIPPED: \(what): \(name) is not set (packaging/test sets it)\n"
        _ = write(STDERR_FILENO, line, line.utf8.count)
    }
}
