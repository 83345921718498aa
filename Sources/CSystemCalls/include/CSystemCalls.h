// System calls that Swift cannot import: without a wrapper in the C library, variadic, or hidden behind feature macros.
// Every function returns what the call returns (-1 and errno), unless it says otherwise.
#ifndef UPLIFT_CSYSTEMCALLS_H
#define UPLIFT_CSYSTEMCALLS_H

#include <stdint.h>
#include <sys/types.h>

/// `O_PATH`, which the C library shows only with extensions.
extern const int uplift_open_path;

/// Opens below a folder: the path may not leave it and may not meet a symbolic link anywhere. Linux 5.6 and newer.
int uplift_open_beneath(int folder, const char *path, int flags, mode_t mode);

/// `syncfs`: writes out the whole file system on which the file lies.
int uplift_sync_file_system(int descriptor);

/// `flock` exclusively without waiting.
int uplift_lock(int descriptor);

/// User and process at the other end of a unix socket.
int uplift_peer(int descriptor, uid_t *user, pid_t *process);

/// A descriptor that becomes readable for SIGTERM or SIGINT, which the calling thread, and those that it starts later, block from now on.
int uplift_termination_signals(void);

/// A descriptor that another thread makes readable by writing eight bytes.
int uplift_event(void);

/// A timer that also counts the time that the machine sleeps.
int uplift_timer(void);

/// Sets the timer to go off once after this long; zero for never.
int uplift_timer_set(int descriptor, int64_t seconds, int64_t nanoseconds);

/// A descriptor that becomes readable when the process ends.
int uplift_process_descriptor(pid_t process);

/// Both ends of a pipe, closed in every program that is started.
int uplift_pipe(int ends[2]);

/// Accepts a connection without waiting; the new descriptor does not wait either, and is closed in every program that is started.
int uplift_accept(int listener);

/// Names the calling thread for debuggers; the kernel keeps fifteen bytes.
void uplift_name_thread(const char *name);

/// 1 when the own child has ended and is not yet reaped, 0 while it runs.
int uplift_child_ended(pid_t process);

/// Asks the kernel to reclaim these pages of the own process; a wish without an answer.
void uplift_page_out(uintptr_t address, size_t length);

/// Starts a program as leader of its own session with default signals and without any descriptor but 0, 1 and 2.
///
/// `directory` may be null (where we are), `output` -1 (ours). With `dies_with_us` the kernel kills the program when the calling thread
/// ends. Returns 0, or the error number: also when the program could not be executed.
int uplift_spawn(
    pid_t *process, const char *path, char *const arguments[], char *const environment[], const char *directory, int input, int output,
    int dies_with_us);

#endif
