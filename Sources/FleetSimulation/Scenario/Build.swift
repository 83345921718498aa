import UpgradeModel

/// A version of the software, and how it behaves.
package struct Build: Sendable {
    /// Its version.
    package var version: String
    /// Bytes on the wire.
    package var size: Int64 = 30_000_000
    /// What is wrong with it, where.
    package var sickness: Sickness?
    /// How likely it is wrong on a node, 0…1.
    package var sickShare: Double = 1
    /// The nodes where it is wrong, by name; empty = drawn by `sickShare`.
    package var sickOn: [String] = []
    /// How its bytes or its signature are wrong at the hub.
    package var damage: Damage?
    /// What somebody with the right key has put into it to do harm.
    package var trap: Trap?

    /// A healthy one.
    package init(version: String) { self.version = version }

    /// The same as a package that is whole and well signed.
    var repaired: Build {
        var build = self
        (build.damage, build.trap) = (nil, nil)
        return build
    }

    /// What a program does on a node where it is sick.
    package enum Sickness: String, CaseIterable, Sendable {
        /// It cannot be started.
        case cannotStart = "cannot start"
        /// It ends at once.
        case exits
        /// It starts and never answers.
        case hangs
        /// Its health command says no.
        case unhealthy
        /// Its health command never ends.
        case commandHangs = "command hangs"
        /// It dies as soon as it has answered once.
        case dies
        /// It dies for the first time an hour after its start, and then at every start.
        case diesLater = "dies later"
        /// It does not reach the hub.
        case deaf
        /// It says that it is another version.
        case wrongVersion = "wrong version"
        /// The operator's health probe, which passed before, fails beside it.
        case breaksProbe = "breaks probe"
    }

    /// What is wrong with a package at the hub.
    package enum Damage: String, CaseIterable, Sendable {
        /// Nobody signed it.
        case unsigned
        /// Somebody else signed it.
        case stranger
        /// Its bytes are not those that were signed.
        case corrupt
        /// It is shorter than the hub says.
        case short
        /// The metadata is there, the bytes are not.
        case missing
        /// It is a well signed package of version 0.1.0.
        case replayed
    }

    /// Entries that must never come onto a disk.
    package enum Trap: String, CaseIterable, Sendable {
        /// `../evil`
        case parent
        /// `/etc/evil`
        case absolute
        /// A symbolic link out, and a file through it.
        case symbolicLink = "symbolic link"
        /// A second name of a file outside.
        case hardLink = "hard link"
        /// A device.
        case device
        /// A file that says it has 10 GB.
        case huge
        /// A million entries.
        case million
        /// The same name twice.
        case twice
    }
}

/// A configuration or certificate at the hub.
package struct HubFile: Sendable {
    /// `.configuration` or `.certificate`.
    package var component: Component
    /// Its version.
    package var version: String
    /// It names a hub that is not there, or an authority that is not the hub's.
    package var isWrong = false
    /// How its bytes or its signature are wrong at the hub.
    package var damage: Build.Damage?

    /// A right one.
    package init(_ component: Component, version: String) {
        self.component = component
        self.version = version
    }
}
