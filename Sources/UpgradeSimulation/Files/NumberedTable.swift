/// Values by number, in the order of the numbers.
///
/// Why not a dictionary: a hundred thousand disks are in memory at once, and hash tables leave half of their places empty. New numbers are the
/// largest, so that values are added at the end.
package struct NumberedTable<Value: Hashable & Sendable>: Hashable, Sendable {
    private struct Row: Hashable, Sendable {
        let number: Int
        var value: Value
    }

    private var rows: [Row] = []

    /// No values.
    init() {}

    /// One value.
    init(_ value: Value, at number: Int) { rows = [Row(number: number, value: value)] }

    /// How many values there are.
    var count: Int { rows.count }

    /// All of it, smallest number first.
    var pairs: some Sequence<(number: Int, value: Value)> { rows.lazy.map { ($0.number, $0.value) } }

    subscript(number: Int) -> Value? {
        get {
            let place = place(of: number)
            return place < rows.count && rows[place].number == number ? rows[place].value : nil
        }
        set {
            let place = place(of: number)
            let isThere = place < rows.count && rows[place].number == number
            switch (newValue, isThere) {
            case (let value?, true): rows[place].value = value
            case (let value?, false): insert(Row(number: number, value: value), at: place)
            case (nil, true): rows.remove(at: place)
            case (nil, false): break
            }
        }
    }

    /// The same numbers with other values.
    func mapValues<Other>(_ change: (Value) -> Other) -> NumberedTable<Other> {
        var other = NumberedTable<Other>()
        other.rows = rows.map { .init(number: $0.number, value: change($0.value)) }
        return other
    }

    /// Removes what is not wanted, and the room that it took.
    mutating func keep(where isWanted: (_ number: Int) -> Bool) {
        rows.removeAll { !isWanted($0.number) }
        shrink()
    }

    /// Gives back the room of what was removed.
    mutating func shrink() { if rows.capacity > rows.count + rows.count / 2 + 8 { rows = rows.map { $0 } } }

    /// Room is made an eighth at a time.
    private mutating func insert(_ row: Row, at place: Int) {
        if rows.count == rows.capacity { rows.reserveCapacity(rows.count + max(4, rows.count / 8)) }
        rows.insert(row, at: place)
    }

    private func place(of number: Int) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
