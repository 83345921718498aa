import ArgumentParser
import ExchangeServer

/// How `serve` watches over its nodes.
struct WatchArguments: ParsableArguments {
    @Option(help: ArgumentHelp("How often to look.", valueName: "seconds"))
    var watchInterval = 60

    @Option(
        help: ArgumentHelp(
            "How much later than its longest pause a heartbeat may come; unless told, as much as two lost requests take.",
            valueName: "seconds"))
    var boundSlack: Int?

    @Option(
        help: ArgumentHelp(
            "From when on a job that says 'download started' or 'downloaded' is stalled; unless told, after all tries that an agent makes.",
            valueName: "seconds"))
    var boundDownload: Int?

    @Option(
        help: ArgumentHelp(
            "The same for 'initiated', 'failed', 'rollback started' and 'rollback failed'; unless told, after the longest trial of a package.",
            valueName: "seconds"))
    var boundInstall: Int?

    @Flag(
        help: """
            Ask nodes that fell silent whether they run, with GET MSGENDPOINT/ping where a node's msgEndPoint is a URL. The node chooses that \
            address: who has its token can make this machine ask any other that it reaches, without learning what that answers.
            """)
    var pingNodes = false

    func validate() throws {
        try WatchArguments.require("--watch-interval", watchInterval, 1...86_400)
        try WatchArguments.require("--bound-slack", boundSlack, 0...86_400)
        try WatchArguments.require("--bound-download", boundDownload, 1...31_536_000)
        try WatchArguments.require("--bound-install", boundInstall, 1...31_536_000)
    }

    private static func require(_ name: String, _ value: Int?, _ range: ClosedRange<Int>) throws {
        guard let value, !range.contains(value) else { return }
        throw ValidationError("\(name) must be \(range.lowerBound) to \(range.upperBound) seconds, found \(value)")
    }

    var options: WatchOptions {
        var options = WatchOptions(
            interval: .seconds(watchInterval), slack: boundSlack.map { .seconds($0) }, fetching: boundDownload.map { .seconds($0) },
            installing: boundInstall.map { .seconds($0) })
        if pingNodes { options.ping = { NodePing.get($0) } }
        return options
    }
}
