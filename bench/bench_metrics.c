/* bench_metrics.c - see bench_metrics.h. */
#include "bench_metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

void bench_metrics_fetch(struct bench_metrics *metrics, uint16_t port)
{
    static const char request[] =
        "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    int fd = bench_connect(port);
    size_t size = 0;
    ssize_t got = send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL);
    while (got > 0 && size < sizeof(metrics->text) - 1) {
        got = recv(fd, metrics->text + size, sizeof(metrics->text) - 1 - size, 0);
        size += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    metrics->text[size] = '\0';
    if (strstr(metrics->text, "200 OK") == NULL) {
        bench_die("the server does not give its metrics");
    }
}

/* The text behind "\nNAME", or NULL. */
static const char *find(const struct bench_metrics *metrics, const char *name)
{
    size_t bytes = strlen(name);
    const char *at = metrics->text;
    while ((at = strstr(at, name)) != NULL) {
        if (at > metrics->text && at[-1] == '\n') {
            return at + bytes;
        }
        at += bytes;
    }
    return NULL;
}

/* The text of the sample's value, or NULL. */
static const char *find_value(const struct bench_metrics *metrics, const char *name)
{
    char sample[128];
    snprintf(sample, sizeof(sample), "%s ", name);
    return find(metrics, sample);
}

bool bench_metrics_has(const struct bench_metrics *metrics, const char *name)
{
    return find_value(metrics, name) != NULL;
}

double bench_metrics_get(const struct bench_metrics *metrics, const char *name)
{
    const char *at = find_value(metrics, name);
    if (at == NULL) {
        bench_die("the server has no metric %s", name);
    }
    return strtod(at, NULL);
}

/* Reads one bucket line at *at: its bound and its count, and moves to the next line.  Returns false
 * behind the last bucket. */
static bool next_bucket(const char **at, const char *prefix, double *bound, double *count)
{
    size_t bytes = strlen(prefix);
    char *end;
    if (*at == NULL || strncmp(*at, prefix, bytes) != 0) {
        return false;
    }
    *bound = strtod(*at + bytes, &end); /* +Inf too */
    *count = strtod(strchr(end, ' '), &end);
    *at = *end == '\0' ? NULL : end + 1;
    return true;
}

static const char *first_bucket(const struct bench_metrics *metrics, const char *prefix)
{
    const char *behind = find(metrics, prefix);
    return behind == NULL ? NULL : behind - strlen(prefix);
}

double bench_metrics_quantile(const struct bench_metrics *before, const struct bench_metrics *after,
                              const char *histogram, double share)
{
    char prefix[128];
    char total[128];
    snprintf(prefix, sizeof(prefix), "%s_bucket{le=\"", histogram);
    snprintf(total, sizeof(total), "%s_count", histogram);
    double wanted = share * (bench_metrics_get(after, total) - bench_metrics_get(before, total));
    const char *old_at = first_bucket(before, prefix);
    const char *new_at = first_bucket(after, prefix);
    double low = 0;
    double below = 0;
    double bound = 0;
    double old_count = 0;
    double new_count = 0;
    while (next_bucket(&old_at, prefix, &bound, &old_count) &&
           next_bucket(&new_at, prefix, &bound, &new_count)) {
        double within = new_count - old_count;
        if (within >= wanted && within > below) {
            return bound > 1e9 ? low /* the last bucket has no end */
                               : low + (bound - low) * (wanted - below) / (within - below);
        }
        low = bound;
        below = within;
    }
    return 0;
}
