import Synchronization
import UpgradePorts

/// What is wrong on one node just now, and what will go wrong at a coming operation. Told each time that it has an effect.
final class NodeTroubles: Sendable {
    /// Something that lasts.
    enum Lasting: Hashable, Sendable {
        case noAgentStarts
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
        /// Commits until the database can only be read.
        var writable: Int?
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

    /// After so many commits more none succeeds; nil = all do.
    func limitCommits(to number: Int?) { state.withLock { $0.writable = number.map { max(0, $0) } } }

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
            if let left = state.writable {
                if left == 0 { return .before }
                state.writable = left - 1
            }
            guard !state.commits.isEmpty else { return nil }
            for index in state.commits.indices { state.commits[index].left -= 1 }
            guard let index = state.commits.firstIndex(where: { $0.left <= 0 }) else { return nil }
            return state.commits.remove(at: index).fault
        }
    }
}
