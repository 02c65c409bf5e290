/* settings.h - settings from a table: command line, environment, file, default, in this order.
 *
 * A program (skirmishd, skirmish-bots, ws-echo) describes its settings as rows; the same
 * rows read the flags, name the variables, read the file and print the help.  A value that another
 * source hides is still checked, so that a mistake does not wait for the day on which the flag goes
 * away.
 *
 * Memory   values are strings of the caller's (argv, environment) or copies in settings->text; the
 *          struct must outlive what it filled.
 * Threads  one.
 */
#ifndef SK_SETTINGS_H
#define SK_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/result.h"

enum {
    SK_SETTINGS_ROWS_MAX = 48,
    SK_SETTINGS_LIST_ITEMS_MAX = 16,
    SK_SETTINGS_TYPED_BYTES_MAX = 32,
    SK_SETTINGS_SECONDS_MAX = UINT32_MAX / 1000,
    SK_SETTINGS_TEXT_BYTES_MAX = 16384, /* of a file and of split variables */
    SK_SETTINGS_ERROR_BYTES_MAX = 256
};

/* What a value is and what it is kept as. */
enum sk_setting_kind {
    SK_SETTING_TEXT,    /* const char *, NULL when not given; never empty */
    SK_SETTING_TYPED,   /* as the row's type has it */
    SK_SETTING_NUMBER,  /* uint32_t within [min, max] */
    SK_SETTING_SECONDS, /* uint32_t of milliseconds, given as seconds within [min, max] */
    SK_SETTING_CHOICE,  /* uint32_t: which of the words in `hint`, parted by '|' */
    SK_SETTING_FLAG,    /* bool: alone, or "true" or "false" */
    SK_SETTING_LIST     /* struct sk_setting_list; a variable parts its items by commas */
};

/* A kind of value that this folder cannot know: an address, say. */
struct sk_setting_type {
    const char *noun; /* what a value must be, "ADDRESS:PORT" */
    size_t bytes;     /* of the value, at most SK_SETTINGS_TYPED_BYTES_MAX */
    /* Reads a whole value into zeroed `bytes`.  Returns whether it is one. */
    bool (*read)(const char *text, void *value);
};

struct sk_setting_list {
    const char *items[SK_SETTINGS_LIST_ITEMS_MAX];
    uint32_t count;
};

struct sk_setting {
    const char *name; /* as a member; '_' is '-' in flags and files, the variable is upper case */
    enum sk_setting_kind kind;
    const struct sk_setting_type *type; /* of SK_SETTING_TYPED, else NULL */
    size_t offset;                      /* of the value in the target */
    const char *default_text;
    uint32_t min;
    uint32_t max;
    const char *hint; /* what stands for the value in the help */
    const char *help;
};

/* Where a value came from; a larger one wins. */
enum sk_setting_source {
    SK_SETTING_FROM_NOWHERE,
    SK_SETTING_FROM_DEFAULT,
    SK_SETTING_FROM_FILE,
    SK_SETTING_FROM_VARIABLE,
    SK_SETTING_FROM_FLAG
};

struct sk_settings {
    const struct sk_setting *rows; /* borrowed */
    uint32_t row_count;
    const char *prefix; /* of the variables, "SKIRMISH_"; borrowed */
    void *target;       /* borrowed */
    uint8_t sources[SK_SETTINGS_ROWS_MAX];
    const char *path; /* the file being read, for errors; borrowed */
    uint32_t line;
    char text[SK_SETTINGS_TEXT_BYTES_MAX];
    size_t text_bytes;
    char error[SK_SETTINGS_ERROR_BYTES_MAX]; /* one line that names what is wrong */
};

/* Starts with nothing set; *target is left alone.  At most SK_SETTINGS_ROWS_MAX rows (asserted). */
void sk_settings_init(struct sk_settings *settings, const struct sk_setting *rows,
                      uint32_t row_count, const char *prefix, void *target);

/* Whether `flag` ("--help") stands among the arguments, whatever else does. */
bool sk_settings_is_asked(int argc, char *const *argv, const char *flag);

/* Takes "--name value", "--name=value" and "--flag" from argv[1] on.  Returns SK_OK, or
 * SK_ERR_CONFIG with settings->error set, as the three below do. */
SK_MUST_CHECK int sk_settings_read_flags(struct sk_settings *settings, int argc, char *const *argv);

/* Takes the variables PREFIX_NAME of a NULL-ended list of "NAME=value".  An unknown one is refused
 * with the nearest known name, but for what orchestrators put beside ours for a service of our
 * name: ..SERVICE_HOST, ..SERVICE_PORT.., ..PORT_7777_TCP.., ..PORT=tcp://... */
SK_MUST_CHECK int sk_settings_read_variables(struct sk_settings *settings, char *const *variables);

/* Takes "name = value" lines.  '#' at a line's begin or behind a blank begins a comment.  A value
 * may stand in double quotes, in which \" and \\ are a quote and a backslash.  `path` is for
 * errors.  The bytes are copied; more than SK_SETTINGS_TEXT_BYTES_MAX are refused, and so are zero
 * bytes. */
SK_MUST_CHECK int sk_settings_read_file(struct sk_settings *settings, const char *path,
                                        const char *bytes, size_t size);

/* Gives what is not set its default. */
SK_MUST_CHECK int sk_settings_read_defaults(struct sk_settings *settings);

/* Prints a line or two for each row. */
void sk_settings_print(const struct sk_setting *rows, uint32_t row_count, FILE *file);

#endif
