/// Every setting of the agent, with its default: the one typed table. The handbook's page is made from it.
package enum SettingKey: String, CaseIterable, Sendable {
    /// Exchange address, ending in `/v1`.
    case exchangeURL = "HZN_EXCHANGE_URL"
    /// CSS address.
    case objectsURL = "HZN_FSS_CSSURL"
    /// Agbot address.
    case agbotURL = "HZN_AGBOT_URL"
    /// TCP port of the local API (reads only).
    case agentPort = "HZN_AGENT_PORT"
    /// CA file for HTTPS.
    case certificatePath = "HZN_MGMT_HUB_CERT_PATH"
    /// Poll interval when neither node nor org tell one.
    case pollInterval = "poll-interval-seconds"
    /// Longest poll interval when neither node nor org tell one.
    case pollIntervalMax = "poll-interval-max-seconds"
    /// Back-off before the second try.
    case retryFirstDelay = "retry-first-delay-seconds"
    /// Longest back-off.
    case retryDelayMax = "retry-delay-max-seconds"
    /// Tries in all.
    case retryTries = "retry-tries"
    /// Time spent in pauses before giving up.
    case retrySpan = "retry-span-hours"
    /// A download slower than one byte a second for this long fails.
    case lowSpeedLimit = "low-speed-limit-seconds"
    /// Whole time of one file's download.
    case downloadTimeout = "download-timeout-seconds"
    /// Plain `http://` to hosts other than loopback.
    case allowInsecureHub = "allow-insecure-hub"
    /// Whether a policy that allows a downgrade may do one here.
    case allowDowngrade = "allow-downgrade"
    /// Time for an installer to come to its switch.
    case handoverTimeout = "handover-timeout-seconds"
    /// Time for one trial when the package names none.
    case trialDeadline = "trial-deadline-seconds"
    /// Pause between two questions for the turn of a high-availability group.
    case turnPause = "turn-pause-seconds"
    /// Pause between two rounds of the hub probe.
    case probePause = "probe-pause-seconds"
    /// Whole time of one hub probe.
    case probeTimeout = "probe-timeout-seconds"
    /// Releases that are kept beside the running one.
    case releasesKept = "releases-kept"
    /// Bytes that those releases may have together.
    case releasesBytesMax = "releases-bytes-max"
    /// Time for the hooks of one moment.
    case hookTime = "hook-time-seconds"
    /// Time for one try of a health probe of the operator.
    case healthTime = "health-time-seconds"
    /// Charge below which a node on battery waits.
    case batteryMinimum = "battery-min-percent"
    /// Somebody else's agent beside us that we upgrade.
    case managedAgent = "managed-agent"
    /// Time for its upgrade script.
    case scriptTime = "script-time-seconds"
    /// How long operation records are kept.
    case operationsKept = "purge-opstatus-after-seconds"
    /// How long those of single activities are kept.
    case operationsKeptEach = "opstatus-max-age"
    /// The most operation records that are kept.
    case operationsMax = "opstatus-rows-max"

    /// What it is when nobody sets it.
    package var defaultValue: String {
        switch self {
        case .exchangeURL, .objectsURL, .agbotURL, .certificatePath, .managedAgent: ""
        case .agentPort: "8510"
        case .pollInterval: "20"
        case .pollIntervalMax: "120"
        case .retryFirstDelay: "10"
        case .retryDelayMax: "3600"
        case .retryTries: "20"
        case .retrySpan: "72"
        case .lowSpeedLimit: "60"
        case .downloadTimeout: "21600"
        case .allowInsecureHub: "no"
        case .allowDowngrade: "yes"
        case .handoverTimeout: "1800"
        case .trialDeadline: "120"
        case .turnPause: "60"
        case .probePause: "2"
        case .probeTimeout: "10"
        case .releasesKept: "2"
        case .releasesBytesMax: "2147483648"
        case .batteryMinimum: "30"
        case .hookTime: "120"
        case .scriptTime: "1800"
        case .healthTime: "30"
        case .operationsKept: "5184000"
        case .operationsKeptEach: "poll=604800"
        case .operationsMax: "10000"
        }
    }

    /// What a value may look like.
    package enum Form: Hashable, Sendable {
        /// Any text.
        case text
        /// A word that `flag` knows.
        case flag
        /// A number; one outside of the range counts as its nearest end.
        case number(ClosedRange<Double>)
        /// One of these words, or nothing.
        case word([String])
        /// Seconds by activity, `OperationLimits.ages`.
        case ages
    }

    /// What its values may look like. No time is longer than a year.
    package var form: Form {
        let longest = 31_536_000.0
        switch self {
        case .exchangeURL, .objectsURL, .agbotURL, .certificatePath: return .text
        case .allowInsecureHub, .allowDowngrade: return .flag
        case .agentPort: return .number(0...65_535)
        case .retryTries: return .number(1...100_000)
        case .retrySpan: return .number(0...87_600)
        case .pollInterval, .pollIntervalMax, .retryFirstDelay, .retryDelayMax: return .number(0.01...longest)
        case .lowSpeedLimit: return .number(0.05...longest)
        case .handoverTimeout, .probePause, .turnPause: return .number(0.1...longest)
        case .downloadTimeout, .trialDeadline: return .number(1...longest)
        case .probeTimeout: return .number(0.1...30)
        case .releasesKept: return .number(0...1000)
        case .releasesBytesMax: return .number(0...1_125_899_906_842_624)
        case .batteryMinimum: return .number(0...100)
        case .hookTime, .healthTime: return .number(0.1...3600)
        case .managedAgent: return .word(["horizon"])
        case .scriptTime: return .number(0.1...86_400)
        case .operationsKept: return .number(1...longest)
        case .operationsKeptEach: return .ages
        case .operationsMax: return .number(100...10_000_000)
        }
    }

    /// What a word says; nil when it is neither yes nor no.
    package static func flag(_ word: String) -> Bool? {
        switch word.lowercased() {
        case "yes", "true", "1", "on": true
        case "no", "false", "0", "off": false
        default: nil
        }
    }

    /// What it is for, one sentence for people.
    package var meaning: String {
        switch self {
        case .exchangeURL: "Address of the exchange, ending in /v1."
        case .objectsURL: "Address of the CSS (model management service) that holds the packages."
        case .agbotURL: "Address of the agbot that gives the members of a high-availability group their turn; needed in such a group only."
        case .agentPort: "TCP port of the local API on 127.0.0.1, reads only; 0 = any free one, written to run/uplift/agent.port."
        case .certificatePath:
            "CA file (PEM) for HTTPS to the hub; empty = the system's. A release's certificate beats it, unless it is set in /etc/uplift."
        case .pollInterval: "Seconds between two polls when neither node nor org tell one at the exchange; fractions allowed."
        case .pollIntervalMax: "Seconds to which quiet polls stretch when neither node nor org tell one."
        case .retryFirstDelay: "Seconds before the second try of a failed download; doubles from try to try; fractions allowed."
        case .retryDelayMax: "Longest pause between two tries, seconds."
        case .retryTries: "Tries before a download has failed."
        case .retrySpan: "Hours spent in pauses between tries after which a download has failed."
        case .lowSpeedLimit: "Seconds below one byte a second after which a transfer is broken off; fractions allowed."
        case .downloadTimeout: "Longest time for one file, seconds."
        case .allowInsecureHub: "yes allows plain http:// to hosts other than this one."
        case .allowDowngrade: "no refuses every downgrade, also where the policy allows it."
        case .handoverTimeout: "Seconds after which a job is taken back from an installer that has switched nothing."
        case .trialDeadline: "Seconds for a new release to prove itself when its package names no deadline."
        case .turnPause: "Seconds between two questions for the turn of a high-availability group; fractions allowed."
        case .probePause: "Seconds between two rounds of the hub probe; 2 is the least outside of tests."
        case .probeTimeout: "Seconds for one hub probe."
        case .releasesKept:
            "Releases that stay beside the running one after a commit; older ones are removed. The last one that proved itself is never removed."
        case .releasesBytesMax: "Bytes that these kept releases may have together; older ones are removed beyond that."
        case .hookTime: "Seconds that all hooks of one moment of an upgrade have together, with what is run again."
        case .managedAgent:
            "horizon = upgrade the Open Horizon agent on this machine instead of upliftd itself, and open no TCP port; empty = none."
        case .scriptTime: "Seconds for the upgrade script of the managed agent."
        case .healthTime: "Seconds that one try of a probe in health.d has; three failures count when the trial's deadline is over."
        case .operationsKept: "Seconds after which a record of operation status is removed, counted from its last writing."
        case .operationsKeptEach:
            "Seconds after which records of single activities are removed instead: ACTIVITY=SECONDS, separated by commas."
        case .operationsMax: "Newest writings of operation records that are kept; what has not ended is kept in any case."
        case .batteryMinimum: "Percent of charge below which a node that runs on battery waits with its upgrade; 0 = never."
        }
    }
}
