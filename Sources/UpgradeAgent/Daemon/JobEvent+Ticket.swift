import UpgradeCore
import UpgradeModel

extension JobEvent {
    /// The attempt that an answer belongs to.
    var ticket: Ticket? {
        switch self {
        case .planned(let run, _, _), .nothingToDo(let run, _, _, _), .fetched(let run), .unpacked(let run), .turnGranted(let run, _),
            .procedureFailed(let run, _):
            run.ticket
        case .recorded(let ticket, _, _), .reclaimed(let ticket, _): ticket
        case .matched, .unmatched, .chosen, .woke, .published, .reset, .held, .released, .restarted: nil
        }
    }
}
