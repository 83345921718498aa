/// What GET of one or of all users of an org answers.
package struct UsersDocument: Codable, Hashable, Sendable {
    /// Shape: `org/user` → user.
    package var users: [String: UserDocument]
    /// Always 0.
    package var lastIndex: Int

    private enum CodingKeys: String, CodingKey { case users, lastIndex }

    /// Empty unless given.
    package init(users: [String: UserDocument] = [:], lastIndex: Int = 0) {
        self.users = users
        self.lastIndex = lastIndex
    }

    /// Absent keys: no users.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        users = try container.read(.users, or: [:])
        lastIndex = try container.read(.lastIndex, or: 0)
    }
}
