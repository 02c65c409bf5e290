/* bench_timer.c - see bench_timer.h. */
#include "bench_timer.h"

#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { PERIOD_NS = 1000000, TIMES_A_SECOND = 1000 };

static void *run(void *argument)
{
    struct bench_timer_thread *thread = argument;
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(thread->core, &cores);
    if (pthread_setaffinity_np(pthread_self(), sizeof(cores), &cores) != 0) {
        bench_die("core %u cannot be used alone", thread->core);
    }
    uint64_t due_ns = bench_now_ns();
    while (!atomic_load(&thread->timer->is_over) && thread->count < thread->timer->capacity) {
        due_ns += PERIOD_NS;
        bench_sleep_until(due_ns);
        uint64_t now_ns = bench_now_ns();
        thread->late_us[thread->count++] = (double)(now_ns - due_ns) / 1e3;
        due_ns = now_ns > due_ns + PERIOD_NS ? now_ns : due_ns; /* one delay is one sample */
    }
    return NULL;
}

void bench_timer_start(struct bench_timer *timer, uint32_t seconds)
{
    cpu_set_t cores;
    memset(timer, 0, sizeof(*timer));
    timer->capacity = (size_t)seconds * TIMES_A_SECOND;
    if (sched_getaffinity(0, sizeof(cores), &cores) != 0) {
        bench_die("the cores of this process are unknown");
    }
    for (unsigned core = 0; core < CPU_SETSIZE && timer->thread_count < BENCH_TIMER_CORES_MAX;
         core++) {
        if (!CPU_ISSET(core, &cores)) {
            continue;
        }
        struct bench_timer_thread *thread = &timer->threads[timer->thread_count++];
        thread->timer = timer;
        thread->core = core;
        thread->late_us = calloc(timer->capacity, sizeof(*thread->late_us));
        if (thread->late_us == NULL || pthread_create(&thread->thread, NULL, run, thread) != 0) {
            bench_die("a timer thread cannot be had");
        }
    }
}

double bench_timer_stop(struct bench_timer *timer, double share)
{
    double *all = calloc(timer->thread_count * timer->capacity, sizeof(*all));
    size_t count = 0;
    if (all == NULL) {
        bench_die("out of memory");
    }
    atomic_store(&timer->is_over, true);
    for (size_t i = 0; i < timer->thread_count; i++) {
        struct bench_timer_thread *thread = &timer->threads[i];
        pthread_join(thread->thread, NULL);
        memcpy(all + count, thread->late_us, thread->count * sizeof(*all));
        count += thread->count;
        free(thread->late_us);
    }
    double late_us = bench_quantile(all, count, share);
    free(all);
    return late_us;
}
