import Synchronization
import UpgradePorts

/// What is wrong on one node just now, and what will go wrong at a coming operation. Told each time that it has an effect.
final class NodeTroubles: Sendable {
    /// Something that lasts.
    enum Lasting: Hashable, Sendable {
        case noAgentStarts
        /// Installers are killed at this age.
        case installersDie(after: Duration)
        case hubUntrusted
        case lostAnswers(Double)
        case repeatedCalls(Double)
        case download(DownloadTrouble)
    }

    /// How a commit fails.
    enum CommitFault: Hashable, Sendable {
        /// Nothing took effect.
        case before
        /// Everything took effect.
        case after
    }

    private struct State {
        var lasting: [Lasting] = []
        /// Changing operations on files until each fails.
        var operations: [(left: Int, kind: FileError.Kind)] = []
        /// Commits until each fails.
        var commits: [(left: Int, fault: CommitFault)] = []
        /// Commits until the database can only be read, for each reason that it can.
        var writable: [(after: Int, left: Int)] = []
        /// Bytes that the disk may hold, for each reason that it is small.
        var capacities: [(free: Int64, bytes: Int64)] = []
    }

    private let state = Mutex(State())

    /// Begins or ends.
    func set(_ trouble: Lasting, _ isSo: Bool) {
        state.withLock { state in
            if isSo { return state.lasting.append(trouble) }
            if let index = state.lasting.firstIndex(of: trouble) { state.lasting.remove(at: index) }
        }
    }

    func has(_ trouble: Lasting) -> Bool { state.withLock { $0.lasting.contains(trouble) } }

    /// How downloads go wrong that begin now.
    var download: DownloadTrouble? {
        state.withLock { state in
            for case .download(let trouble) in state.lasting { return trouble }
            return nil
        }
    }

    /// How likely the answer to a call is lost, and how likely the call comes twice.
    var calls: (lost: Double, repeated: Double) {
        state.withLock { state in
            guard !state.lasting.isEmpty else { return (0, 0) }
            var found = (lost: 0.0, repeated: 0.0)
            for trouble in state.lasting {
                if case .lostAnswers(let share) = trouble { found.lost = max(found.lost, share) }
                if case .repeatedCalls(let share) = trouble { found.repeated = max(found.repeated, share) }
            }
            return found
        }
    }

    // MARK: Operations

    func failOperation(_ number: Int, _ kind: FileError.Kind) { state.withLock { $0.operations.append((max(1, number), kind)) } }

    func failCommit(_ number: Int, _ fault: CommitFault) { state.withLock { $0.commits.append((max(1, number), fault)) } }

    /// After so many commits more none succeeds, from now on or no more.
    func limitCommits(to number: Int, _ isSo: Bool) {
        state.withLock { state in
            if isSo { return state.writable.append((number, max(0, number))) }
            if let index = state.writable.firstIndex(where: { $0.after == number }) { state.writable.remove(at: index) }
        }
    }

    /// The disk is made small, or this reason for it is over.
    /// - Returns: what it may hold; nil = as much as at the beginning.
    func limitDisk(free: Int64, to bytes: Int64, _ isSo: Bool) -> Int64? {
        state.withLock { state in
            if isSo {
                state.capacities.append((free, bytes))
            } else if let index = state.capacities.firstIndex(where: { $0.free == free }) {
                state.capacities.remove(at: index)
            }
            return state.capacities.map(\.bytes).min()
        }
    }

    /// Ages at which installers are killed.
    var installerAges: [Duration] {
        state.withLock { state in
            state.lasting.compactMap { if case .installersDie(let age) = $0 { age } else { nil } }
        }
    }

    /// One changing operation on a file: how it fails, if it does.
    func operation() -> FileError.Kind? {
        state.withLock { state in
            guard !state.operations.isEmpty else { return nil }
            for index in state.operations.indices { state.operations[index].left -= 1 }
            guard let index = state.operations.firstIndex(where: { $0.left <= 0 }) else { return nil }
            return state.operations.remove(at: index).kind
        }
    }

    /// One commit: how it fails, if it does.
    func commit() -> CommitFault? {
        state.withLock { state in
            if state.writable.contains(where: { $0.left == 0 }) { return .before }
            for index in state.writable.indices { state.writable[index].left -= 1 }
            guard !state.commits.isEmpty else { return nil }
            for index in state.commits.indices { state.commits[index].left -= 1 }
            guard let index = state.commits.firstIndex(where: { $0.left <= 0 }) else { return nil }
            return state.commits.remove(at: index).fault
        }
    }
}
