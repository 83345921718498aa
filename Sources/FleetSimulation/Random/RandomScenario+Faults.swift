import UpgradeSimulation

/// What goes wrong in random fleets. A way back that is lost is not among it: a machine whose only program is gone can do nothing about that.
extension RandomScenario {
    /// What is not drawn never goes wrong in a scenario.
    private enum FaultClass: CaseIterable {
        case kill, powerCut, killAtOperation, cutAtOperation, partition, outage, clockJump, diskFull
        case killInstaller, hang, noAgentStarts, powerCycles, diskError, noSpace, commit, readOnlyDatabase, database, clockWrong
        case hubUntrusted, lostAnswers, repeatedCalls, download

        /// The first row meets everything else most often; of the others there are many.
        var likelihood: Double {
            switch self {
            case .kill, .powerCut, .killAtOperation, .cutAtOperation, .partition, .outage, .clockJump, .diskFull: 0.3
            default: 0.12
            }
        }
    }

    mutating func drawFaults() {
        for kind in FaultClass.allCases where dice.happens(kind.likelihood) {
            for _ in 0..<dice.number(1...4) { scenario.faults.append(fault(kind)) }
        }
    }

    /// All of them are over at the scenario's end.
    private func fault(_ kind: FaultClass) -> Fault {
        let from = dice.duration(.zero, scenario.duration * 0.8)
        let until = from + dice.duration(.seconds(10), min(.seconds(3 * 3600), scenario.duration * 0.95 - from))
        var fault = Fault(self.kind(kind), from: from, until: until)
        fault.who = .part(dice.pick([0.2, 0.5, 1]))
        return fault
    }

    private func kind(_ kind: FaultClass) -> Fault.Kind {
        switch kind {
        case .kill: .kill
        case .killAtOperation: .killAtOperation(operation)
        case .killInstaller: .killInstaller(after: dice.duration(.milliseconds(50), .seconds(20)))
        case .hang: .agentHangs
        case .noAgentStarts: .noAgentStarts
        case .powerCut: .powerCut(back: dice.duration(.seconds(1), .seconds(1200)))
        case .cutAtOperation: .cutAtOperation(operation)
        case .powerCycles: .powerCycles(dice.number(2...8), apart: dice.duration(.milliseconds(200), .seconds(60)))
        case .clockJump: .clockJump(dice.duration(.seconds(-7200), .seconds(86_400)))
        case .clockWrong: .clockWrong(dice.duration(.seconds(-7200), .seconds(86_400)))
        case .diskFull: .diskFull(free: Int64(dice.number(0...200_000)))
        case .diskError: .diskError(atOperation: operation)
        case .noSpace: .noSpace(atOperation: operation)
        case .commit, .readOnlyDatabase, .database: database(kind)
        case .partition: .partition
        case .outage: .hubAnswers(dice.pick([429, 500, 503]))
        case .hubUntrusted: .hubUntrusted
        case .lostAnswers: .lostAnswers(dice.pick([0.05, 0.5, 1]))
        case .repeatedCalls: .repeatedCalls(dice.pick([0.05, 0.5, 1]))
        case .download: .download(download)
        }
    }

    private func database(_ kind: FaultClass) -> Fault.Kind {
        switch kind {
        case .commit: dice.happens(0.5) ? .commitFails(dice.number(1...40)) : .commitUncertain(dice.number(1...40))
        case .readOnlyDatabase: .readOnlyDatabase(after: dice.number(0...40))
        default: dice.happens(0.5) ? .databaseLost : .databaseDamaged
        }
    }

    private var operation: Int { dice.number(1...RandomScenario.operationsMax) }

    private var download: DownloadTrouble {
        let part = Double(dice.number(1...9)) / 10
        return dice.pick([
            .slow(20_000), .cut(after: part), .ends(after: part), .stalls(after: part), .endless, .wrongLength, .ignoresRange, .wrongRange,
            .redirect, .answers(dice.pick([403, 404, 500, 503])),
        ])
    }
}
