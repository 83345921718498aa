import UpgradeWire

extension TestHub {
    /// An agreement bot whose token is `token-of-the-agbot-` and its id.
    func addAgbot(_ org: String, _ id: String, by auth: String? = nil) async throws {
        let answer = try await client.send(
            "PUT", "/v1/orgs/\(org)/agbots/\(id)", auth: auth ?? "root/root:\(Self.rootPassword)",
            json: ["token": .string("token-of-the-agbot-\(id)"), "name": .string(id), "publicKey": ""])
        guard answer.status == 201 else { throw TestFailure("agbot \(id): \(answer.status) \(answer.text)") }
    }
}
