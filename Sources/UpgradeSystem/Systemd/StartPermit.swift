import Glibc

/// The installer's word, good for one start, that the agent may run although a job is open. systemd restarts a service on its own account;
/// on trial that would be a start which nobody counts.
package struct StartPermit: Sendable {
    private let path: String

    /// In the run folder, which does not survive a boot.
    package init(runFolder: String) { path = runFolder + "/start-agent" }

    /// Allows one start. Errors: the file cannot be made.
    package func grant() throws(ProcessFailure) {
        do throws(SystemError) {
            _ = Descriptor(owning: try retrying { open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) })
        } catch {
            throw ProcessFailure("cannot make \(path), by which the agent may start: \(error.reason)")
        }
    }

    /// Uses it up. False = there was none.
    package func take() -> Bool { unlink(path) == 0 }
}
