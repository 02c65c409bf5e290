/* bench_timer.h - how late a bare timer is meanwhile: the reference of a tick's lateness.
 *
 * A thread on each core sleeps until fixed times, 1,000 a second, and does nothing else.  What it
 * is late by is the machine's and its load's, and no server on the same cores does better.
 *
 * Memory   the struct holds its samples until bench_timer_stop().
 */
#ifndef BENCH_TIMER_H
#define BENCH_TIMER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_TIMER_CORES_MAX = 64 };

struct bench_timer;

struct bench_timer_thread {
    struct bench_timer *timer;
    pthread_t thread;
    unsigned core;
    double *late_us; /* owned */
    size_t count;
};

struct bench_timer {
    struct bench_timer_thread threads[BENCH_TIMER_CORES_MAX];
    size_t thread_count;
    size_t capacity; /* samples of a thread */
    atomic_bool is_over;
};

/* Starts a thread on each core that this process may use, for at most `seconds`; dies when threads
 * cannot be had. */
void bench_timer_start(struct bench_timer *timer, uint32_t seconds);
/* Ends them.  Returns the lateness in microseconds that `share` of all samples did not exceed. */
double bench_timer_stop(struct bench_timer *timer, double share);

#endif
