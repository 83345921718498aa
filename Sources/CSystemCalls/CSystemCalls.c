#define _GNU_SOURCE
#include "CSystemCalls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const int uplift_open_path = O_PATH;

int uplift_open_beneath(int folder, const char *path, int flags, mode_t mode) {
    struct open_how how = {
        .flags = (uint64_t)(flags | O_CLOEXEC), .mode = mode, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

int uplift_sync_file_system(int descriptor) { return syncfs(descriptor); }

int uplift_lock(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB); }

int uplift_peer(int descriptor, uid_t *user, pid_t *process) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -1;
    *user = peer.uid;
    *process = peer.pid;
    return 0;
}

int uplift_termination_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    int failure = pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (failure != 0) {
        errno = failure;
        return -1;
    }
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int uplift_event(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int uplift_timer(void) { return timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK); }

int uplift_timer_set(int descriptor, int64_t seconds, int64_t nanoseconds) {
    struct itimerspec time = {.it_value = {.tv_sec = seconds, .tv_nsec = nanoseconds}};
    return timerfd_settime(descriptor, 0, &time, NULL);
}

int uplift_process_descriptor(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int uplift_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int uplift_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

void uplift_name_thread(const char *name) { (void)prctl(PR_SET_NAME, name); }

void uplift_page_out(uintptr_t address, size_t length) { (void)madvise((void *)address, length, MADV_PAGEOUT); }

int uplift_child_ended(pid_t process) {
    siginfo_t information = {0};
    if (waitid(P_PID, (id_t)process, &information, WEXITED | WNOHANG | WNOWAIT) != 0) return -1;
    return information.si_pid == process;
}

/// A descriptor that stays open in the next program, under this number.
static int place(int descriptor, int number) {
    return descriptor == number ? fcntl(number, F_SETFD, 0) : dup2(descriptor, number);
}

/// What a new child does until it is another program; returns the error number when it cannot be. Async-signal-safe calls alone.
static int become(
    const char *path, char *const arguments[], char *const environment[], const char *directory, int input, int output, pid_t owner) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigset_t none;
    sigemptyset(&none);
    // A command stays in its owner's session, so that who ends the owner finds all that the command started; its group is its own.
    if (owner != 0) (void)setpgid(0, 0);
    else (void)setsid();
    // The owner may have died before it could be asked to be mourned.
    if (owner != 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != owner)) return ECANCELED;
    for (int number = 1; number < NSIG; number++) (void)sigaction(number, &standard, NULL);
    if (place(input, 0) < 0) return errno;
    if (output >= 0 && (place(output, 1) < 0 || place(output, 2) < 0)) return errno;
    if (syscall(SYS_close_range, 3U, ~0U, 0U) != 0) return errno;
    if (directory && chdir(directory) != 0) return errno;
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) return errno;
    execve(path, arguments, environment);
    return errno;
}

int uplift_spawn(
    pid_t *process, const char *path, char *const arguments[], char *const environment[], const char *directory, int input, int output,
    int dies_with_us) {
    pid_t owner = dies_with_us ? getpid() : 0;
    sigset_t all, before;
    sigfillset(&all);
    // The child shares our memory until it is another program, so none of our handlers may run in it.
    int failure = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (failure != 0) return failure;
    volatile int refusal = 0;
    pid_t child = vfork();
    if (child == 0) {
        refusal = become(path, arguments, environment, directory, input, output, owner);
        _exit(127);
    }
    failure = child < 0 ? errno : refusal;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child > 0 && failure != 0) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    }
    *process = child;
    return failure;
}
