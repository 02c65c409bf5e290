/* bench.h - what the benchmarks share: clocks, the machine's name, sockets.
 *
 * A benchmark is a program that prints lines of `bench=NAME key=value ... machine="..."`; the
 * figure of its reference, taken in the same run, and the ratio stand on the same line.  It dies
 * with one sentence when it cannot measure.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define BENCH_MACHINE_BYTES 256

/* Prints "bench: ..." on stderr and exits with 1. */
_Noreturn void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* CLOCK_MONOTONIC. */
uint64_t bench_now_ns(void);
/* The CPU time of the calling thread, user and system. */
uint64_t bench_thread_cpu_ns(void);
/* The CPU time of a process and all its threads. */
uint64_t bench_process_cpu_ns(pid_t pid);
/* Sleeps until bench_now_ns() is `due_ns`. */
void bench_sleep_until(uint64_t due_ns);

/* The processor, how many of them this process may use, and the kernel. */
void bench_machine(char text[BENCH_MACHINE_BYTES]);
/* The middle one; sorts `values`. */
double bench_median(double *values, size_t count);
/* The value that `share` of them do not exceed, 0 when there are none; sorts `values`. */
double bench_quantile(double *values, size_t count, double share);

/* Allows as many open files as the system lets us; dies when that is below `wanted`. */
void bench_raise_files(uint32_t wanted);
/* A listening, non-blocking socket on a free port of 127.0.0.1. */
int bench_listen(uint16_t *port);
/* A connected, blocking socket without delay. */
int bench_connect(uint16_t port);
/* Makes it non-blocking. */
void bench_unblock(int fd);
/* A new epoll. */
int bench_epoll(void);
/* Watches `fd` for input; `index` comes back as data.u32. */
void bench_watch(int epoll_fd, int fd, uint32_t index);

#endif
