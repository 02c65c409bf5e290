/* bot_assertion.c - see bot_assertion.h. */
#include "bot_assertion.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

/* The longer of two that begin alike comes first. */
static const struct {
    const char *text;
    enum bot_relation relation;
} relations[] = {
    {"<=", BOT_AT_MOST}, {">=", BOT_AT_LEAST}, {"<", BOT_BELOW}, {">", BOT_ABOVE}, {"=", BOT_EQUAL},
};

static const struct {
    const char *text;
    enum bot_unit unit;
    double factor;
} units[] = {{"", BOT_RATIO, 1}, {"us", BOT_TIME, 1}, {"ms", BOT_TIME, 1e3}, {"s", BOT_TIME, 1e6}};

static const char *read_relation(struct bot_assertion *assertion, const char *text)
{
    for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
        size_t bytes = strlen(relations[i].text);
        if (strncmp(text, relations[i].text, bytes) == 0) {
            assertion->relation = relations[i].relation;
            return text + bytes;
        }
    }
    return NULL;
}

static int read_bound(struct bot_assertion *assertion, const char *text)
{
    char *end;
    if (*text < '0' || *text > '9') {
        return SK_ERR_CONFIG; /* strtod() takes signs, blanks, hex and words as well */
    }
    double number = strtod(text, &end);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(end, units[i].text) == 0) {
            assertion->unit = units[i].unit;
            assertion->bound = number * units[i].factor;
            return SK_OK;
        }
    }
    return SK_ERR_CONFIG;
}

int bot_assertion_parse(struct bot_assertion *assertion, const char *text)
{
    *assertion = (struct bot_assertion){.text = text, .name = text};
    assertion->name_bytes = strcspn(text, "<>=");
    const char *bound = read_relation(assertion, text + assertion->name_bytes);
    if (bound == NULL || assertion->name_bytes == 0) {
        return SK_ERR_CONFIG;
    }
    return read_bound(assertion, bound);
}

bool bot_assertion_is_known(const struct bot_assertion *assertion,
                            const struct bot_figures *figures)
{
    const struct bot_figure *figure =
        bot_figures_find(figures, assertion->name, assertion->name_bytes);
    return figure != NULL && (figure->unit == BOT_TIME) == (assertion->unit == BOT_TIME);
}

bool bot_assertion_holds(const struct bot_assertion *assertion, const struct bot_figures *figures)
{
    SK_ASSERT(bot_assertion_is_known(assertion, figures));
    double value = bot_figures_find(figures, assertion->name, assertion->name_bytes)->value;
    switch (assertion->relation) {
    case BOT_BELOW:
        return value < assertion->bound;
    case BOT_AT_MOST:
        return value <= assertion->bound;
    case BOT_EQUAL:
        return !(value < assertion->bound) && !(value > assertion->bound);
    case BOT_AT_LEAST:
        return value >= assertion->bound;
    case BOT_ABOVE:
        return value > assertion->bound;
    }
    SK_UNREACHABLE("every relation returns");
}
