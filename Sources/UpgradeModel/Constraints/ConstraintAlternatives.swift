/// The structure of a constraint: alternatives, of which each is a list of conditions that must all hold.
///
/// Shape: nested at most `Constraint.depthMax` deep, so walking and freeing it cannot exhaust the stack.
struct ConstraintAlternatives: Hashable, Sendable {
    enum Condition: Hashable, Sendable {
        case comparison(ConstraintComparison)
        case group(ConstraintAlternatives)
    }

    private(set) var finished: [[Condition]] = []
    private var current: [Condition] = []

    /// Reads as much of the text as the real agent looks at.
    ///
    /// Kept: an empty alternative holds, so `()` and `a == x || ` are always true; and a `)` that closes nothing ends the
    /// constraint, whatever follows.
    init(_ reader: inout ConstraintReader) throws(ConstraintError) {
        var enclosing: [ConstraintAlternatives] = []
        var level = ConstraintAlternatives()
        var hasJustClosed = false
        while true {
            if !hasJustClosed, let comparison = try reader.nextComparison() {
                level.current.append(.comparison(comparison))
            }
            let place = reader.position
            switch try reader.nextJoiner() {
            case .open where !hasJustClosed:
                guard enclosing.count < Constraint.depthMax else {
                    throw reader.error(.nestedTooDeep, at: place, "at most \(Constraint.depthMax) nested parentheses")
                }
                enclosing.append(level)
                level = ConstraintAlternatives()
            case .or:
                level.endAlternative()
                hasJustClosed = false
            case .and, .open:
                hasJustClosed = false
            case .close, .end:
                level.endAlternative()
                guard var outer = enclosing.popLast() else {
                    self = level
                    return
                }
                outer.current.append(.group(level))
                level = outer
                hasJustClosed = true
            }
        }
    }

    private init() {}

    func isSatisfied(by properties: [Property]) -> Bool {
        finished.contains { conditions in
            conditions.allSatisfy { condition in
                switch condition {
                case .comparison(let comparison): comparison.isSatisfied(by: properties)
                case .group(let group): group.isSatisfied(by: properties)
                }
            }
        }
    }

    private mutating func endAlternative() {
        finished.append(current)
        current = []
    }
}
