import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// What must hold on every node at rest, whatever happened on the way.
struct CrashVerdict {
    /// The two releases as they must be, from a run that nothing disturbed.
    let releases: [Int: Listing]
    /// How that run ended.
    let outcome: Ending.Outcome
    /// How a disturbed one may end as well.
    let other: Ending.Outcome?

    /// Everything that is wrong, in words; empty = all is well.
    func violations(_ run: CrashCase.Run) -> [String] {
        if let trouble = run.trouble { return [trouble] + run.node.wrong }
        let node = run.node
        guard let current = try? node.inner.release(at: Layout.current), let recover = try? node.inner.release(at: Layout.recover) else {
            return ["current or recover names no release"]
        }
        var wrong = node.wrong
        if current != recover { wrong.append("current names \(current), recover \(recover)") }
        if ![1, 2].contains(current) { wrong.append("current names \(current)") }
        wrong += files(node, current) + agent(node, current) + journal(node, current) + words(node, current)
        wrong += packages(node, current) + ending(node, current, run.failed) + next(node, current)
        return wrong + health(node, current, run.failed)
    }

    /// What the probes found is about this ending, and a commit has it.
    private func health(_ node: SimNode, _ current: Int, _ failed: [FaultyTree.Operation]) -> [String] {
        guard let report = node.minds.memories[current]?.health[Fixture.policy] else {
            return current == 2 && failed.isEmpty ? ["the results of a commit are lost"] : []
        }
        return report.isGood == (current == 2) ? [] : ["release \(current) runs, and the results are those of the other ending"]
    }

    /// Exactly the old or exactly the new one; the old one is there in any case.
    private func files(_ node: SimNode, _ current: Int) -> [String] {
        [1, current].flatMap { number -> [String] in
            guard let expected = releases[number] else { return ["release \(number) is unknown"] }
            let found = Listing(node.inner, Layout.release(number))
            let database = found.entries[.known("agent.db")]?.bytes.isEmpty == false ? [] : ["its database is missing"]
            return (found.difference(from: expected, without: ["agent.db"]) + database).map { "release \(number): \($0)" }
        }
    }

    /// The Debian package is the release's, whole.
    private func packages(_ node: SimNode, _ current: Int) -> [String] {
        if node.scenario.strategy == .script {
            let expected = current == 2 ? "installed 1.1.0, new database, runs" : "installed 1.0.0, old database, runs"
            return node.horizon.image == expected ? [] : ["the agent beside is \(node.horizon.image), expected \(expected)"]
        }
        guard node.scenario.strategy == .deb else { return [] }
        let (found, expected) = (SimDpkg.state(in: node.inner)?.description ?? "nothing", "installed \(current == 2 ? "1.1.0" : "1.0.0")")
        return found == expected ? [] : ["dpkg says \(found), expected \(expected)"]
    }

    /// One agent, of the current release, that answers in this boot.
    private func agent(_ node: SimNode, _ current: Int) -> [String] {
        node.clock.advance(by: .seconds(1))
        guard let evidence = try? node.agent.evidence() else { return ["nobody answers"] }
        return evidence.release == current && evidence.bootID == node.clock.bootID ? [] : ["release \(evidence.release) answers"]
    }

    /// Its last record and the links agree, and no way leads away from the way back.
    private func journal(_ node: SimNode, _ current: Int) -> [String] {
        let steps = (node.minds.lastReading?.records ?? []).map(\.step)
        guard let last = steps.last else { return [] }
        var wrong: [String] = []
        if (last == .committed) != (current == 2) { wrong.append("the last record is \(last), current names \(current)") }
        for step in [JournalRecord.Step.ready, .switchIntended, .switched] where steps.filter({ $0 == step }).count > 1 {
            wrong.append("\(step) was written twice")
        }
        if case .refused = last, steps.contains(.switchIntended) { wrong.append("refused after the switch") }
        if let back = steps.firstIndex(where: { if case .rollbackIntended = $0 { true } else { false } }) {
            let isBack = { (step: JournalRecord.Step) in if case .rollbackFailed = step { true } else { step == .rolledBack } }
            if !steps[(back + 1)...].allSatisfy(isBack) { wrong.append("forward again after rollback-intended: \(steps)") }
        }
        return wrong
    }

