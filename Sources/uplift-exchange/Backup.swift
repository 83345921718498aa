import ArgumentParser
import ExchangeServer

/// `uplift-exchange backup`.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the hub's state as it is now; the hub may go on running.",
        discussion: """
            The copy holds the database of one moment, all object data that it refers to, and the server secret: keep it as safe as
            the hub itself. Object data on the same file system is linked, not copied, and takes no space until the hub removes it.

            Example:
              uplift-exchange backup --root /var/lib/uplift-exchange --to /var/backups/hub-$(date +%F)
            """)

    @Option(help: ArgumentHelp("The folder that holds the hub's state.", valueName: "dir"))
    var root: String

    @Option(help: ArgumentHelp("The folder for the copy; it must not be there, or be empty.", valueName: "dir"))
    var to: String

    func run() throws { print(try HubBackup.make(of: root, to: to)) }
}
