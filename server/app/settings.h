/* settings.h - settings from a table: command line, environment, file, default, in this order.
 *
 * A program describes its settings as rows; the same rows read the flags, name the variables, read
 * the file and print the help.  A value that another source hides is still checked, so that a
 * mistake does not wait for the day on which the flag goes away.
 *
 * Memory   values are strings of the caller's (argv, environment) or copies in settings->text; the
 *          struct must outlive what it filled.
 * Threads  one.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/result.h"

enum {
    SETTINGS_ROWS_MAX = 48,
    SETTINGS_LIST_ITEMS_MAX = 16,
    SETTINGS_TEXT_BYTES_MAX = 16384, /* of a file and of split variables */
    SETTINGS_ERROR_BYTES_MAX = 256
};

/* What a value is and what it is kept as. */
enum setting_kind {
    SETTING_TEXT,    /* const char *, NULL when not given; never empty */
    SETTING_ADDRESS, /* struct address */
    SETTING_NUMBER,  /* uint32_t within [min, max] */
    SETTING_CHOICE,  /* uint32_t: which of the words in `hint`, parted by '|' */
    SETTING_FLAG,    /* bool: alone, or "true" or "false" */
    SETTING_LIST     /* struct setting_list; a variable parts its items by commas */
};

struct setting_list {
    const char *items[SETTINGS_LIST_ITEMS_MAX];
    uint32_t count;
};

struct setting {
    const char *name; /* as a member; '_' is '-' in flags and files, the variable is upper case */
    enum setting_kind kind;
    size_t offset; /* of the value in the target */
    const char *fallback;
    uint32_t min;
    uint32_t max;
    const char *hint; /* what stands for the value in the help */
    const char *help;
};

/* Where a value came from; a larger one wins. */
enum setting_source {
    SETTING_FROM_NOWHERE,
    SETTING_FROM_DEFAULT,
    SETTING_FROM_FILE,
    SETTING_FROM_VARIABLE,
    SETTING_FROM_FLAG
};

struct settings {
    const struct setting *rows; /* borrowed */
    uint32_t row_count;
    const char *prefix; /* of the variables, "SKIRMISH_"; borrowed */
    void *target;       /* borrowed */
    uint8_t sources[SETTINGS_ROWS_MAX];
    const char *path; /* the file being read, for errors; borrowed */
    uint32_t line;
    char text[SETTINGS_TEXT_BYTES_MAX];
    size_t text_bytes;
    char error[SETTINGS_ERROR_BYTES_MAX]; /* one line that names what is wrong */
};

/* Starts with nothing set; *target is left alone.  At most SETTINGS_ROWS_MAX rows (asserted). */
void settings_init(struct settings *settings, const struct setting *rows, uint32_t row_count,
                   const char *prefix, void *target);

/* Takes "--name value", "--name=value" and "--flag" from argv[1] on.  Returns SK_OK, or
 * SK_ERR_CONFIG with settings->error set, as the three below do. */
SK_MUST_CHECK int settings_read_flags(struct settings *settings, int argc, char *const *argv);

/* Takes the variables PREFIX_NAME of a NULL-ended list of "NAME=value".  An unknown one is refused
 * with the nearest known name, but for what orchestrators put beside ours for a service of our
 * name: ..SERVICE_HOST, ..SERVICE_PORT.., ..PORT_7777_TCP.., ..PORT=tcp://... */
SK_MUST_CHECK int settings_read_variables(struct settings *settings, char *const *variables);

/* Takes "name = value" lines.  '#' at a line's begin or behind a blank begins a comment.  A value
 * may stand in double quotes, in which \" and \\ are a quote and a backslash.  `path` is for
 * errors.  The bytes are copied; more than SETTINGS_TEXT_BYTES_MAX are refused, and so are zero
 * bytes. */
SK_MUST_CHECK int settings_read_file(struct settings *settings, const char *path, const char *bytes,
                                     size_t size);

/* Gives what is not set its default. */
SK_MUST_CHECK int settings_read_defaults(struct settings *settings);

/* Prints a line or two for each row. */
void settings_print(const struct setting *rows, uint32_t row_count, FILE *file);

#endif
