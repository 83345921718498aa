import FoundationEssentials
import Testing
import UpgradeWire

/// `check batch` over the recorded cases of the real system.
@Suite struct BatchTests {
    /// Every kind that is answered, with the number of recorded cases.
    private static let kinds: [String: Int] = [
        "constraint_satisfied": 195, "constraint_validate": 8, "property_list_validate": 105, "is_version": 22, "is_version_expression": 28,
        "parse_range": 51, "in_range": 54, "compare": 41, "is_property_version": 19, "match": 23, "pick_next": 3,
        "effective_management_policy": 4, "cli_nmp_validate": 15, "resolve_upgrade_versions": 11, "manifest_versions": 1,
        "best_version": 17, "package_arch": 2, "package_names": 33, "download_plan": 3, "insert_config_version": 1,
        "insert_cert_version": 3,
    ]

    /// Cases whose recorded answer is not ours; the handbook's page of differences says why.
    private static let differences: Set<String> = []

    /// What a case says about its answer; `validateAccepts` and `normalized` are answers to other questions.
    private static let expectations: Set<String> = [
        "expect", "expectOrder", "expectOrderAnyOf", "expectObjects", "expectError", "expectStatus", "after", "normalized",
        "validateAccepts",
        "goErrorPresent",
    ]

    private static let files = ["constraints", "semver", "nmp_match", "versions_resolve"].map { name in
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Vectors/\(name).json"
    }

