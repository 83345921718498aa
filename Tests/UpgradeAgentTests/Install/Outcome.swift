import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// What a node must look like once its job has its last record, whatever happened on the way.
struct Outcome {
    let node: SimNode
    let about: Comment

    /// Everything that holds for every ending; the final record.
    @discardableResult
    func check() throws -> JournalRecord.Step {
        let reading = try #require(node.reading, about)
        let last = try #require(reading.records.last?.step, about)
        #expect(reading.isFinal, about)
        #expect(reading.records.count <= 16, about)
        #expect(node.wrong == [], about)
        try checkRecords(reading.records.map(\.step))
        let isNew = last == .committed
        let current = try node.inner.release(at: Layout.current)
        #expect(current == (isNew ? 2 : 1), about)
        #expect(try node.inner.release(at: Layout.recover) == (isNew ? 2 : 1), about)
        try checkOld()
        if isNew { try checkNew() }
        let process = try #require(node.agent.image.process, about)
        #expect(process.program.release == current, about)
        return last
    }

    private func checkRecords(_ steps: [JournalRecord.Step]) throws {
        #expect(steps.filter { $0 == .ready }.count <= 1, about)
        #expect(steps.filter { $0 == .switchIntended }.count <= 1, about)
        #expect(steps.filter { $0 == .switched }.count <= 1, about)
        if let back = steps.firstIndex(where: { if case .rollbackIntended = $0 { true } else { false } }) {
            let isWayBack = { (step: JournalRecord.Step) in if case .rollbackFailed = step { true } else { step == .rolledBack } }
            #expect(steps[(back + 1)...].allSatisfy(isWayBack), about)
        }
        let attempts = steps.compactMap { step -> Int? in if case .startIntended(let attempt) = step { attempt } else { nil } }
        #expect(attempts == Array(1...3).prefix(attempts.count).map { $0 }, about)
        switch steps.first {
        case .begun(1, 2, 1), .refused: break
        default: Issue.record("the first record is \(String(describing: steps.first))")
        }
    }

    /// Nothing of the old release was touched but its database.
    private func checkOld() throws {
        for name in ["bin/upliftd", "bin/health", "share/doc/readme"] {
            let path = Layout.software(1).appending(try #require(TreePath(name)))
            #expect(try node.inner.text(path) == "old \(name)", about)
        }
        #expect(try ReleaseFacts.read(1, in: node.inner).software == "1.0.0", about)
        #expect(try node.inner.text(Layout.configuration(1))?.contains("version=1\n") == true, about)
    }

    private func checkNew() throws {
        let facts = try ReleaseFacts.read(2, in: node.inner)
        for component in Component.allCases { #expect(facts.versions[component] == node.scenario.newVersion(component), about) }
        let document = try #require(ReleaseDocument.read(2, in: node.inner), about)
        #expect(document.software.version == node.scenario.newVersion(.software), about)
        #expect(document.configuration?.version == node.scenario.newVersion(.configuration), about)
        #expect(document.job == Fixture.ticket.text, about)
        let expected = try listing(node.scenario.components.contains(.software) ? package() : old())
        #expect(try listing(tree()) == expected, about)
        #expect(try node.inner.entry(Layout.database(2)) != nil, about)
    }

    private func package() throws -> [String: String] {
        let text = Fixture.descriptor(name: "uplift", version: "1.1.0", architecture: "amd64", strategy: "tree")
        return [
            "upgrade-package.json": text, "bin/upliftd": "program of \(text)", "bin/health": "health of \(text)",
            "share/doc/readme": "a text in a folder that no entry names", "share/empty": "",
        ]
    }

    private func old() throws -> [String: String] {
        var files: [String: String] = [:]
        for name in ["bin/upliftd", "bin/health", "share/doc/readme"] { files[name] = "old \(name)" }
        files["upgrade-package.json"] = Fixture.descriptor(name: "uplift", version: "1.0.0", architecture: "amd64", strategy: "tree")
        return files
    }

    private func tree() throws -> [String: String] {
        var files: [String: String] = [:]
        var folders = [Layout.software(2)]
        while let folder = folders.popLast() {
            for name in try node.inner.list(folder) {
                let path = folder.appending(name)
                if try node.inner.entry(path)?.kind == .directory {
                    folders.append(path)
                } else {
                    files[path.dropping(Layout.software(2).components.count).text] = try node.inner.text(path)
                }
            }
        }
        return files
    }

    private func listing(_ files: [String: String]) -> [String] { files.map { "\($0.key): \($0.value)" }.sorted() }
}

extension SimNode {
    /// A node on which the job has just been handed over.
    static func prepared(_ fixture: Fixture) throws -> SimNode {
        let node = try SimNode(fixture.scenario, try fixture.image())
        node.boot()
        return node
    }
}
