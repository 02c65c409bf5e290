/* bench.c - see bench.h. */
#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>

#include "native/clock.h"

void bench_die(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    exit(1);
}

/* --- clocks --------------------------------------------------------------------------------- */

uint64_t bench_now_ns(void)
{
    return sk_clock_ns();
}

uint64_t bench_thread_cpu_ns(void)
{
    return sk_thread_cpu_ns();
}

uint64_t bench_process_cpu_ns(pid_t pid)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) {
        bench_die("process %d is gone", (int)pid);
    }
    return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

void bench_sleep_until(uint64_t due_ns)
{
    struct timespec due = {(time_t)(due_ns / 1000000000), (long)(due_ns % 1000000000)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR) {
    }
}

/* --- the machine, and figures --------------------------------------------------------------- */

static void read_processor(char *name, size_t size)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(name, size, "unknown processor");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
            snprintf(name, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

void bench_machine(char text[BENCH_MACHINE_BYTES])
{
    char processor[64];
    struct utsname system;
    cpu_set_t processors;
    read_processor(processor, sizeof(processor));
    CPU_ZERO(&processors);
    if (uname(&system) != 0 || sched_getaffinity(0, sizeof(processors), &processors) != 0) {
        bench_die("the machine cannot be described: %s", strerror(errno));
    }
    snprintf(text, BENCH_MACHINE_BYTES, "%s, %d cores, %s %.32s", processor, CPU_COUNT(&processors),
             system.sysname, system.release);
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

double bench_quantile(double *values, size_t count, double share)
{
    qsort(values, count, sizeof(*values), compare);
    size_t index = (size_t)(share * (double)count);
    return count == 0 ? 0 : values[index < count ? index : count - 1];
}

/* --- sockets -------------------------------------------------------------------------------- */

void bench_raise_files(uint32_t wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        bench_die("the limit of open files cannot be read: %s", strerror(errno));
    }
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted) {
        bench_die("%u open files are needed, %llu allowed (ulimit -Hn)", wanted,
                  (unsigned long long)limit.rlim_max);
    }
}

static struct sockaddr_in loopback(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int bench_listen(uint16_t *port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t bytes = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, bytes) != 0 || listen(fd, 4096) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &bytes) != 0) {
        bench_die("cannot listen: %s", strerror(errno));
    }
    *port = ntohs(address.sin_port);
    return fd;
}

int bench_connect(uint16_t port)
{
    struct sockaddr_in address = loopback(port);
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0) {
        bench_die("cannot connect: %s", strerror(errno));
    }
    return fd;
}

void bench_unblock(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
        bench_die("fcntl: %s", strerror(errno));
    }
}

int bench_epoll(void)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0) {
        bench_die("epoll: %s", strerror(errno));
    }
    return fd;
}

void bench_watch(int epoll_fd, int fd, uint32_t index)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        bench_die("epoll: %s", strerror(errno));
    }
}