    /// The words that the node owes are true and in order.
    private func words(_ node: SimNode, _ current: Int) -> [String] {
        guard case .ended(_, let ending) = node.minds.job(current) else { return ["the job has not ended"] }
        let words = node.minds.words(current).filter { $0 != .rollbackFailed }
        let expected: [Status]
        switch ending.outcome {
        case .successful: expected = [.successful]
        case .rollbackSuccessful: expected = [.failed, .rollbackStarted, .rollbackSuccessful]
        case .precheckFailed, .downloadFailed, .noActionRequired: expected = [.precheckFailed]
        }
        var wrong: [String] = []
        if words != expected { wrong.append("the words are \(words), expected \(expected)") }
        if (ending.outcome == .successful) != (current == 2) { wrong.append("\(ending.outcome) while release \(current) runs") }
        return wrong
    }

    /// What is good is kept, what is not goes back; only an operation that failed is an excuse, a crash is none.
    private func ending(_ node: SimNode, _ current: Int, _ failed: [FaultyTree.Operation]) -> [String] {
        guard case .ended(_, let ending) = node.minds.job(current), ending.outcome != outcome, ending.outcome != other
        else { return [] }
        switch ending.outcome {
        case .precheckFailed where !failed.isEmpty: return []
        case .rollbackSuccessful where failed.contains(where: { isOfCopy($0) || isOfScript($0) }): return []
        default: return ["it ended as \(ending.outcome) (\(ending.reason)), expected \(outcome)"]
        }
    }

    /// A copy of the database, or of the files of an agent beside us, that cannot be repeated after `switch-intended` leads back.
    private func isOfCopy(_ operation: FaultyTree.Operation) -> Bool {
        operation.name == "copy database" || operation.description == "sync folder releases/2"
            || operation.path.text.contains("/back/saved")
    }

    /// What fails in the script is the script's failure.
    private func isOfScript(_ operation: FaultyTree.Operation) -> Bool {
        operation.path == SimHorizon.database || operation.name.hasPrefix("dpkg ")
    }

    /// The next upgrade can begin: its installer comes as far as the agent's stop.
    private func next(_ node: SimNode, _ current: Int) -> [String] {
        let ticket = Ticket(high: 8, low: 8)
        do {
            let file = JobFile(
                component: .software, version: "1.2.0", objectType: "type", objectID: "software.file", length: 1, hashAlgorithm: "SHA256",
                publicKey: "", signature: "")
            let handover = Handover(
                ticket: ticket, plan: JobPlan(versions: [.software: "1.2.0"], files: [file]), oldRelease: current, newRelease: 3,
                deadline: node.clock.now().adding(.seconds(1800)))
            try node.inner.makeDirectory(Layout.job(ticket), mode: 0o700)
            if node.scenario.strategy != .tree {
                try node.inner.makeDirectory(Layout.back(ticket), mode: 0o700)
                var list = BackList()
                if node.scenario.strategy == .script { list.horizon = SimHorizon.job }
                try list.write(ticket, in: node.inner)
            }
            try node.inner.replace(Layout.plan(ticket), with: HandoverDocument(policy: Fixture.policy, handover: handover).bytes)
            var installer = Installer(ticket: ticket, ports: node.ports)
            var records: [JournalRecord.Step] = []
            for _ in 0..<100 where !records.contains(.stopIntended) {
                if case .sleep(let time) = try installer.step() { node.clock.advance(by: time) }
                records = try Journal.look(Layout.journal(ticket), in: node.inner)?.records.map(\.step) ?? []
            }
            if records == [.begun(oldRelease: current, newRelease: 3, format: 1), .stopIntended] { return [] }
            return ["the next upgrade does not begin: \(records)"]
        } catch {
            return ["the next upgrade does not begin: \(error)"]
        }
    }
}
