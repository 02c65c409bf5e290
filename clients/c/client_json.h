/* client_json.h - the little JSON of the join call: one object of texts, flags and numbers.
 *
 * What the server answers is one object of which a few members are read; the rest may be anything
 * that is JSON, and is passed over without recursion.  A library for that would have to be linked
 * by every program that links ours.
 *
 * Memory   none; texts are copied into what the caller brings.
 * Threads  any; no state.
 */
#ifndef CLIENT_JSON_H
#define CLIENT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* Whether the text is one JSON object, as far as its members' names and ends show. */
bool client_json_is_object(struct sk_text json);
/* Copies the member `name` of an object, terminated.  Returns false, with an empty text, when it
 * has none, it is no string, holds a zero or has more than `capacity` - 1 bytes. */
bool client_json_text(struct sk_text object, const char *name, char *out, size_t capacity);
/* The member `name` of an object, itself an object, as text; empty when it is none. */
struct sk_text client_json_object(struct sk_text object, const char *name);
/* Reads the member `name` of an object, a whole number below 2^32.  Returns false when it is
 * none. */
bool client_json_number(struct sk_text object, const char *name, uint32_t *out);
/* Writes a string with its quotes, terminated.  Returns its bytes; 0: it does not fit. */
size_t client_json_quote(const char *text, char *out, size_t capacity);

#endif
