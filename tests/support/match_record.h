/* match_record.h - the entries of a match, noted with the hash of its block before each, and
 * entered again into another.
 *
 * Memory   match_record_note() allocates as it grows, match_record_end() frees it.
 */
#ifndef MATCH_RECORD_H
#define MATCH_RECORD_H

#include "match.h"

enum { RECORD_PLAYERS_MAX = 16 };

struct noted_entry {
    struct match_entry entry; /* points into this struct, once match_record_entry() gave it */
    struct match_opening opening;
    struct sk_input inputs[RECORD_PLAYERS_MAX];
    uint8_t bytes[SK_COMMAND_BYTES_MAX]; /* of a command or a name */
    uint64_t hash_before;
};

struct match_record {
    struct noted_entry *entries;
    uint32_t count;
    uint32_t capacity;
    uint32_t kinds[MATCH_ENTRY_KINDS]; /* how many of each */
};

/* A match over a block of its own, which starts zeroed. */
struct block_match {
    struct match match;
    void *block;
    struct sk_event events[SK_FRAME_EVENTS_MAX];
};

/* Makes a match that waits for OPEN; hooks may be NULL. */
void block_match_open(struct block_match *made, const struct sk_plan *plan, const void *content,
                      uint16_t spectators_max, const struct match_hooks *hooks);
/* Makes a match over a copy of another's block.  Returns what match_init() does. */
SK_MUST_CHECK int block_match_copy(struct block_match *made, const struct match *of);
/* Frees the block. */
void block_match_close(struct block_match *made);
/* The hash of the whole block. */
uint64_t match_hash(const struct match *match);

/* Notes an entry that is about to be applied. */
void match_record_note(struct match_record *record, const struct match *match,
                       const struct match_entry *entry);
/* An entry as it was noted, to be entered again. */
const struct match_entry *match_record_entry(struct match_record *record, uint32_t index);
/* Frees the notes. */
void match_record_end(struct match_record *record);

#endif
