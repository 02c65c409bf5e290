/* bench_process.h - what the kernel says a process used: time, sleeps, memory. */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <sys/types.h>

struct bench_process {
    double cpu_us;  /* by the scheduler's clock */
    double user_us; /* shares of it, in the kernel's ticks of 10 ms */
    double system_us;
    double sleeps;    /* times that a thread gave its core up to wait */
    double rss_bytes; /* memory that it has touched */
};

/* Reads them of a process of ours; dies when it is gone. */
void bench_process_read(pid_t pid, struct bench_process *process);
/* What was used between two readings; the memory is how much grew. */
struct bench_process bench_process_between(const struct bench_process *before,
                                           const struct bench_process *after);

#endif
