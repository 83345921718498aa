import UpgradeModel

extension FilesList {
    /// How this list, that of the tree found, differs from the expected one: a sentence for each of the first three differences.
    ///
    /// Empty exactly when both are equal.
    package func difference(from expected: FilesList, max: Int = 3) -> [String] {
        var result: [String] = []
        var (found, wanted) = (entries[...], expected.entries[...])
        while result.count < max, !found.isEmpty || !wanted.isEmpty {
            switch FilesList.earlier(found.first, wanted.first) {
            case .found(let entry):
                result.append("`\(FilesList.shown(entry))` is there, expected nothing of this name")
                found = found.dropFirst()
            case .wanted(let entry):
                result.append("`\(FilesList.shown(entry))` is missing, expected a \(FilesList.kind(entry))")
                wanted = wanted.dropFirst()
            case .both(let one, let other):
                if let sentence = FilesList.sentence(found: one, wanted: other) { result.append(sentence) }
                found = found.dropFirst()
                wanted = wanted.dropFirst()
            case .none: return result
            }
        }
        return result
    }

    private enum Earlier {
        case found(Entry)
        case wanted(Entry)
        case both(Entry, Entry)
        case none
    }

    private static func earlier(_ found: Entry?, _ wanted: Entry?) -> Earlier {
        switch (found, wanted) {
        case (nil, nil): .none
        case (let found?, nil): .found(found)
        case (nil, let wanted?): .wanted(wanted)
        case (let found?, let wanted?):
            if found.path < wanted.path { .found(found) } else if wanted.path < found.path { .wanted(wanted) } else { .both(found, wanted) }
        }
    }

    private static func sentence(found: Entry, wanted: Entry) -> String? {
        let path = shown(wanted)
        switch (found.contents, wanted.contents) {
        case (.directory, .file), (.file, .directory): return "`\(path)`: found a \(kind(found)), expected a \(kind(wanted))"
        case (.file(let length, _), .file(let wantedLength, _)) where length != wantedLength:
            return "`\(path)`: found \(length) bytes, expected \(wantedLength)"
        case (.file(_, let digest), .file(_, let wantedDigest)) where digest != wantedDigest:
            return "`\(path)`: found SHA-256 \(digest), expected \(wantedDigest)"
        default: break
        }
        guard found.mode != wanted.mode else { return nil }
        return "`\(path)`: found mode \(String(found.mode, radix: 8)), expected \(String(wanted.mode, radix: 8))"
    }

    private static func shown(_ entry: Entry) -> String { VisibleText.escaping(entry.path.text) }

    private static func kind(_ entry: Entry) -> String {
        switch entry.contents {
        case .directory: "directory"
        case .file: "file"
        }
    }
}
