/* bench_match.c - see bench_match.h. */
#include "bench_match.h"

#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { LINE_BYTES = 16384, ARGUMENTS_MAX = 40 };

/* The value of KEY=... in the ready line, up to a blank. */
static void read_value(const char *line, const char *key, char *value, size_t capacity)
{
    const char *at = strstr(line, key);
    size_t bytes = at == NULL ? 0 : strcspn(at + strlen(key), " \n");
    if (bytes == 0 || bytes >= capacity) {
        bench_die("the server is not ready: %s", line);
    }
    memcpy(value, at + strlen(key), bytes);
    value[bytes] = '\0';
}

static size_t append(const char **all, size_t count, const char *const *more)
{
    for (size_t i = 0; more[i] != NULL; i++) {
        if (count == ARGUMENTS_MAX - 1) {
            bench_die("too many arguments for a server");
        }
        all[count++] = more[i];
    }
    all[count] = NULL;
    return count;
}

void bench_match_start(struct bench_match *match, const char *const *arguments,
                       const struct bench_certificate *certificate)
{
    static const char *const common[] = {"--listen",        "127.0.0.1:0", "--admin",
                                         "127.0.0.1:0",     "--log-level", "warn",
                                         "--drain-seconds", "0",           NULL};
    char line[LINE_BYTES];
    char admin[64];
    const char *all[ARGUMENTS_MAX];
    size_t count = append(all, append(all, 0, common), arguments);
    if (certificate != NULL) {
        const char *tls[] = {"--tls-cert", certificate->cert, "--tls-key", certificate->key, NULL};
        append(all, count, tls);
    }
    bench_child_start(&match->child, "skirmishd", all, NULL);
    bench_child_line(&match->child, line, sizeof(line));
    read_value(line, " url=", match->url, sizeof(match->url));
    read_value(line, " admin=http://127.0.0.1:", admin, sizeof(admin));
    match->admin_port = (uint16_t)strtoul(admin, NULL, 10);
    match->port = (uint16_t)strtoul(strrchr(match->url, ':') + 1, NULL, 10);
}

double bench_match_cpu_us(const struct bench_match *match)
{
    return (double)bench_process_cpu_ns(match->child.pid) / 1e3;
}

double bench_match_rss_mb(const struct bench_match *match)
{
    char line[256];
    double kilobytes = 0;
    snprintf(line, sizeof(line), "/proc/%d/status", (int)match->child.pid);
    FILE *file = fopen(line, "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            kilobytes = strtod(line + 6, NULL);
        }
    }
    if (file == NULL || kilobytes == 0) {
        bench_die("the memory of the server cannot be read");
    }
    fclose(file);
    return kilobytes / 1024;
}

cJSON *bench_bots_figures(struct bench_child *bots)
{
    char line[LINE_BYTES];
    bench_child_line(bots, line, sizeof(line));
    bench_child_stop(bots);
    cJSON *figures = cJSON_Parse(line);
    if (figures == NULL) {
        bench_die("the bots' figures cannot be read: %s", line);
    }
    return figures;
}

double bench_bots_get(const cJSON *figures, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(figures, name);
    if (!cJSON_IsNumber(item)) {
        bench_die("the bots give no %s", name);
    }
    return item->valuedouble;
}
