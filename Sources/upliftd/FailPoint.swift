import UpgradeAgent
import UpgradeCore
import UpgradeSystem

/// The named places between two journal records where a test can hold the installer, to kill whom it likes: only with the trait `Failpoints`,
/// which no release has.
enum FailPoint {
    #if Failpoints
        /// `UPLIFT_FAILPOINT=<record>:<file>`: once the record is durable, the file is made, and the installer waits until it is gone.
        static let observer: JournalObserver = { record in
            let marker = "uplift-failpoints-are-compiled-in"
            guard let wish = LiveMachine.environment["UPLIFT_FAILPOINT"] else { return }
            let parts = wish.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0] == name(record.step) else { return }
            LiveMachine.hold(file: String(parts[1]), text: marker)
        }

        private static func name(_ step: JournalRecord.Step) -> Substring {
            let text = "\(step)"
            return text[..<(text.firstIndex(of: "(") ?? text.endIndex)]
        }
    #else
        static let observer: JournalObserver = { _ in }
    #endif
}
