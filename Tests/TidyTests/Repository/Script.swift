import Glibc

/// Looks at shell scripts as the kernel and bash do.
enum Script {
    /// True for a text whose first line asks for bash, and for the part that others source.
    static func isBash(_ text: String) -> Bool { text.hasPrefix("#!/usr/bin/env bash") || text.hasPrefix("# Shared by the scripts") }

    /// True when its owner may run it. A relative path is one of the repository.
    static func isExecutable(_ file: String) -> Bool {
        var facts = stat()
        return stat(absolute(file), &facts) == 0 && facts.st_mode & S_IXUSR != 0
    }

    /// `bash -n`: parsed, not run.
    static func syntaxIsRight(_ file: String) -> Bool {
        let texts = ["bash", "-n", absolute(file)]
        let words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
        defer { words.forEach { free($0) } }
        var silent = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&silent)
        defer { posix_spawn_file_actions_destroy(&silent) }
        posix_spawn_file_actions_addopen(&silent, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var child = pid_t()
        guard posix_spawnp(&child, "bash", &silent, nil, words + [nil], environ) == 0 else { return false }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        return status == 0
    }

    private static func absolute(_ file: String) -> String { file.hasPrefix("/") ? file : House.path + "/" + file }
}
