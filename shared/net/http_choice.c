/* http_choice.c - see http_choice.h. */
#include "net/http_choice.h"

enum { WEIGHT_WHOLE = 1000, WEIGHT_DIGITS = 3 };

/* "0", "0.5", "1", "1.000" in thousandths; 0 for anything else (RFC 9110, 12.4.2). */
static uint32_t read_weight(struct sk_text text)
{
    uint32_t weight = 0;
    uint32_t unit = WEIGHT_WHOLE;
    if (text.size == 0 || text.size > 2 + WEIGHT_DIGITS ||
        (text.size > 1 && text.bytes[1] != '.')) {
        return 0;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (i == 1) {
            continue;
        }
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return 0;
        }
        weight += (uint32_t)(text.bytes[i] - '0') * unit;
        unit /= 10;
    }
    return weight <= WEIGHT_WHOLE ? weight : 0;
}

/* The weight among the parameters behind a name; 1 without one. */
static uint32_t weight_of(struct sk_text parameters)
{
    struct sk_text parameter;
    while (sk_text_next(&parameters, ';', &parameter)) {
        size_t equals = sk_text_find(parameter, '=');
        if (sk_text_is_any_case(sk_text_first(parameter, equals), "q")) {
            return read_weight(sk_text_after(parameter, '='));
        }
    }
    return WEIGHT_WHOLE;
}

struct coding_choice {
    const char *coding;
    uint32_t own;
    uint32_t any; /* of "*" */
    bool is_named;
};

static void read_codings(struct coding_choice *choice, struct sk_text list)
{
    struct sk_text element;
    while (sk_text_next(&list, ',', &element)) {
        struct sk_text name = {NULL, 0};
        uint32_t weight = 0;
        if (sk_text_next(&element, ';', &name)) {
            weight = weight_of(element);
        }
        if (sk_text_is_any_case(name, choice->coding)) {
            choice->own = weight;
            choice->is_named = true;
        } else if (sk_text_is(name, "*")) {
            choice->any = weight;
        }
    }
}

uint32_t sk_http_coding_weight(const struct sk_http_headers *headers, const char *coding)
{
    struct coding_choice choice = {.coding = coding};
    for (uint32_t i = 0; i < headers->count; i++) {
        if (sk_text_is_any_case(headers->rows[i].name, "accept-encoding")) {
            read_codings(&choice, headers->rows[i].value);
        }
    }
    return choice.is_named ? choice.own : choice.any;
}

/* An entity tag of ours holds no comma, so that taking a list apart at each cannot make one. */
static bool list_has_etag(struct sk_text list, const char *etag)
{
    struct sk_text element;
    while (sk_text_next(&list, ',', &element)) {
        bool is_weak = sk_text_starts(element, "W/");
        if (sk_text_is(sk_text_from(element, is_weak ? 2 : 0), etag)) {
            return true;
        }
    }
    return false;
}

bool sk_http_has_etag(const struct sk_http_headers *headers, const char *etag)
{
    for (uint32_t i = 0; i < headers->count; i++) {
        const struct sk_http_header *row = &headers->rows[i];
        if (sk_text_is_any_case(row->name, "if-none-match") &&
            (sk_text_is(row->value, "*") || list_has_etag(row->value, etag))) {
            return true;
        }
    }
    return false;
}
