import ArgumentParser
import FoundationEssentials
import UpgradeCore
import UpgradeExchange
import UpgradeModel
import UpgradeWire

/// Evaluates constraints and matches policies of a workload that `packaging/constraints_bench.py` made.
struct ConstraintsBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "constraints", abstract: "Constraint evaluations and policy matches a second, as JSON.")

    @Argument(help: "The workload (JSON): the node's properties, simple constraints, policies.")
    var workload: String

    @Option(help: "How long each figure is measured.")
    var seconds = 0.5

    private struct Workload: Decodable {
        let properties: [PropertyDocument]
        let simple: [String]
        let policies: [NodeManagementPolicyDocument]
    }

    private struct Figures: Encodable {
        let parsedOnce: Double
        let parseAndEvaluate: Double
        let matches: Double
        let satisfied: Int
        let matching: Int
    }

    func run() throws {
        let work = try JSONDecoder().decode(Workload.self, from: Data(contentsOf: URL(filePath: workload)))
        let meter = Meter(duration: .seconds(seconds))
        let properties = work.properties.map(\.model)
        let parsedOnce = try parsedOnce(work.simple, properties, meter)
        let parseAndEvaluate = parseAndEvaluate(work.simple, properties, meter)
        let matches = matches(work.policies, properties, meter)
        let figures = Figures(
            parsedOnce: parsedOnce.perSecond, parseAndEvaluate: parseAndEvaluate.perSecond, matches: matches.perSecond,
            satisfied: parsedOnce.yes, matching: matches.yes)
        print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
    }

    private func parsedOnce(_ texts: [String], _ properties: [Property], _ meter: Meter) throws -> (perSecond: Double, yes: Int) {
        let constraints = try texts.map { try Constraint(parsing: $0) }
        return meter.rate(units: constraints.count) {
            constraints.count { $0.isSatisfied(by: properties) }
        }
    }

    private func parseAndEvaluate(_ texts: [String], _ properties: [Property], _ meter: Meter) -> (perSecond: Double, yes: Int) {
        meter.rate(units: texts.count) {
            texts.count { (try? Constraint(parsing: $0))?.isSatisfied(by: properties) == true }
        }
    }

    private func matches(
        _ documents: [NodeManagementPolicyDocument], _ properties: [Property], _ meter: Meter
    ) -> (perSecond: Double, yes: Int) {
        let policies = documents.enumerated().map { $1.model(PolicyID(org: "bench", name: "policy\($0)")) }
        let node = EffectivePolicyRule.effective(NodePolicy(top: NodePolicy.Part(properties: properties)))
        return meter.rate(units: policies.count) {
            policies.count { MatchRule.verdict(policy: $0, node: node, nodePattern: "") == .matches }
        }
    }
}
