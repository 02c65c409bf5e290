/* settings.c - see settings.h.
 *
 * Each source ends in take(): the kind's own function reads the value into a struct value, and only
 * if no stronger source was there before is it stored.  So sources may come in any order, and the
 * file's name may be a flag.
 */
#include "native/settings.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/assert.h"
#include "net/text.h"

enum { NAME_BYTES_MAX = 64 };

struct value {
    union {
        const char *text;
        uint32_t number;
        bool flag;
        uint8_t typed[SK_SETTINGS_TYPED_BYTES_MAX];
    };
    size_t bytes;
};

void sk_settings_init(struct sk_settings *settings, const struct sk_setting *rows,
                      uint32_t row_count, const char *prefix, void *target)
{
    SK_ASSERT(row_count <= SK_SETTINGS_ROWS_MAX);
    memset(settings, 0, sizeof(*settings));
    settings->rows = rows;
    settings->row_count = row_count;
    settings->prefix = prefix;
    settings->target = target;
}

/* Sets the error, WHERE: what; a value with line breaks in it must not make it several lines. */
__attribute__((format(printf, 3, 4))) static int fail(struct sk_settings *settings,
                                                      const char *where, const char *format, ...)
{
    va_list arguments;
    int used = snprintf(settings->error, sizeof(settings->error), "%.100s: ", where);
    SK_ASSERT(used > 0 && (size_t)used < sizeof(settings->error));
    va_start(arguments, format);
    (void)vsnprintf(settings->error + used, sizeof(settings->error) - (size_t)used, format,
                    arguments);
    va_end(arguments);
    for (char *at = settings->error; *at != '\0'; at++) {
        *at = iscntrl((unsigned char)*at) ? '?' : *at;
    }
    return SK_ERR_CONFIG;
}

/* --- names ----------------------------------------------------------------------------------- */

/* The name as flags and files write it. */
static void dashed(const char *name, char out[NAME_BYTES_MAX])
{
    size_t i = 0;
    for (; name[i] != '\0'; i++) {
        SK_ASSERT(i + 1 < NAME_BYTES_MAX);
        out[i] = name[i] == '_' ? '-' : name[i];
    }
    out[i] = '\0';
}

/* The row called by `size` characters of a flag or a file, or NULL. */
static const struct sk_setting *find_row(const struct sk_settings *settings, const char *name,
                                         size_t size)
{
    for (uint32_t i = 0; i < settings->row_count; i++) {
        char known[NAME_BYTES_MAX];
        dashed(settings->rows[i].name, known);
        if (strlen(known) == size && memcmp(known, name, size) == 0) {
            return &settings->rows[i];
        }
    }
    return NULL;
}

/* What stands behind '=' if this is the variable of the row, or NULL. */
static const char *value_of_variable(const struct sk_settings *settings,
                                     const struct sk_setting *row, const char *variable)
{
    size_t prefix_bytes = strlen(settings->prefix);
    if (strncmp(variable, settings->prefix, prefix_bytes) != 0) {
        return NULL;
    }
    variable += prefix_bytes;
    for (const char *name = row->name; *name != '\0'; name++, variable++) {
        if (*variable != toupper((unsigned char)*name)) {
            return NULL;
        }
    }
    return *variable == '=' ? variable + 1 : NULL;
}

/* Names a row's variable. */
static void name_variable(const struct sk_settings *settings, const struct sk_setting *row,
                          char out[SK_SETTINGS_ERROR_BYTES_MAX])
{
    int used = snprintf(out, SK_SETTINGS_ERROR_BYTES_MAX, "%.60s", settings->prefix);
    for (const char *at = row->name; *at != '\0'; at++) {
        out[used++] = (char)toupper((unsigned char)*at);
    }
    out[used] = '\0';
}

