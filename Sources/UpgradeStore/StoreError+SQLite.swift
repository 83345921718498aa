import SQLite
import UpgradePorts

extension StoreError {
    /// What an error of SQLite means for callers of the store.
    /// - Parameter tried: what was tried, "commit to" or the like; "database", the path and the cause follow in the explanation.
    init(_ error: SQLiteError, tried: String) {
        self.init(Self.kind(of: error.kind), "cannot \(tried) \(error)")
    }

    /// Runs calls of SQLite and translates their error.
    static func translating<Result>(_ tried: String, _ body: () throws(SQLiteError) -> Result) throws(StoreError) -> Result {
        do throws(SQLiteError) { return try body() } catch { throw StoreError(error, tried: tried) }
    }

    private static func kind(of kind: SQLiteError.Kind) -> Kind {
        switch kind {
        case .full: .noSpace
        case .corrupt, .notADatabase, .mismatch: .damaged
        case .newerVersion: .newer
        case .busy, .constraint, .readOnly, .cannotOpen, .io, .notDurable, .other: .other
        }
    }
}
