import Synchronization
import UpgradePorts

/// The file behind simulated stores: what is committed outlives the process that committed it.
package final class SimDatabase: Sendable {
    /// How well the file can be read.
    package enum Condition: Hashable, Sendable {
        /// It opens.
        case sound
        /// It does not open.
        case damaged
        /// A newer version wrote it.
        case newer
    }

    /// Everything about the file at one moment.
    package struct Image: Hashable, Sendable {
        /// How well it can be read.
        package var condition: Condition
        /// What is committed.
        package var memory: SimMemory

        /// A sound, empty one unless told otherwise.
        package init(condition: Condition = .sound, memory: SimMemory = SimMemory()) {
            self.condition = condition
            self.memory = memory
        }
    }

    private let state: Mutex<Image>

    /// A file with this content.
    package init(_ image: Image = Image()) { state = Mutex(image) }

    /// The file as it is now.
    package var image: Image { state.withLock { $0 } }

    /// Changes the file behind the back of every store.
    package func set(_ condition: Condition) { state.withLock { $0.condition = condition } }

    /// Reads or changes the committed content in one step.
    func withMemory<Result: Sendable>(
        _ body: (inout SimMemory) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try state.withLock { (image: inout Image) throws(StoreError) -> Result in
            guard image.condition != .damaged else { throw StoreError(.damaged, "the simulated database is damaged") }
            return try body(&image.memory)
        }
    }
}