/* Names the place of a value as its author knows it. */
static void name_place(const struct sk_settings *settings, const struct sk_setting *row,
                       enum sk_setting_source source, char out[SK_SETTINGS_ERROR_BYTES_MAX])
{
    char name[NAME_BYTES_MAX];
    dashed(row->name, name);
    if (source == SK_SETTING_FROM_FILE) {
        (void)snprintf(out, SK_SETTINGS_ERROR_BYTES_MAX, "%.60s:%u: %.30s", settings->path,
                       settings->line, name);
    } else if (source == SK_SETTING_FROM_VARIABLE) {
        name_variable(settings, row, out);
    } else {
        (void)snprintf(out, SK_SETTINGS_ERROR_BYTES_MAX, "--%.60s", name);
    }
}

/* --- values ---------------------------------------------------------------------------------- */

static bool read_number(const struct sk_setting *row, const char *text, struct value *value)
{
    unsigned long long number = 0;
    if (!sk_text_number(sk_text_of(text), &number) || number < row->min || number > row->max) {
        return false;
    }
    value->number = (uint32_t)number;
    value->bytes = sizeof(value->number);
    return true;
}

static bool read_seconds(const struct sk_setting *row, const char *text, struct value *value)
{
    SK_ASSERT(row->max <= SK_SETTINGS_SECONDS_MAX);
    if (!read_number(row, text, value)) {
        return false;
    }
    value->number *= 1000;
    return true;
}

static bool read_typed(const struct sk_setting_type *type, const char *text, struct value *value)
{
    SK_ASSERT(type->bytes <= sizeof(value->typed));
    value->bytes = type->bytes;
    return type->read(text, value->typed);
}

static bool read_choice(const struct sk_setting *row, const char *text, struct value *value)
{
    size_t size = strlen(text);
    uint32_t index = 0;
    for (const char *word = row->hint; *word != '\0'; index++) {
        size_t word_bytes = strcspn(word, "|");
        if (word_bytes == size && memcmp(word, text, size) == 0) {
            value->number = index;
            value->bytes = sizeof(value->number);
            return true;
        }
        word += word_bytes + (word[word_bytes] == '|');
    }
    return false;
}

static bool read_flag(const char *text, struct value *value)
{
    value->flag = strcmp(text, "true") == 0;
    value->bytes = sizeof(value->flag);
    return value->flag || strcmp(text, "false") == 0;
}

static bool read_value(const struct sk_setting *row, const char *text, struct value *value)
{
    switch (row->kind) {
    case SK_SETTING_NUMBER:
        return read_number(row, text, value);
    case SK_SETTING_SECONDS:
        return read_seconds(row, text, value);
    case SK_SETTING_CHOICE:
        return read_choice(row, text, value);
    case SK_SETTING_FLAG:
        return read_flag(text, value);
    case SK_SETTING_TYPED:
        return read_typed(row->type, text, value);
    case SK_SETTING_TEXT:
    case SK_SETTING_LIST:
        value->text = text;
        value->bytes = sizeof(value->text);
        return text[0] != '\0';
    }
    return false;
}

static int refuse(struct sk_settings *settings, const struct sk_setting *row,
                  enum sk_setting_source source, const char *text)
{
    char place[SK_SETTINGS_ERROR_BYTES_MAX];
    name_place(settings, row, source, place);
    switch (row->kind) {
    case SK_SETTING_NUMBER:
    case SK_SETTING_SECONDS:
        return fail(settings, place, "\"%.60s\" is no number from %u to %u", text, row->min,
                    row->max);
    case SK_SETTING_CHOICE:
        return fail(settings, place, "\"%.60s\" is not one of %s", text, row->hint);
    case SK_SETTING_FLAG:
        return fail(settings, place, "\"%.60s\" is neither true nor false", text);
    case SK_SETTING_TYPED:
        return fail(settings, place, "\"%.60s\" is no %s", text, row->type->noun);
    case SK_SETTING_TEXT:
    case SK_SETTING_LIST:
        break;
    }
    return fail(settings, place, "the value is empty");
}

/* Adds one item to a list; what a weaker source put there goes first. */
static bool store_item(struct sk_setting_list *list, bool is_first, const char *text)
{
    if (is_first) {
        list->count = 0;
    }
    if (list->count == SK_SETTINGS_LIST_ITEMS_MAX) {
        return false;
    }
    list->items[list->count++] = text;
    return true;
}

