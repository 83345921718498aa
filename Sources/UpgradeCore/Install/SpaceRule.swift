/// Whether there is room for the next step of an upgrade, with the old release still in its place. Bytes throughout.
package enum SpaceRule {
    /// What the installer writes beside the package: its journal, the plan, and what a file system takes for names.
    private static let records: Int64 = 65_536 + 1_048_576

    /// What has to fit.
    package struct Need: Hashable, Sendable {
        /// What is about to be done, a verb.
        package let step: String
        /// The files, to be fetched or unpacked.
        package let files: Int64
        /// The copy of the agent's database.
        package let database: Int64
        /// What the package wants to be left.
        package let left: Int64

        /// Memberwise.
        package init(step: String, files: Int64, database: Int64, left: Int64) {
            self.step = step
            self.files = files
            self.database = database
            self.left = left
        }

        /// All of it.
        package var bytes: Int64 {
            [files, database, left, SpaceRule.records].reduce(0) { sum, part in
                let (next, overflow) = sum.addingReportingOverflow(max(part, 0))
                return overflow ? .max : next
            }
        }
    }

    /// One sentence with the numbers and the remedy; nil when it fits.
    package static func objection(free: Int64, need: Need) -> String? {
        guard free < need.bytes else { return nil }
        let parts =
            "\(need.files) for the files, \(need.database) for the database, \(records) for journal and plan, \(need.left) to be left"
        return "too little space to \(need.step): found \(free) bytes free, expected at least \(need.bytes) (\(parts)); free space under "
            + "/var/lib/uplift, or keep fewer old releases (releases-kept)"
    }
}
