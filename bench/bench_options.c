/* bench_options.c - see bench_options.h. */
#include "bench_options.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2, NAME_COLUMNS = 24 };

static _Noreturn void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

static _Noreturn void refuse(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, list);
    fputs("; --help lists the options\n", stderr);
    va_end(list);
    exit(EXIT_USAGE);
}

static bool is_named(const char *argument, const char *name)
{
    return strncmp(argument, "--", 2) == 0 && strcmp(argument + 2, name) == 0;
}

static void print_help(const struct bench_usage *usage)
{
    printf("./dev bench %s [options]\n%s\n", usage->name, usage->purpose);
    for (size_t i = 0; i < usage->option_count; i++) {
        const struct bench_option *option = &usage->options[i];
        int columns = printf("  --%s %s", option->name, option->value);
        printf("%*s%s\n", columns < NAME_COLUMNS ? NAME_COLUMNS - columns : 1, "", option->help);
    }
}

static bool is_known(const struct bench_usage *usage, const char *argument)
{
    for (size_t i = 0; i < usage->option_count; i++) {
        if (is_named(argument, usage->options[i].name)) {
            return true;
        }
    }
    return false;
}

static bool is_among(char **arguments, int count, const char *argument)
{
    for (int i = 0; i < count; i += 2) {
        if (strcmp(arguments[i], argument) == 0) {
            return true;
        }
    }
    return false;
}

void bench_options_check(int argc, char **argv, const struct bench_usage *usage)
{
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--help") == 0) {
            print_help(usage);
            exit(EXIT_SUCCESS);
        }
        if (!is_known(usage, argv[i])) {
            refuse("%s is no option of %s", argv[i], usage->name);
        }
        if (i + 1 == argc) {
            refuse("%s needs a value", argv[i]);
        }
        if (is_among(argv + 1, i - 1, argv[i])) {
            refuse("%s is there twice", argv[i]);
        }
    }
}

const char *bench_option(int argc, char **argv, const char *name, const char *default_value)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (is_named(argv[i], name)) {
            return argv[i + 1];
        }
    }
    return default_value;
}

uint32_t bench_number(int argc, char **argv, const char *name, uint32_t default_value, uint32_t max)
{
    const char *text = bench_option(argc, argv, name, NULL);
    if (text == NULL) {
        return default_value;
    }
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < 1 || value > max) {
        refuse("--%s is a number from 1 to %u, not %s", name, max, text);
    }
    return (uint32_t)value;
}

const char *bench_word(int argc, char **argv, const char *name, const char *default_value,
                       const char *const *words)
{
    const char *text = bench_option(argc, argv, name, default_value);
    char known[128] = "";
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0) {
            return words[i];
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof(known) - used, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    refuse("--%s is one of %s, not %s", name, known, text);
}
