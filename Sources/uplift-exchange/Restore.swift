import ArgumentParser
import ExchangeServer

/// `uplift-exchange restore`.
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup into a folder for the hub; nothing that is there is ever overwritten.",
        discussion: """
            Stop the hub, move its old folder away, restore as the user that the hub runs as, and start the hub.

            Example:
              uplift-exchange restore --from /var/backups/hub-2026-01-31 --root /var/lib/uplift-exchange
            """)

    @Option(help: ArgumentHelp("The backup.", valueName: "dir"))
    var from: String

    @Option(help: ArgumentHelp("The folder for the hub's state; it must not be there, or be empty.", valueName: "dir"))
    var root: String

    func run() throws { print(try HubBackup.restore(from, to: root)) }
}
