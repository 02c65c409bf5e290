/* text.h - bytes that belong to someone else, and questions about them.
 *
 * Memory   nothing is kept; sk_text_copy() copies into what its caller brings.
 * Threads  any; no state.
 */
#ifndef SK_TEXT_H
#define SK_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* Whether the text is `string`, byte for byte. */
bool sk_text_is(struct sk_text text, const char *string);

/* Whether the text is `string`, ASCII letters in any case. */
bool sk_text_is_any_case(struct sk_text text, const char *string);

/* Whether two texts are the same, byte for byte. */
bool sk_text_equal(struct sk_text a, struct sk_text b);

/* Whether two texts are the same, ASCII letters in any case. */
bool sk_text_equal_any_case(struct sk_text a, struct sk_text b);

/* Whether the text begins with `string`, byte for byte. */
bool sk_text_starts(struct sk_text text, const char *string);

/* Whether the text begins with `string`, ASCII letters in any case. */
bool sk_text_starts_any_case(struct sk_text text, const char *string);

/* The first `bytes` bytes of the text, which has as many (asserted). */
struct sk_text sk_text_first(struct sk_text text, size_t bytes);

/* The text without its first `bytes` bytes, of which it has as many (asserted). */
struct sk_text sk_text_from(struct sk_text text, size_t bytes);

/* Copies the text as a string.  Returns false, with an empty string, when text and terminator are
 * more than `capacity` bytes, which is not 0 (asserted). */
bool sk_text_copy(struct sk_text text, char *out, size_t capacity);

/* Takes the next element off a list whose elements are divided by `divider`, blanks at its ends
 * removed.  Returns false when the list is used up. */
bool sk_text_next(struct sk_text *list, char divider, struct sk_text *element);

/* The text without blanks and tabs at its ends. */
struct sk_text sk_text_trim(struct sk_text text);

/* Where `byte` first stands in the text; text.size when it does not. */
size_t sk_text_find(struct sk_text text, char byte);

/* What stands behind the first `byte`; empty when it does not occur. */
struct sk_text sk_text_after(struct sk_text text, char byte);

/* Reads a decimal number without sign or blank; at most 18 digits.  Returns false for anything
 * else. */
bool sk_text_number(struct sk_text text, unsigned long long *number);

#endif
