/* bench_options.h - the command line of a benchmark: `--name VALUE` pairs and --help.
 *
 * A benchmark names its options once, in a table; an argument that is not among them ends the
 * program with a sentence, for a misspelt option that is passed over measures something else.
 *
 * Memory   values point into argv.
 */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

struct bench_option {
    const char *name;  /* without the dashes */
    const char *value; /* what --help calls its value */
    const char *help;  /* one line, with the default in brackets */
};

struct bench_usage {
    const char *name;    /* of the benchmark, as ./dev bench knows it */
    const char *purpose; /* one sentence */
    const struct bench_option *options;
    size_t option_count;
};

/* A usage made of an array of options. */
#define BENCH_USAGE(name_, purpose_, rows_)                                                        \
    {                                                                                              \
        .name = name_, .purpose = purpose_, .options = rows_,                                      \
        .option_count = sizeof(rows_) / sizeof((rows_)[0])                                         \
    }

/* Prints the help and exits with 0 when --help is among the arguments; exits with 2 and a sentence
 * for an argument that is no option of `usage`, for one twice, or for one without its value. */
void bench_options_check(int argc, char **argv, const struct bench_usage *usage);
/* The value of `--name VALUE` among the arguments, or `default_value`. */
const char *bench_option(int argc, char **argv, const char *name, const char *default_value);
/* The same as a number from 1 to `max`; exits with 2 and a sentence for anything else. */
uint32_t bench_number(int argc, char **argv, const char *name, uint32_t default_value,
                      uint32_t max);
/* The same as one of `words`, which end with NULL; exits with 2 and a sentence for another. */
const char *bench_word(int argc, char **argv, const char *name, const char *default_value,
                       const char *const *words);

#endif
