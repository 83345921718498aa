import Testing

/// `check batch` with cases of `cli_nmp_validate`: what `hzn` takes is wider than what our own review takes, and is not widened further.
@Suite struct OpenHorizonPolicyTests {
    private func answer(_ policy: String) throws -> String {
        let scratch = try Scratch()
        let file = try scratch.write("c.json", #"{"cases":[{"id":"x","kind":"cli_nmp_validate","nmp":\#(policy)}]}"#)
        return uplift("check", "batch", file).output
    }

    @Test(arguments: [
        #"{"start":"now"}"#, #"{"START":"now","Enabled":true}"#, #"{"start":"now","unknown":{}}"#,
        #"{"start":"now","constraints":null,"properties":null,"patterns":null,"enabled":null,"agentUpgradePolicy":null}"#,
        #"{"start":"now","constraints":["a == x || "," a == b",""],"patterns":["p"]}"#, #"{"start":"2026-01-02T3:04:05,5+24:60"}"#,
        #"{"start":"now","startWindow":-5,"agentUpgradePolicy":{"manifest":"","allowDowngrade":true,"x":1}}"#,
        #"{"start":"now","agentImagePolicy":{"imageRemovalPolicies":[{"imageId":"i","deleteAfterMinutes":5}]}}"#,
        #"{"start":"now","properties":[{"name":"openhorizon.allowPrivileged","value":"false","type":"string"}]}"#,
    ])
    func `taken`(policy: String) throws {
        #expect(try answer(policy).contains(#""x": "valid""#))
    }

    @Test(arguments: [
        "{}", "null", "[]", #"{"start":""}"#, #"{"start":"2026-01-02"}"#, #"{"start":"2026-01-02T03:04:05Z[UTC]"}"#, #"{"start":1}"#,
        #"{"start":"now","enabled":"yes"}"#, #"{"start":"now","startWindow":"5"}"#, #"{"start":"now","startWindow":1.5}"#,
        #"{"start":"now","label":1}"#, #"{"start":"now","constraints":"a == b"}"#, #"{"start":"now","constraints":[1]}"#,
        #"{"start":"now","constraints":["a =="]}"#, #"{"start":"now","patterns":"p"}"#, #"{"start":"now","agentUpgradePolicy":"m"}"#,
        #"{"start":"now","agentUpgradePolicy":{"allowDowngrade":"no"}}"#, #"{"start":"now","properties":[null]}"#,
        #"{"start":"now","properties":[{"name":"","value":1}]}"#, #"{"start":"now","properties":[{"name":"a","value":[]}]}"#,
        #"{"start":"now","properties":[{"name":"openhorizon.allowPrivileged","value":"yes"}]}"#,
        #"{"start":"now","properties":[{"name":"openhorizon.allowPrivileged","value":1}]}"#,
        #"{"start":"now","agentImagePolicy":{"imageRemovalPolicies":[{"deleteAfterMinutes":-5}]}}"#,
    ])
    func `refused`(policy: String) throws {
        #expect(try answer(policy).contains(#""x": "invalid""#))
    }
}
