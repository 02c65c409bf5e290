/* bench_child.h - a program of this build, run by a benchmark, and the lines that it prints.
 *
 * Memory   the struct holds a FILE until bench_child_stop().
 */
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct bench_child {
    const char *name;
    pid_t pid;
    FILE *lines; /* its stdout */
};

/* Starts the program `name` that lies beside this one, or elsewhere where `name` is a path;
 * `arguments` end with NULL and do not hold the name.  Its stderr goes to `log`, a path, or stays
 * ours when that is NULL.  It ends with this process at the latest.  Dies when it cannot be
 * started. */
void bench_child_start(struct bench_child *child, const char *name, const char *const *arguments,
                       const char *log);
/* Reads the next line; dies when there is none. */
void bench_child_line(struct bench_child *child, char *line, size_t capacity);
/* Sends SIGTERM and waits for the end. */
void bench_child_stop(struct bench_child *child);

/* A certificate of localhost's for a minute's use. */
struct bench_certificate {
    char folder[64];
    char cert[96];
    char key[96];
};

/* Makes one by openssl(1); dies when that fails. */
void bench_certificate_make(struct bench_certificate *certificate);
/* Removes its files. */
void bench_certificate_remove(const struct bench_certificate *certificate);

#endif
