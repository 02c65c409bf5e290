/* bench_process.c - see bench_process.h. */
#include "bench_process.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

enum { LINE_BYTES = 512, USER_FIELD = 14 /* of /proc/PID/stat; the next is the system's */ };

/* The number behind `key` at the start of a line of the file, or 0. */
static double number_in(const char *path, const char *key)
{
    char line[LINE_BYTES];
    double number = 0;
    FILE *file = fopen(path, "r"); /* a thread may have ended since it was listed */
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0) {
            number = strtod(line + strlen(key), NULL);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return number;
}

static double sum_sleeps(pid_t pid)
{
    char path[64];
    double sum = 0;
    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    DIR *folder = opendir(path);
    const struct dirent *entry = NULL;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char status[384];
        snprintf(status, sizeof(status), "%s/%s/status", path, entry->d_name);
        sum += entry->d_name[0] == '.' ? 0 : number_in(status, "voluntary_ctxt_switches:");
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return sum;
}

static void read_times(pid_t pid, struct bench_process *process)
{
    char path[64];
    char line[LINE_BYTES];
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    bool is_read = file != NULL && fgets(line, sizeof(line), file) != NULL;
    const char *at = is_read ? strrchr(line, ')') : NULL; /* its name may hold blanks */
    for (int field = 2; field < USER_FIELD && at != NULL; field++) {
        at = strchr(at + 1, ' ');
    }
    if (at == NULL) {
        bench_die("process %d is gone", (int)pid);
    }
    char *end = NULL;
    double us_per_tick = 1e6 / (double)sysconf(_SC_CLK_TCK);
    process->user_us = us_per_tick * strtod(at, &end);
    process->system_us = us_per_tick * strtod(end, NULL);
    fclose(file);
}

void bench_process_read(pid_t pid, struct bench_process *process)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    read_times(pid, process);
    process->sleeps = sum_sleeps(pid);
    process->rss_bytes = 1024 * number_in(path, "VmRSS:");
    process->cpu_us = (double)bench_process_cpu_ns(pid) / 1e3;
}

struct bench_process bench_process_between(const struct bench_process *before,
                                           const struct bench_process *after)
{
    return (struct bench_process){
        .cpu_us = after->cpu_us - before->cpu_us,
        .user_us = after->user_us - before->user_us,
        .system_us = after->system_us - before->system_us,
        .sleeps = after->sleeps - before->sleeps,
        .rss_bytes = after->rss_bytes - before->rss_bytes,
    };
}
