import Synchronization
import UpgradeAgent
import UpgradeCore
import UpgradePorts
import UpgradeSystem

/// The named places where a test can hold installer or agent, to kill whom it likes: only with the trait `Failpoints`, which no release has.
/// The installer's are its journal's records; the agent's are its transactions and its looks at signatures (`AgentFailPoints.swift`).
enum FailPoint {
    #if Failpoints
        /// Once the record is durable.
        static let observer: JournalObserver = { record in stand(name(record.step)) }

        /// The agent's databases, with a place before and after each transaction.
        static func watched(_ databases: any StoreOpener) -> any StoreOpener { WatchedDatabases(real: databases) }

        /// The agent's trust, with a place between the end of a download and the look at its signature.
        static func watched(_ trust: any Trust) -> any Trust { WatchedTrust(real: trust) }

        /// `UPLIFT_FAILPOINT=<place>:<file>`, or `<beginning>*:<file>` for all places that begin so: the file is made, with the place's name
        /// in it, and the process waits until it is gone. Two threads stand one after the other.
        static func stand(_ place: String) {
            let marker = "uplift-failpoints-are-compiled-in"
            guard let (wish, file) = wish, wish == place || (wish.last == "*" && place.hasPrefix(wish.dropLast())) else { return }
            one.withLock { _ in LiveMachine.hold(file: file, text: "\(marker) \(place)\n") }
        }

        /// The name of an enum's case.
        static func name(_ value: some Any) -> String {
            let text = "\(value)"
            return String(text[..<(text.firstIndex(of: "(") ?? text.endIndex)])
        }

        private static let one = Mutex(())
        private static let wish: (Substring, String)? = {
            let parts = LiveMachine.environment["UPLIFT_FAILPOINT"]?.split(separator: ":", maxSplits: 1) ?? []
            return parts.count == 2 ? (parts[0], String(parts[1])) : nil
        }()
    #else
        static let observer: JournalObserver = { _ in }
        static func watched(_ databases: any StoreOpener) -> any StoreOpener { databases }
        static func watched(_ trust: any Trust) -> any Trust { trust }
    #endif
}