static int take(struct sk_settings *settings, const struct sk_setting *row,
                enum sk_setting_source source, const char *text)
{
    struct value value = {0};
    uint8_t *was = &settings->sources[row - settings->rows];
    char *to = (char *)settings->target + row->offset;
    if (!read_value(row, text, &value)) {
        return refuse(settings, row, source, text);
    }
    if (*was > source) {
        return SK_OK;
    }
    if (row->kind != SK_SETTING_LIST) {
        memcpy(to, &value, value.bytes);
    } else if (!store_item((struct sk_setting_list *)(void *)to, *was < source, text)) {
        char place[SK_SETTINGS_ERROR_BYTES_MAX];
        name_place(settings, row, source, place);
        return fail(settings, place, "more than %d of them", SK_SETTINGS_LIST_ITEMS_MAX);
    }
    *was = (uint8_t)source;
    return SK_OK;
}

/* --- sources --------------------------------------------------------------------------------- */

/* Copies characters as a string into settings->text; NULL when it is full. */
static char *keep(struct sk_settings *settings, const char *text, size_t size)
{
    if (size >= sizeof(settings->text) - settings->text_bytes) {
        return NULL;
    }
    char *kept = settings->text + settings->text_bytes;
    memcpy(kept, text, size);
    kept[size] = '\0';
    settings->text_bytes += size + 1;
    return kept;
}

bool sk_settings_is_asked(int argc, char *const *argv, const char *flag)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], flag) == 0) {
            return true;
        }
    }
    return false;
}

int sk_settings_read_flags(struct sk_settings *settings, int argc, char *const *argv)
{
    for (int i = 1; i < argc; i++) {
        const char *flag = argv[i];
        size_t size = strcspn(flag, "=");
        const struct sk_setting *row =
            strncmp(flag, "--", 2) == 0 ? find_row(settings, flag + 2, size - 2) : NULL;
        const char *text = flag[size] == '=' ? flag + size + 1 : NULL;
        if (row == NULL) {
            return fail(settings, flag, "no such option; --help lists them");
        }
        if (text == NULL && row->kind == SK_SETTING_FLAG) {
            text = "true";
        } else if (text == NULL) {
            text = argv[++i]; /* argv ends with NULL */
        }
        if (text == NULL) {
            return fail(settings, flag, "needs a value");
        }
        int result = take(settings, row, SK_SETTING_FROM_FLAG, text);
        if (result != SK_OK) {
            return result;
        }
    }
    return SK_OK;
}

/* Takes each comma-parted item of a list's variable. */
static int take_items(struct sk_settings *settings, const struct sk_setting *row, const char *text)
{
    while (true) {
        size_t size = strcspn(text, ",");
        const char *item = keep(settings, text, size);
        if (item == NULL) {
            return fail(settings, settings->prefix, "the variables are too long");
        }
        int result = take(settings, row, SK_SETTING_FROM_VARIABLE, item);
        if (result != SK_OK || text[size] == '\0') {
            return result;
        }
        text += size + 1;
    }
}

/* What stands behind `word` where it begins a part of the name; NULL when it does nowhere. */
static const char *behind_word(const char *name, const char *word)
{
    for (const char *at = strstr(name, word); at != NULL; at = strstr(at + 1, word)) {
        if (at == name || at[-1] == '_') {
            return at + strlen(word);
        }
    }
    return NULL;
}

/* Whether Kubernetes or a container link made it for a service that is called as we are. */
static bool is_orchestrators(const char *name, const char *value)
{
    const char *host = behind_word(name, "SERVICE_HOST");
    const char *port = behind_word(name, "SERVICE_PORT");
    const char *link = behind_word(name, "PORT_");
    const char *url = behind_word(name, "PORT");
    return (host != NULL && host[0] == '\0') ||
           (port != NULL && (port[0] == '\0' || port[0] == '_')) ||
           (link != NULL && isdigit((unsigned char)link[0])) ||
           (url != NULL && url[0] == '\0' && strstr(value, "://") != NULL);
}