    private func cases() throws -> [JSONValue] {
        try Self.files.flatMap { file in
            let document = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: URL(filePath: file)))
            return try #require(document[member: "cases"]?.array)
        }
    }

    private func answers(_ outcome: Outcome) throws -> [String: JSONValue] {
        try #require(try JSONDecoder().decode(JSONValue.self, from: Data(outcome.output.utf8)).object)
    }

    private func batch(_ cases: [JSONValue], _ more: String...) throws -> Outcome {
        let document = try JSONEncoder().encode(JSONValue.object(["cases": .array(cases)]))
        let scratch = try Scratch()
        return uplift(["check", "batch", try scratch.write("cases.json", String(decoding: document, as: UTF8.self))] + more)
    }

    @Test func `every recorded case is answered as recorded`() throws {
        let outcome = uplift(["check", "batch", "--verify"] + Self.files)
        #expect(outcome.calls.isEmpty)
        let differing = Set(
            outcome.errors.split(separator: "\n").compactMap { line -> String? in
                guard !line.hasPrefix("Note: ") else { return nil }
                return String(line.replacing("Error: ", with: "").prefix { $0 != ":" })
            })
        #expect(differing == Self.differences, "\(outcome.errors)")
        #expect(outcome.code == (Self.differences.isEmpty ? 0 : 1))
        let answers = try answers(outcome)
        var counts: [String: Int] = [:]
        for item in try cases() {
            guard let id = item[member: "id"]?.string, let kind = item[member: "kind"]?.string, answers[id] != nil else { continue }
            counts[kind, default: 0] += 1
        }
        #expect(counts == Self.kinds)
        #expect(outcome.errors.contains("Note: kind 'next_operator' is not known here: 10 cases skipped\n"))
    }

    @Test func `answers come from the rules, not from what is expected`() throws {
        let known = try cases().filter { Self.kinds[$0[member: "kind"]?.string ?? ""] != nil }
        let blind = known.map { item in JSONValue.object((item.object ?? [:]).filter { !Self.expectations.contains($0.key) }) }
        let wrong = known.map { item in
            JSONValue.object((item.object ?? [:]).mapValues { $0 }.merging(["expect": "wrong", "expectOrder": [], "after": 7]) { $1 })
        }
        let honest = try answers(try batch(known))
        #expect(honest.count == Self.kinds.values.reduce(0, +))
        #expect(try answers(try batch(blind)) == honest)
        #expect(try answers(try batch(wrong)) == honest)
    }

    @Test func `differences are named, each on a line`() throws {
        let outcome = try batch(
            [
                ["id": "c1", "kind": "compare", "a": "1", "b": "2", "expect": 1],
                ["id": "c2", "kind": "compare", "a": "1", "b": "2", "expect": -1],
                ["id": "c3", "kind": "compare", "a": "1", "b": "2"],
                [
                    "id": "c4", "kind": "constraint_satisfied", "constraints": [], "properties": [], "expect": "satisfied",
                    "validateAccepts": false,
                ],
                [
                    "id": "c5", "kind": "pick_next", "scheduledUnix": ["a": 1, "b": 1],
                    "expectOrderAnyOf": [["b", "a", ""], ["a", "b", ""]],
                ],
                ["id": "c6", "kind": "pick_next", "scheduledUnix": ["a": 1], "expectOrderAnyOf": [["b", ""], [""]]],
                ["id": "c7", "kind": "from_elsewhere"],
            ], "--verify")
        #expect(
            outcome.errors == """
                Note: kind 'from_elsewhere' is not known here: 1 case skipped
                Error: c1: expected 1, found -1
                c3: states no expected answer, found -1
                c4: validateAccepts: expected false, found true
                c6: expected one of [["b",""],[""]], found ["a",""]

                """)
        #expect(outcome.code == 1)
        #expect(try answers(outcome).keys.sorted() == ["c1", "c2", "c3", "c4", "c5", "c6"])
    }

    @Test func `a case that lacks something is named, and the others are answered`() throws {
        let outcome = try batch([
            ["id": "m1", "kind": "compare", "a": "1"],
            ["id": "m2", "kind": "match", "nmp": [:], "nodePattern": ""],
            ["id": "m3", "kind": "match", "nmp": [:], "nodePattern": "", "nodePolicy": nil],
            ["id": "m4", "kind": "package_names", "nodeType": "toaster", "operatingSystem": "", "arch": "", "containerized": false],
            ["id": "m5"], ["id": "m5", "kind": 5],
            ["kind": "is_version", "version": "1"],
            ["id": "m6", "kind": "constraint_satisfied", "constraints": [1], "properties": []],
            ["id": "m3", "kind": "is_version", "version": "1"],
        ])
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        try #require(outcome.code == 1 && lines.count == 8)
        #expect(lines[0] == "Note: a case without a kind cannot be answered: 1 case skipped")
        #expect(lines[1] == "Error: m1: the field 'b' is missing")
        #expect(lines[2] == "m2: the field 'nodePolicy' is missing")
        #expect(lines[3].hasPrefix("m4: the field 'nodeType' is not what its kind needs: "))
        #expect(lines[4].hasPrefix("m5: the field 'kind' is not what its kind needs: "))
        #expect(lines[5].hasPrefix("case 7 of ") && lines[5].hasSuffix(": the field 'id' is missing, or is no text"))
        #expect(lines[6].hasPrefix("m6: the field 'constraints.[0]' is not what its kind needs: "))
        #expect(lines[7] == "m3: there is more than one case of this id")
        #expect(try answers(outcome).keys.sorted() == ["m3"])
    }

    @Test func `the form of an error is that of what is expected`() throws {
        let best: [String: JSONValue] = ["kind": "best_version", "available": [], "wanted": "latest"]
        let plan: [String: JSONValue] = [
            "kind": "download_plan", "nodeType": "device", "packages": ["a", "b"],
            "manifest": ["softwareUpgrade": ["version": "1", "files": ["b", "agent-install.sh"]]],
            "upgradeVersions": ["softwareVersion": "1"],
        ]
        func item(_ id: String, _ members: [String: JSONValue], _ more: [String: JSONValue]) -> JSONValue {
            .object(members.merging(["id": .string(id)]) { $1 }.merging(more) { $1 })
        }
        let outcome = try batch([
            item("e1", best, ["expect": nil]), item("e2", best, ["expect": "error"]), item("e3", best, ["expect": "1.0.0"]),
            item("e4", best, [:]),
            item("e5", plan, [:]), item("e6", plan, ["expectObjects": nil]), item("e7", plan, ["expect": "error"]),
            item("e8", ["kind": "compare", "a": "x", "b": "1"], ["expect": nil]), item("e9", ["kind": "compare", "a": "x", "b": "1"], [:]),
        ])
        let type = "agent_software_files-1"
        #expect(
            try answers(outcome) == [
                "e1": nil, "e2": "error", "e3": nil, "e4": nil,
                "e5": [["IBM", .string(type), "b"], ["IBM", .string(type), "agent-install.sh"]],
                "e6": nil, "e7": "error", "e8": nil, "e9": "error",
            ])
        #expect(outcome.code == 0)
    }

    @Test func `when something is due depends on when it is asked`() throws {
        let outcome = try batch([
            ["id": "p1", "kind": "pick_next", "scheduledUnix": ["a": 100, "b": 200, "c": 300], "nowUnix": 200],
            ["id": "p2", "kind": "pick_next", "scheduledUnix": ["a": 100, "b": 99999999999]],
        ])
        #expect(try answers(outcome) == ["p1": ["b", "a", ""], "p2": ["a", ""]])
    }

    @Test func `lists that are not there stay apart from empty ones`() throws {
        let invalid: JSONValue = [["name": "a", "type": "int", "value": "x"]]
        let outcome = try batch([
            ["id": "n1", "kind": "effective_management_policy", "nodePolicy": ["properties": nil, "management": ["properties": invalid]]],
            ["id": "n2", "kind": "effective_management_policy", "nodePolicy": ["properties": [], "management": ["properties": invalid]]],
            ["id": "n3", "kind": "effective_management_policy", "nodePolicy": nil],
        ])
        #expect(
            try answers(outcome) == [
                "n1": ["properties": invalid, "constraints": nil], "n2": ["properties": [], "constraints": nil],
                "n3": ["properties": nil, "constraints": nil],
            ])
    }

    @Test func `files that are no cases are refused`() throws {
        let scratch = try Scratch()
        #expect(uplift("check", "batch", try scratch.write("a.json", "[1")).code == 3)
        #expect(uplift("check", "batch", try scratch.write("b.json", "{}")).code == 3)
        #expect(uplift("check", "batch", scratch.path + "/none.json").code == 4)
    }
}
