/* process.c - see process.h. */
#include "metrics/process.h"

#include <dirent.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define AT(member) offsetof(struct process_figures, member)
static const struct metrics_row rows[] = {
    {.name = "process_cpu_seconds_total",
     .help = "User and system time.",
     .offset = AT(cpu_us),
     .scale = 1000000},
    {.name = "process_resident_memory_bytes",
     .help = "Memory that is in RAM.",
     .kind = METRICS_GAUGE,
     .offset = AT(resident_bytes)},
    {.name = "process_open_fds",
     .help = "Open file descriptors.",
     .kind = METRICS_GAUGE,
     .offset = AT(open_fds)},
    {.name = "process_max_fds",
     .help = "File descriptors that may be open.",
     .kind = METRICS_GAUGE,
     .offset = AT(max_fds)},
    {.name = "process_start_time_seconds",
     .help = "Start, in seconds since 1970.",
     .kind = METRICS_GAUGE,
     .offset = AT(start_time_seconds)},
};

static uint64_t microseconds(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

/* The second number of statm: pages in RAM. */
static int read_resident(uint64_t *bytes)
{
    uint64_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) {
        return SK_ERR_SYSTEM;
    }
    int got = fscanf(file, "%*u %" SCNu64, &pages);
    (void)fclose(file);
    *bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE);
    return got == 1 ? SK_OK : SK_ERR_SYSTEM;
}

static int count_fds(uint64_t *count)
{
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) {
        return SK_ERR_SYSTEM;
    }
    uint64_t found = 0;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        found += entry->d_name[0] != '.';
    }
    (void)closedir(folder);
    *count = found - 1; /* the one that was counting */
    return SK_OK;
}

int process_read(struct process_figures *figures)
{
    struct rusage usage;
    struct rlimit limit;
    memset(figures, 0, sizeof(*figures));
    if (getrusage(RUSAGE_SELF, &usage) != 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return SK_ERR_SYSTEM;
    }
    figures->cpu_us = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    figures->max_fds = limit.rlim_cur;
    int result = read_resident(&figures->resident_bytes);
    return result == SK_OK ? count_fds(&figures->open_fds) : result;
}

void process_add(struct metrics_text *text, const struct process_figures *figures)
{
    const void *parts[] = {figures};
    metrics_add_rows(text, rows, sizeof(rows) / sizeof(rows[0]), parts, 1);
}
