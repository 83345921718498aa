/// The kinds of faults: one row each.
extension ScenarioWords {
    static let faults: [LanguageWord<Fault.Kind>] = processFaults + diskFaults + hubFaults

    private static let processFaults: [LanguageWord<Fault.Kind>] = [
        .init("kill", "The agent is killed, an installer too.") { _ in .kill },
        .init("kill-at-operation", "Killed in the middle of what is written from then on.") { .killAtOperation(operation($0)) },
        .init("kill-installer", "Every installer is killed at this age, for the whole time.") {
            .killInstaller(after: $0.take("after", .time, "Its age.", else: .milliseconds(200)))
        },
        .init("hang", "The agent hangs until the service manager kills it.") { _ in .agentHangs },
        .init("no-agent-starts", "No agent can be started, for the whole time.") { _ in .noAgentStarts },
        .init("power-cut", "The power goes and comes back; what was not synced may be gone.") {
            .powerCut(back: $0.take("back", .time, "How long it is away.", else: .seconds(60)))
        },
        .init("cut-at-operation", "The power goes there.") { .cutAtOperation(operation($0)) },
        .init("power-cycles", "The power goes several times, for five seconds each.") {
            .powerCycles(
                $0.take("times", .count(1...1000), "How often.", else: 3),
                apart: $0.take("apart", .time, "How long it is there between them.", else: .seconds(5)))
        },
        .init("clock-jump", "Somebody sets the clock.") { .clockJump($0.need("by", .offset, "How far.")) },
        .init("clock-wrong", "The clock is wrong, for the whole time.") { .clockWrong($0.need("by", .offset, "How far.")) },
    ]

    private static let diskFaults: [LanguageWord<Fault.Kind>] = [
        .init("disk-full", "The disk is full, for the whole time.") {
            .diskFull(free: $0.take("free", .bytes, "What is left on it.", else: 0))
        },
        .init("disk-error", "One operation on the disk fails.") { .diskError(atOperation: operation($0)) },
        .init("no-space", "One operation on the disk finds no space.") { .noSpace(atOperation: operation($0)) },
        .init("commit-fails", "One commit of the agent's database fails.") { .commitFails(commit($0)) },
        .init("commit-uncertain", "One commit takes effect and says that it failed.") { .commitUncertain(commit($0)) },
        .init("database-read-only", "The agent's database takes no commit, for the whole time.") {
            .readOnlyDatabase(after: $0.take("after", .count(0...1_000_000), "Commits that it takes before.", else: 0))
        },
        .init("way-back-lost", "The program of the release that leads back is gone.") { _ in .wayBackLost },
        .init("database-lost", "The agent's database is gone.") { _ in .databaseLost },
        .init("database-damaged", "The agent's database cannot be read.") { _ in .databaseDamaged },
    ]

    private static let hubFaults: [LanguageWord<Fault.Kind>] = [
        .init("partition", "No call gets through, for the whole time.") { _ in .partition },
        .init("hub-answers", "The hub answers every call with one status, for the whole time.") { .hubAnswers(status($0)) },
        .init("hub-untrusted", "The hub's certificate has expired, for the whole time.") { _ in .hubUntrusted },
        .init("lost-answers", "The hub takes calls, and the answers are lost, for the whole time.") { .lostAnswers(chance($0)) },
        .init("repeated-calls", "Calls reach the hub twice, for the whole time.") { .repeatedCalls(chance($0)) },
        .init("slow-downloads", "Bytes come slowly, for the whole time.") {
            .download(.slow($0.take("bandwidth", .rate, "What fits through.", else: 50_000)))
        },
        .init("cut-downloads", "The connection ends in the middle of each body, for the whole time.") { .download(.cut(after: part($0))) },
        .init("short-downloads", "Each body ends too early, as if it were whole, for the whole time.") {
            .download(.ends(after: part($0)))
        },
        .init("stalled-downloads", "In the middle of each body nothing comes any more, for the whole time.") {
            .download(.stalls(after: part($0)))
        },
        .init("endless-downloads", "No length is announced, and bodies do not end, for the whole time.") { _ in .download(.endless) },
        .init("wrong-length", "A length is announced that is not that of the metadata, for the whole time.") { _ in .download(.wrongLength)
        },
        .init("ignored-range", "A request for the rest is answered with 200 and the whole, for the whole time.") { _ in
            .download(.ignoresRange)
        },
        .init("wrong-range", "A request for the rest is answered from another byte on, for the whole time.") { _ in .download(.wrongRange)
        },
        .init("redirected-downloads", "Downloads are redirected to where nothing must be asked, for the whole time.") { _ in
            .download(.redirect)
        },
        .init("download-answers", "Downloads are answered with one status, for the whole time.") { .download(.answers(status($0))) },
    ]

    private static func operation(_ fields: Fields) -> Int {
        fields.need("operation", .count(1...1_000_000), "The number of the operation on the disk that does not happen any more.")
    }

    private static func commit(_ fields: Fields) -> Int { fields.need("commit", .count(1...1_000_000), "Its number from then on.") }

    private static func status(_ fields: Fields) -> Int { fields.need("status", .count(300...599), "HTTP status.") }

    private static func chance(_ fields: Fields) -> Double { fields.take("chance", .share, "How likely, for each call.", else: 1) }

    private static func part(_ fields: Fields) -> Double { fields.take("after", .share, "The part of the whole that comes.", else: 0.4) }
}
