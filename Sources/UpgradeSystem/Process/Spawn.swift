import CSystemCalls
import Glibc

/// Starts programs without a shell, each as leader of its own session, with no descriptor of ours but the given ones.
enum Spawn {
    /// What is started. `output` nil = where ours goes; `directory` nil = where we are; `diesWithUs`: killed when the starting thread ends,
    /// with the process at the latest.
    struct Request {
        var command: [String]
        var environment: [String: String]
        var directory: String?
        var input: Descriptor
        var output: Descriptor?
        var diesWithUs = false
    }

    /// Starts it and returns its process id. Errors: also when the program is not there or may not be executed.
    static func start(_ request: Request) throws(SystemError) -> pid_t {
        let variables = request.environment.map { "\($0.key)=\($0.value)" }.sorted()
        guard let program = request.command.first, program.hasPrefix("/") else { throw SystemError(code: ENOENT) }
        guard !(request.command + variables).contains(where: { $0.utf8.contains(0) }) else { throw SystemError(code: EINVAL) }
        let (arguments, environment) = (CStrings(request.command), CStrings(variables))
        var process: pid_t = 0
        let failure = request.input.use { input in
            arguments.use { arguments in
                environment.use { environment in
                    let output = request.output?.number ?? -1
                    return uplift_spawn(
                        &process, program, arguments, environment, request.directory, input, output, request.diesWithUs ? 1 : 0)
                }
            }
        }
        withExtendedLifetime(request.output) {}
        guard failure == 0 else { throw SystemError(code: failure) }
        return process
    }

    /// Both ends of a new pipe, closed in every program that is started.
    static func pipe() throws(SystemError) -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [-1, -1]
        _ = try retrying { uplift_pipe(&ends) }
        return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    }
}

/// Texts as C wants them: an array of pointers that ends with null.
private final class CStrings {
    private var pointers: [UnsafeMutablePointer<CChar>?]

    init(_ texts: [String]) { pointers = texts.map { strdup($0) } + [nil] }

    deinit { for pointer in pointers { free(pointer) } }

    func use<Value>(_ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Value) -> Value {
        pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
