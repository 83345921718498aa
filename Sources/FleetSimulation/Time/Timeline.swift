import Synchronization

/// All that will happen, in the order of virtual time; what is due at one instant happens in the order in which it was asked for. Source:
/// architecture, "The simulator".
package final class Timeline: Sendable {
    /// What is to happen.
    package typealias Action = @Sendable () -> Void

    /// Most of what happens is the next step of some loop, which needs no closure of its own.
    private enum Due {
        case action(Action)
        case step(LoopDriver, turn: Int)
    }

    /// Without the action itself: what is moved about in the heap is counted by nobody.
    fileprivate struct Entry {
        let at: Int64
        let order: UInt64
        /// Where the action is kept.
        let place: Int

        func isBefore(_ other: Entry) -> Bool { at != other.at ? at < other.at : order < other.order }
    }

    private struct State {
        var now: Int64 = 0
        var order: UInt64 = 0
        var heap: [Entry] = []
        var actions: [Due?] = []
        /// Places of actions that have happened.
        var free: [Int] = []
        var happened = 0

        mutating func keep(_ action: Due) -> Int {
            guard let place = free.popLast() else {
                actions.append(action)
                return actions.count - 1
            }
            actions[place] = action
            return place
        }

        mutating func take(_ place: Int) -> Due? {
            defer { actions[place] = nil }
            free.append(place)
            return actions[place]
        }
    }

    private let state = Mutex(State())
    private let clock: (@Sendable () -> Duration)?

    /// Begins at zero, with nothing to happen.
    /// - Parameter clock: real time since the beginning, for who lets things happen when it has come; nil = time is virtual.
    package init(clock: (@Sendable () -> Duration)? = nil) { self.clock = clock }

    /// Time since the beginning: virtual time, or what the clock says.
    package var now: Duration { clock?() ?? .nanoseconds(state.withLock { $0.now }) }

    /// Whole seconds of it.
    var second: Int { state.withLock { Int($0.now / 1_000_000_000) } }

    /// Which ten minutes of it these are.
    var tenMinutes: Int { second / 600 }

    /// How many things have happened.
    package var happened: Int { state.withLock { $0.happened } }

    /// When the next thing happens; nil = nothing does.
    package var next: Duration? { state.withLock { $0.heap.first.map { .nanoseconds($0.at) } } }

    /// Lets something happen at an instant; what is past happens now.
    package func at(_ instant: Duration, _ action: @escaping Action) { add(.action(action), at: instant) }

    /// The same for a step of a loop.
    func at(_ instant: Duration, _ driver: LoopDriver, turn: Int) { add(.step(driver, turn: turn), at: instant) }

    private func add(_ action: Due, at instant: Duration) {
        state.withLock { state in
            state.order += 1
            state.heap.append(Entry(at: max(state.now, instant.nanoseconds), order: state.order, place: state.keep(action)))
            state.heap.siftUp()
        }
    }

    /// Lets everything happen that is due by then; it is `end` afterwards.
    package func run(until end: Duration) {
        let limit = end.nanoseconds
        while step(until: limit) {}
    }

    /// Lets the next thing happen, unless that is later than `end`. False when nothing was left to do.
    package func step(until end: Duration) -> Bool { step(until: end.nanoseconds) }

    /// Nothing is to happen any more.
    func clear() {
        let actions = state.withLock { state in
            defer { (state.heap, state.actions, state.free) = ([], [], []) }
            return state.actions
        }
        // What is given up may look at the time.
        withExtendedLifetime(actions) {}
    }

    /// The next thing. False when nothing was left to do.
    private func step(until limit: Int64) -> Bool {
        let due = state.withLock { state -> Due? in
            guard let first = state.heap.first, first.at <= limit else {
                state.now = max(state.now, limit)
                return nil
            }
            state.now = first.at
            state.happened += 1
            state.heap.removeFirstEntry()
            return state.take(first.place)
        }
        switch due {
        case .action(let action): action()
        case .step(let driver, let turn): driver.due(turn)
        case nil: return false
        }
        return true
    }
}

extension [Timeline.Entry] {
    fileprivate mutating func siftUp() {
        guard var child = indices.last else { return }
        let entry = self[child]
        while child > 0 {
            let parent = (child - 1) / 2
            guard entry.isBefore(self[parent]) else { break }
            self[child] = self[parent]
            child = parent
        }
        self[child] = entry
    }

    fileprivate mutating func removeFirstEntry() {
        guard let last = popLast(), !isEmpty else { return }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < count else { break }
            if child + 1 < count, self[child + 1].isBefore(self[child]) { child += 1 }
            guard self[child].isBefore(last) else { break }
            self[parent] = self[child]
            parent = child
        }
        self[parent] = last
    }
}

extension Duration {
    /// Whole nanoseconds; what does not fit is the nearest that does.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, isOver) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isOver ? .max : sum
    }
}