/* How many characters to change, add or take away until the names are equal (Levenshtein). */
static uint32_t edits_between(const char *given, const char *known)
{
    uint32_t edits[NAME_BYTES_MAX]; /* from what was given so far to each beginning of known */
    uint32_t size = (uint32_t)strlen(known);
    SK_ASSERT(size < NAME_BYTES_MAX);
    for (uint32_t i = 0; i <= size; i++) {
        edits[i] = i;
    }
    for (uint32_t row = 1; *given != '\0'; row++, given++) {
        uint32_t diagonal = edits[0];
        edits[0] = row;
        for (uint32_t i = 0; i < size; i++) {
            uint32_t above = edits[i + 1];
            uint32_t changed =
                diagonal + (toupper((unsigned char)*given) != toupper((unsigned char)known[i]));
            uint32_t other = 1 + (above < edits[i] ? above : edits[i]);
            edits[i + 1] = changed < other ? changed : other;
            diagonal = above;
        }
    }
    return edits[size];
}

static int refuse_variable(struct sk_settings *settings, const char *variable, const char *name)
{
    char nearest[SK_SETTINGS_ERROR_BYTES_MAX] = "";
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < settings->row_count; i++) {
        uint32_t edits = edits_between(name, settings->rows[i].name);
        if (edits < least) {
            least = edits;
            name_variable(settings, &settings->rows[i], nearest);
        }
    }
    return fail(settings, variable, "no such setting; the nearest is %.100s", nearest);
}

/* Judges a variable that belongs to no row. */
static int judge_variable(struct sk_settings *settings, const char *variable)
{
    char text[SK_SETTINGS_ERROR_BYTES_MAX];
    size_t prefix_bytes = strlen(settings->prefix);
    if (strncmp(variable, settings->prefix, prefix_bytes) != 0) {
        return SK_OK;
    }
    (void)snprintf(text, sizeof(text), "%s", variable);
    size_t size = strcspn(text, "=");
    const char *value = text[size] == '=' ? text + size + 1 : "";
    text[size] = '\0';
    const char *name = text + prefix_bytes;
    return is_orchestrators(name, value) ? SK_OK : refuse_variable(settings, text, name);
}

static int read_variable(struct sk_settings *settings, const char *variable)
{
    for (uint32_t i = 0; i < settings->row_count; i++) {
        const struct sk_setting *row = &settings->rows[i];
        const char *text = value_of_variable(settings, row, variable);
        if (text != NULL) {
            return row->kind == SK_SETTING_LIST
                       ? take_items(settings, row, text)
                       : take(settings, row, SK_SETTING_FROM_VARIABLE, text);
        }
    }
    return judge_variable(settings, variable);
}

int sk_settings_read_variables(struct sk_settings *settings, char *const *variables)
{
    int result = SK_OK;
    for (size_t i = 0; variables[i] != NULL && result == SK_OK; i++) {
        result = read_variable(settings, variables[i]);
    }
    return result;
}

/* Cuts blanks from both ends, in place. */
static char *trim(char *text)
{
    struct sk_text trimmed = sk_text_trim(sk_text_of(text));
    text += trimmed.bytes - text;
    text[trimmed.size] = '\0';
    return text;
}

/* Undoes the quotes of a value, in place, and sets *end behind them.  Returns what is wrong, or
 * NULL. */
static const char *unquote(char *text, char **end)
{
    char *to = text;
    char *at = text + 1;
    for (; *at != '"' && *at != '\0'; at++) {
        bool is_escaped = *at == '\\' && at[1] != '\0';
        at += is_escaped;
        if (is_escaped && *at != '"' && *at != '\\') {
            return "in quotes only \\\" and \\\\ are known";
        }
        *to++ = *at;
    }
    if (*at == '\0') {
        return "the quotes are not closed";
    }
    *to = '\0';
    *end = at + 1;
    return NULL;
}

