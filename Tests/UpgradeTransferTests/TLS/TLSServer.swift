import Glibc

/// Certificates for tests, and an HTTPS server on a free port, both by the `openssl` command.
final class TLSServer {
    struct NotStarted: Error {}

    /// What the server shows to its clients.
    enum Certificate: String { case good, wrongName = "wrong-name" }

    let port: Int
    private let process: pid_t
    private let output: Int32

    /// Files in `folder` are whole answers, head and body, by name.
    init(in folder: String, _ certificate: Certificate, arguments: String = "") throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw NotStarted() }
        output = ends[0]
        let script = """
            cd '\(folder)' && exec openssl s_server -accept 127.0.0.1:0 -HTTP -cert \(certificate.rawValue).pem -key key.pem \(arguments)
            """
        process = try Self.spawn(script, output: ends[1])
        close(ends[1])
        guard let port = Self.acceptedPort(output) else {
            kill(process, SIGKILL)
            throw NotStarted()
        }
        self.port = port
    }

    deinit {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        close(output)
    }

    /// `https://127.0.0.1:port`.
    var url: String { "https://127.0.0.1:\(port)" }

    /// Makes `ca.pem`, `other-ca.pem` and the server certificates.
    static func makeCertificates(in folder: String) throws {
        let script = """
            set -e; cd '\(folder)'; new="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            for ca in ca other-ca; do
              openssl req -x509 $new -keyout $ca.key -out $ca.pem -days 2 -subj /CN=$ca -addext keyUsage=keyCertSign
            done
            openssl req $new -keyout key.pem -out server.csr -subj /CN=server
            sign() { echo "subjectAltName=$2" > ext; openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days $3 -extfile ext -out $1.pem; }
            sign good IP:127.0.0.1,DNS:localhost 2; sign wrong-name DNS:elsewhere.example 2
            """
        let process = try spawn("(\(script)) >/dev/null 2>&1", output: 1)
        var status: Int32 = 0
        guard waitpid(process, &status, 0) == process, status == 0 else { throw NotStarted() }
    }

    private static func spawn(_ script: String, output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let words: [String] = ["/bin/sh", "-c", script]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var process: pid_t = 0
        guard posix_spawn(&process, "/bin/sh", &actions, nil, &arguments, environ) == 0 else { throw NotStarted() }
        return process
    }

    /// From the line `ACCEPT address:port`.
    private static func acceptedPort(_ descriptor: Int32) -> Int? {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return nil }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT") }), text.hasSuffix("\n") {
                return line.split(separator: ":").last.flatMap { Int($0.filter { $0.isNumber }) }
            }
        }
    }
}
