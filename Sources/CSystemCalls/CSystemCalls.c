#define _GNU_SOURCE
#include "CSystemCalls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
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

int uplift_child_ended(pid_t process) {
    siginfo_t information = {0};
    if (waitid(P_PID, (id_t)process, &information, WEXITED | WNOHANG | WNOWAIT) != 0) return -1;
    return information.si_pid == process;
}

static int describe(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failure = posix_spawnattr_setsigmask(attributes, &none);
    if (failure == 0) failure = posix_spawnattr_setsigdefault(attributes, &all);
    short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    return failure == 0 ? posix_spawnattr_setflags(attributes, flags) : failure;
}

static int arrange(posix_spawn_file_actions_t *actions, const char *directory, int input, int output) {
    int failure = posix_spawn_file_actions_adddup2(actions, input, 0);
    if (failure == 0 && output >= 0) failure = posix_spawn_file_actions_adddup2(actions, output, 1);
    if (failure == 0 && output >= 0) failure = posix_spawn_file_actions_adddup2(actions, output, 2);
    if (failure == 0) failure = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    if (failure == 0 && directory) failure = posix_spawn_file_actions_addchdir_np(actions, directory);
    return failure;
}

int uplift_spawn(
    pid_t *process, const char *path, char *const arguments[], char *const environment[], const char *directory, int input, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure != 0) return failure;
    failure = posix_spawnattr_init(&attributes);
    if (failure == 0) {
        failure = describe(&attributes);
        if (failure == 0) failure = arrange(&actions, directory, input, output);
        if (failure == 0) failure = posix_spawn(process, path, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}
