/* match_record.c - see match_record.h. */
#include "support/match_record.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

static int start(struct block_match *made, const struct match *of, uint16_t spectators_max)
{
    struct match_config config = {.plan = of->plan,
                                  .content = of->content,
                                  .spectators_max = spectators_max,
                                  .block = made->block,
                                  .events = made->events,
                                  .hooks = of->hooks};
    return match_init(&made->match, &config);
}

void block_match_open(struct block_match *made, const struct sk_plan *plan, const void *content,
                      uint16_t spectators_max, const struct match_hooks *hooks)
{
    struct match like = {.plan = plan, .content = content};
    size_t bytes = (match_block_bytes(plan, spectators_max) + 15) & ~(size_t)15;
    if (hooks) {
        like.hooks = *hooks;
    }
    made->block = aligned_alloc(16, bytes);
    SK_ASSERT(made->block != NULL);
    memset(made->block, 0, bytes);
    int result = start(made, &like, spectators_max);
    SK_ASSERT(result == SK_OK);
}

int block_match_copy(struct block_match *made, const struct match *of)
{
    size_t bytes = 0;
    struct match like = {.plan = of->plan, .content = of->content};
    const void *block = match_block(of, &bytes);
    made->block = aligned_alloc(16, (bytes + 15) & ~(size_t)15);
    SK_ASSERT(made->block != NULL);
    memcpy(made->block, block, bytes);
    return start(made, &like, (uint16_t)(match_seat_count(of) - of->plan->players_max));
}

void block_match_close(struct block_match *made)
{
    free(made->block);
}

uint64_t match_hash(const struct match *match)
{
    size_t bytes = 0;
    const void *block = match_block(match, &bytes);
    return sk_hash(bytes, block, bytes);
}

static void copy_parts(struct noted_entry *noted, uint32_t players_max)
{
    const struct match_entry *entry = &noted->entry;
    if (entry->kind == MATCH_OPEN) {
        noted->opening = *entry->opening;
    } else if (entry->kind == MATCH_HOLD) {
        memcpy(noted->bytes, entry->hold.name.bytes, entry->hold.name.size);
    } else if (entry->kind == MATCH_COMMAND) {
        memcpy(noted->bytes, entry->command.bytes, entry->command.size);
    } else if (entry->kind == MATCH_TICK) {
        SK_ASSERT(players_max <= RECORD_PLAYERS_MAX);
        memcpy(noted->inputs, entry->tick.inputs, players_max * sizeof(struct sk_input));
    }
}

void match_record_note(struct match_record *record, const struct match *match,
                       const struct match_entry *entry)
{
    if (record->count == record->capacity) {
        record->capacity = record->capacity == 0 ? 1024 : 2 * record->capacity;
        record->entries = realloc(record->entries, record->capacity * sizeof(*record->entries));
        SK_ASSERT(record->entries != NULL);
    }
    struct noted_entry *noted = &record->entries[record->count++];
    *noted = (struct noted_entry){.entry = *entry, .hash_before = match_hash(match)};
    copy_parts(noted, match->plan->players_max);
    record->kinds[entry->kind]++;
}

const struct match_entry *match_record_entry(struct match_record *record, uint32_t index)
{
    SK_ASSERT(index < record->count);
    struct noted_entry *noted = &record->entries[index];
    if (noted->entry.kind == MATCH_OPEN) {
        noted->entry.opening = &noted->opening;
    } else if (noted->entry.kind == MATCH_HOLD) {
        noted->entry.hold.name.bytes = (const char *)noted->bytes;
    } else if (noted->entry.kind == MATCH_COMMAND) {
        noted->entry.command.bytes = noted->bytes;
    } else if (noted->entry.kind == MATCH_TICK) {
        noted->entry.tick.inputs = noted->inputs;
    }
    return &noted->entry;
}

void match_record_end(struct match_record *record)
{
    free(record->entries);
    *record = (struct match_record){0};
}
