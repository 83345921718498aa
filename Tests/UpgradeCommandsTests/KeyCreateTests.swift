import Testing

@Suite struct KeyCreateTests {
    @Test func `makes a private key for its owner alone and a public one named by its digest`() throws {
        let scratch = try Scratch()
        let outcome = uplift("key", "create", scratch.path + "/a/keys")
        let name = FakeKeys.publicName + ".pem"
        #expect(outcome.code == 0)
        #expect(
            outcome.output
                == "Private key: \(scratch.path)/a/keys/service.private.key\nPublic key: \(scratch.path)/a/keys/\(name)\n")
        #expect(scratch.mode("a/keys") == 0o700)
        #expect(scratch.mode("a/keys/service.private.key") == 0o600)
        #expect(scratch.read("a/keys/service.private.key") == "PRIVATE\n")
        #expect(scratch.read("a/keys/" + name) == "PUBLIC\n")
    }

    @Test func `never overwrites a key`() throws {
        let scratch = try Scratch()
        try scratch.write("service.private.key", "old")
        let outcome = uplift("key", "create", scratch.path)
        #expect(outcome.code == 4)
        #expect(outcome.errors.contains("never overwritten"))
        #expect(scratch.read("service.private.key") == "old")
        #expect(scratch.names() == ["service.private.key"])
    }

    @Test func `leaves no private key without its public one`() throws {
        let scratch = try Scratch()
        try scratch.write(FakeKeys.publicName + ".pem", "there")
        #expect(uplift("key", "create", scratch.path).code == 4)
        #expect(scratch.names() == [FakeKeys.publicName + ".pem"])
    }
}
