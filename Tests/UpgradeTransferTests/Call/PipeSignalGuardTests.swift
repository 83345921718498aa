import Glibc
import Testing

@testable import UpgradeTransfer

@Suite struct PipeSignalGuardTests {
    @Test func aBrokenPipeOnAForeignThreadDoesNotEndTheProcess() {
        let background = Background {
            var on = sigset_t()
            sigemptyset(&on)
            sigaddset(&on, SIGPIPE)
            pthread_sigmask(SIG_UNBLOCK, &on, nil)
            let pipeGuard = PipeSignalGuard()
            pthread_kill(pthread_self(), SIGPIPE)
            pipeGuard.end()
            var pending = sigset_t()
            sigpending(&pending)
            #expect(sigismember(&pending, SIGPIPE) == 0)
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            #expect(sigismember(&mask, SIGPIPE) == 0)
        }
        background.join()
    }
}
