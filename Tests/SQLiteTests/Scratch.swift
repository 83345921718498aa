import Foundation
import SQLite
import Testing

/// A folder for one test, gone with it.
final class Scratch {
    let folder: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/uplift-sqlite-XXXXXX").utf8CString)
        folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
}

/// The kind of the error that the body throws; nil when it throws none.
func kind(_ body: () throws -> Void) -> SQLiteError.Kind? {
    do {
        try body()
        return nil
    } catch let error as SQLiteError {
        return error.kind
    } catch {
        Issue.record("an error of another type: \(error)")
        return nil
    }
}
