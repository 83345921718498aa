import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// A value that is not used as it is written is told, with its file, what was expected and what holds instead.
@Suite struct SettingsMistakeTests {
    private func settings(_ text: String) -> Settings {
        Settings(layers: [.init(name: "/etc/uplift/a.conf", text: text, isLocal: true)])
    }

    @Test(arguments: [
        ("retry-tries=many", "retry-tries is 'many', expected a number; 20 holds"),
        ("retry-tries=", "retry-tries is '', expected a number; 20 holds"),
        ("retry-tries=nan", "retry-tries is 'nan', expected a number; 20 holds"),
        ("retry-span-hours=inf", "retry-span-hours is 'inf', expected a number; 72 holds"),
        ("poll-interval-seconds=-3", "poll-interval-seconds is '-3', expected a number from 0.01 to 31536000; 0.01 holds"),
        ("retry-tries=0", "retry-tries is '0', expected a number from 1 to 100000; 1 holds"),
        ("trial-deadline-seconds=0.5", "trial-deadline-seconds is '0.5', expected a number from 1 to 31536000; 1 holds"),
        ("probe-timeout-seconds=31", "probe-timeout-seconds is '31', expected a number from 0.1 to 30; 30 holds"),
        ("HZN_AGENT_PORT=65536", "HZN_AGENT_PORT is '65536', expected a number from 0 to 65535; 65535 holds"),
        ("allow-insecure-hub=maybe", "allow-insecure-hub is 'maybe', expected yes or no; no holds"),
        ("allow-insecure-hub=", "allow-insecure-hub is '', expected yes or no; no holds"),
        ("poll-intervall-seconds=3", "there is no setting poll-intervall-seconds"),
        ("retry-tries=4\u{1b}[31m", "retry-tries is '4\\u{1b}[31m', expected a number; 20 holds"),
    ])
    func `each kind has its sentence`(line: String, sentence: String) {
        #expect(settings(line).mistakes == ["/etc/uplift/a.conf: " + sentence])
    }

    @Test(arguments: [
        "retry-tries=1", "poll-interval-seconds=0.2", "HZN_AGENT_PORT=0", "allow-insecure-hub=YES", "allow-insecure-hub=off",
        "HZN_EXCHANGE_URL=anything at all", "HZN_NODE_ID=somebody else's", "UNKNOWN-KEY=1", "other=1",
    ])
    func `what is fine, or not ours, is no mistake`(line: String) { #expect(settings(line).mistakes == []) }

    @Test func `what the sentence says is what holds`() {
        let odd = settings("retry-tries=0\nretry-span-hours=many\nallow-insecure-hub=maybe\nprobe-timeout-seconds=31\nHZN_AGENT_PORT=-1\n")
        #expect(odd.jobLimits.retryTries == 1)
        #expect(odd.jobLimits.retrySpan == .seconds(72 * 3600))
        #expect(!odd.flag(.allowInsecureHub))
        #expect(odd.seconds(.probeTimeout) == .seconds(30))
        #expect(odd.number(.agentPort) == 0)
        #expect(odd.mistakes.count == 5)
    }

    @Test func `a wrong value that a later file puts right is no mistake`() {
        let settings = Settings(layers: [
            .init(name: "/etc/default/horizon", text: "retry-tries=many", isLocal: false),
            .init(name: "/etc/uplift/a.conf", text: "retry-tries=5", isLocal: true),
        ])
        #expect(settings.mistakes == [])
    }

    @Test(arguments: SettingKey.allCases)
    func `every default is a value of its form`(key: SettingKey) {
        #expect(settings("\(key.rawValue)=\(key.defaultValue)").mistakes == [])
    }
}
