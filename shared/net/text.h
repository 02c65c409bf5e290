/* text.h - bytes that belong to someone else, and questions about them.
 *
 * Memory   nothing is copied or kept.
 * Threads  any; no state.
 */
#ifndef SK_TEXT_H
#define SK_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* Whether the text is `string`, byte for byte. */
bool sk_text_is(struct sk_text text, const char *string);

/* Whether the text is `lower` (given in lower case), ASCII letters in any case. */
bool sk_text_is_any_case(struct sk_text text, const char *lower);

/* Takes the next element off a list whose elements are divided by `divider`, blanks at its ends
 * removed.  Returns false when the list is used up. */
bool sk_text_next(struct sk_text *list, char divider, struct sk_text *element);

/* The text without blanks and tabs at its ends. */
struct sk_text sk_text_trim(struct sk_text text);

/* Where `byte` first stands in the text; text.size when it does not. */
size_t sk_text_find(struct sk_text text, char byte);

/* Reads a decimal number without sign or blank; at most 18 digits.  Returns false for anything
 * else. */
bool sk_text_number(struct sk_text text, unsigned long long *number);

#endif
