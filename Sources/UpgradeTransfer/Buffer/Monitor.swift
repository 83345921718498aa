import Glibc

/// A lock with one condition, on the monotonic clock.
final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs alone; every waiter looks again afterwards.
    func withLock<R>(_ body: () -> R) -> R {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        return body()
    }

    /// Waits until `isTrue` or the time (`Monotonic.now`) is over, then runs `body` under the same lock.
    func wait<R>(until deadline: Duration, _ isTrue: () -> Bool, then body: () -> R) -> R {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        var time = Monotonic.timespec(deadline)
        while !isTrue() {
            guard pthread_cond_timedwait(condition, mutex, &time) == 0 else { break }
        }
        return body()
    }
}

/// Time that never goes back; it stands still while the machine sleeps, as network deadlines should.
enum Monotonic {
    static func now() -> Duration {
        var time = Glibc.timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    static func timespec(_ duration: Duration) -> timespec {
        let parts = duration.components
        return Glibc.timespec(tv_sec: Int(parts.seconds), tv_nsec: Int(parts.attoseconds / 1_000_000_000))
    }
}
