/// Words that have no place in the house, each with what to do instead.
enum WordRule {
    /// A banned word.
    struct Ban {
        let word: String
        let instead: String
        /// Looked for in code, in code and comments, or in all.
        var inComments = false
    }

    /// In Sources.
    static let sources = [
        Ban(word: "fatalError(", instead: "throw, or answer `rejected`: a node must not trap"),
        Ban(word: "preconditionFailure(", instead: "throw, or answer `rejected`: a node must not trap"),
        Ban(word: "precondition(", instead: "throw, or answer `rejected`: a node must not trap"),
        Ban(word: "assertionFailure", instead: "throw, or answer `rejected`: a node must not trap"),
        Ban(word: "try!", instead: "handle the error"),
        Ban(word: "as!", instead: "use `as?` and handle nil"),
    ]

    /// Everywhere in Swift, comments included; put together so that this file holds none of them.
    static let everywhere = ["TO" + "DO", "FIX" + "ME", "XX" + "X"].map {
        Ban(word: $0, instead: "do it, or file an issue", inComments: true)
    }

    /// In Tests.
    static let tests = [Ban(word: ".disabled(", instead: "repair the test or remove it")]

    /// Sleeping is waiting for a condition without looking at it. `file: why it may` — short, and each is bounded.
    static let sleepers: [String: String] = [
        "Sources/UpgradeSystem/Process/LiveBell.swift": "a bell without a descriptor (none left) still has to wait",
        "Sources/UpgradeSystem/Process/LiveThreads.swift": "a thread that cannot be made now is made later; nothing else to wait for",
        "Sources/UpgradeSystem/Supervise/Supervisor.swift": "out of descriptors: a client that cannot be accepted must not keep it awake",
        "Sources/UpgradeSystem/Machine/LiveMachine.swift": "a fail point holds its process until a test removes the file",
        "Sources/UpgradePorts/Process/Stepper.swift": "`sleep` is an answer of a step, not a call",
        "Sources/ExchangeServer/Objects/PieceUploads.swift": "an upload whose client went away is ended by time alone",
        "Sources/ExchangeServer/OpStatus/OperationKeeper.swift": "purges are an hour apart",
        "Sources/ExchangeServer/Health/FleetWatch.swift": "looks are a time apart; a registration that changed rings a bell",
        "Sources/FaultServers/FaultProxy.swift": "a slow line is what the proxy plays",
        "Tests/EndToEndTests/KillAtRandomTests.swift": "the drawn instant at which a process is killed",
        "Tests/EndToEndTests/Support/Programs.swift": betweenLooks,
        "Tests/ExchangeServerTests/Support/HubClient.swift": betweenLooks,
        "Tests/ExchangeServerTests/Support/TestHub.swift": betweenLooks,
        "Tests/PortContractTests/Hub/HubStoreSubject.swift": betweenLooks,
        "Tests/UpgradeSystemTests/Scratch.swift": betweenLooks,
        "Tests/UpgradeTransferTests/Fetch/Downloads.swift": betweenLooks,
    ]

    /// Targets whose `sleep` passes virtual time: they test pure floors.
    static let virtualTime: Set<String> = ["UpgradeCoreTests"]

    private static let betweenLooks = "the pause between two looks at a condition that has a deadline"

    /// Targets that speak to people on standard output.
    static let speakers: Set<String> = ["upliftd", "uplift", "uplift-exchange", "uplift-bench", "UpgradeCommands"]

    /// Every banned word in some sources.
    static func findings(_ bans: [Ban], in sources: [SwiftSource]) -> [Finding] {
        sources.flatMap { source in
            bans.flatMap { ban in
                (ban.inComments ? source.lines : source.code).enumerated().filter { Words.contains(ban.word, in: $0.element) }.map {
                    Finding(file: source.file, line: $0.offset + 1, what: "`\(ban.word)`: \(ban.instead)")
                }
            }
        }
    }

    /// Forced unwraps in code: a name, `)` or `]` followed by `!`, and no comparison.
    static func forced(_ sources: [SwiftSource]) -> [Finding] {
        sources.flatMap { source in
            source.code.enumerated().filter { isForced($0.element) }.map {
                Finding(file: source.file, line: $0.offset + 1, what: "a forced unwrap: use guard, if or ??")
            }
        }
    }

    private static func isForced(_ line: Substring) -> Bool {
        line.indices.contains { place in
            guard line[place] == "!", let before = Words.before(place, in: line) else { return false }
            let next = line.index(after: place)
            if next < line.endIndex, line[next] == "=" { return false }
            return Words.isName(before) || before == ")" || before == "]"
        }
    }

    /// Calls that sleep. `.sleep(until)` without a receiver is an enum's case and no call.
    static func sleeps(_ sources: [SwiftSource], allowed: Set<String>) -> [Finding] {
        sources.filter { !allowed.contains($0.file) && !virtualTime.contains($0.target) }.flatMap { source in
            source.code.enumerated().filter { isSleep($0.element) }.map {
                Finding(file: source.file, line: $0.offset + 1, what: "sleeps: wait for a bell or a condition, with a deadline")
            }
        }
    }

    private static func isSleep(_ line: Substring) -> Bool {
        if ["usleep(", "nanosleep(", "Thread.sleep("].contains(where: { Words.contains($0, in: line) }) { return true }
        return Words.places(of: "sleep(", in: line).contains { place in
            guard Words.before(place, in: line) == "." else { return true }
            let dot = line.index(before: place)
            guard let receiver = Words.before(dot, in: line) else { return false }
            return Words.isName(receiver) || receiver == ")" || receiver == "]"
        }
    }

    /// `print(` outside of the programs that people call.
    static func prints(_ sources: [SwiftSource]) -> [Finding] {
        findings(
            [Ban(word: "print(", instead: "log it, or return it")], in: sources.filter { $0.isSource && !speakers.contains($0.target) })
    }
}
