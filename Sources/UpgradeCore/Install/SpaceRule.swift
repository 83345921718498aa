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

    /// The same for what dpkg unpacks: it needs room for all of it, because the old files go only when the new ones are there.
    /// - Parameters:
    ///   - sizes: `Installed-Size` of each package, in KiB.
    ///   - root: the folder below which they are installed.
    package static func objection(free: Int64, installing sizes: [Int64], below root: String) -> String? {
        let needed = sizes.reduce(Int64(0)) { sum, size in
            let (bytes, isTooMuch) = max(size, 0).multipliedReportingOverflow(by: 1024)
            let (next, overflow) = sum.addingReportingOverflow(isTooMuch ? .max : bytes)
            return overflow ? .max : next
        }
        guard free < needed else { return nil }
        return "too little space to install: found \(free) bytes free, expected at least \(needed) (Installed-Size of "
            + "\(sizes.count) Debian packages); free space under \(root), for example with `apt-get clean`"
    }
}
