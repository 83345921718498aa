import Glibc

/// What this machine is, asked from the kernel and `/etc/os-release`. Source: contract 4.4, built-in properties.
package enum LiveMachine {
    /// As the exchange names it: `amd64`, `arm64`, `arm`; others as the kernel says.
    package static var architecture: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "" }
        let machine = withUnsafeBytes(of: &name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        switch machine {
        case "x86_64": return "amd64"
        case "aarch64": return "arm64"
        case "armv6l", "armv7l": return "arm"
        default: return machine
        }
    }

    /// The own process.
    package static var processID: Int32 { getpid() }

    /// The absolute path of the own program, links resolved.
    package static var programPath: String? {
        guard let resolved = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// An absolute path with links and dots resolved; nil when it does not exist.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Makes a folder with all above it that are missing.
    package static func makeFolders(_ path: String, mode: UInt32) -> Bool {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, mode_t(mode)) != 0, errno != EEXIST { return false }
        }
        return true
    }
}

#if Failpoints
    extension LiveMachine {
        /// Makes a file and waits until somebody removes it.
        package static func hold(file: String, text: String) {
            let descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return }
            _ = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
            while access(file, F_OK) == 0 { usleep(20_000) }
        }
    }
#endif

extension LiveMachine {
    /// Ends the process at once, without any clean-up: what a crash-safe program may do at any time.
    package static func leave() { _exit(75) }

    /// The same, with everything that was started in the session of this process, if it leads one.
    package static func leaveWithSession() {
        if getsid(0) == getpid() { Session(leader: getpid()).kill() }
        leave()
    }
}

extension LiveMachine {
    /// The environment of this process.
    package static var environment: [String: String] {
        var values: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") { values[String(text[..<equals])] = String(text[text.index(after: equals)...]) }
            next += 1
        }
        return values
    }

    /// Becomes another program, keeping the process; returns only when that failed.
    package static func become(_ command: [String]) {
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        guard let program = command.first else { return }
        execv(program, arguments)
    }
}
