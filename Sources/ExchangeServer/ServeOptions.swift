import UpgradeModel

/// What `serve` is told. The root password comes from the environment, so that it shows in no process list.
package struct ServeOptions: Sendable {
    /// The folder with everything that the hub keeps; made when it is not there.
    package var root: String
    /// Where to listen.
    package var host: String
    /// Which port; 0 = any free one.
    package var port: Int
    /// Where the port is written to, as decimal and newline, once requests are taken; nil = nowhere.
    package var portFile: String?
    /// Password of `root/root`. Never logged.
    package var rootPassword: String
    /// How long requests under way may go on after the signal to stop.
    package var grace: Duration = .seconds(5)
    /// Whether SIGTERM and SIGINT stop it; a program that has several hubs inside stops them by cancellation instead.
    package var stopsOnSignals = true
    /// How many downloads of parts run at once; more are answered with 429.
    package var partsMax: Int = 256
    /// What objects may cost.
    package var objects = ObjectLimits()
    /// What proving who one is may cost.
    package var logins = LoginLimits()

    /// How it looks after its nodes.
    package var watch = WatchOptions()
    /// The clock; nil = the machine's.
    package var clock: (@Sendable () -> UTCInstant)?

    /// What one connection may cost.
    package var limits = ConnectionLimits()
    /// An answer that takes longer to begin is logged at level notice.
    package var slow: Duration = .seconds(2)
    /// Where `/health` and `/metrics` are served instead, to everybody who can connect; nil = on the port of all, to this machine alone.
    package var metricsListen: (host: String, port: Int)?
    /// Certificate chain and private key, both PEM files; nil = plain HTTP.
    package var tls: (certificate: String, key: String)?

    /// Options with the usual limits.
    package init(root: String, host: String, port: Int, portFile: String? = nil, rootPassword: String) {
        self.root = root
        self.host = host
        self.port = port
        self.portFile = portFile
        self.rootPassword = rootPassword
    }
}