/* Cuts off a comment: '#' at the begin or behind a blank. */
static void cut_comment(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        if (*at == '#' && (at == text || at[-1] == ' ' || at[-1] == '\t')) {
            *at = '\0';
            (void)trim(text);
            return;
        }
    }
}

/* Takes comment and quotes off a trimmed value, in place.  Returns what is wrong, or NULL. */
static const char *read_text(char *text)
{
    char *end = text;
    if (text[0] == '\'') {
        return "quotes are double ones";
    }
    if (text[0] != '"') {
        cut_comment(text);
        return NULL;
    }
    const char *wrong = unquote(text, &end);
    size_t blanks = wrong == NULL ? strspn(end, " \t") : 0;
    bool is_end = wrong != NULL || end[blanks] == '\0' || (blanks > 0 && end[blanks] == '#');
    return is_end ? wrong : "only a comment may stand behind the quotes";
}

/* Takes one line, which it cuts up. */
static int read_line(struct sk_settings *settings, char *line)
{
    char place[SK_SETTINGS_ERROR_BYTES_MAX];
    line = trim(line);
    if (line[0] == '\0' || line[0] == '#') {
        return SK_OK;
    }
    (void)snprintf(place, sizeof(place), "%.60s:%u", settings->path, settings->line);
    char *equals = strchr(line, '=');
    if (equals == NULL) {
        return fail(settings, place, "\"%.60s\" is not NAME = VALUE", line);
    }
    *equals = '\0';
    const char *name = trim(line);
    const struct sk_setting *row = find_row(settings, name, strlen(name));
    if (row == NULL) {
        return fail(settings, place, "no such option: \"%.60s\"", name);
    }
    char *value = trim(equals + 1);
    const char *wrong = read_text(value);
    if (wrong != NULL) {
        name_place(settings, row, SK_SETTING_FROM_FILE, place);
        return fail(settings, place, "%s", wrong);
    }
    return take(settings, row, SK_SETTING_FROM_FILE, value);
}

int sk_settings_read_file(struct sk_settings *settings, const char *path, const char *bytes,
                          size_t size)
{
    if (memchr(bytes, '\0', size) != NULL) {
        return fail(settings, path, "is no text");
    }
    char *text = keep(settings, bytes, size);
    if (text == NULL) {
        return fail(settings, path, "is too large");
    }
    settings->path = path;
    settings->line = 0;
    char *line = text;
    while (line != NULL) {
        size_t length = strcspn(line, "\n");
        char *next = line[length] == '\n' ? line + length + 1 : NULL;
        line[length > 0 && line[length - 1] == '\r' ? length - 1 : length] = '\0';
        settings->line++;
        int result = read_line(settings, line);
        if (result != SK_OK) {
            return result;
        }
        line = next;
    }
    return SK_OK;
}

int sk_settings_read_defaults(struct sk_settings *settings)
{
    for (uint32_t i = 0; i < settings->row_count; i++) {
        const struct sk_setting *row = &settings->rows[i];
        int result = row->default_text == NULL
                         ? SK_OK
                         : take(settings, row, SK_SETTING_FROM_DEFAULT, row->default_text);
        if (result != SK_OK) {
            return result;
        }
    }
    return SK_OK;
}

void sk_settings_print(const struct sk_setting *rows, uint32_t row_count, FILE *file)
{
    for (uint32_t i = 0; i < row_count; i++) {
        const struct sk_setting *row = &rows[i];
        char name[NAME_BYTES_MAX];
        char flag[2 * NAME_BYTES_MAX];
        dashed(row->name, name);
        (void)snprintf(flag, sizeof(flag), "--%s %s", name,
                       row->kind == SK_SETTING_FLAG ? "" : row->hint);
        (void)fprintf(file, "  %-34s %s", flag, row->help);
        if (row->default_text != NULL) {
            (void)fprintf(file, " (%s)", row->default_text);
        }
        (void)fputc('\n', file);
    }
}
