/* fuzz_black_box.c - a black box whose records are not what a client wrote.
 *
 * Half a second of a match is recorded at first.  A piece of input is three bytes of offset, lowest
 * first, and one that is xored onto the records there; then the sum is made good, so that all of it
 * is replayed until something is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "arena/arena_map.h"
#include "base/assert.h"
#include "base/hash.h"
#include "built_in.h"
#include "feel_replay.h"
#include "support/line_match.h"

enum { MS = 1000, PLAYERS = 2, FILE_BYTES_MAX = 1 << 18, PIECE_BYTES = 4, HEAD_BYTES = 8 };

static const char map_text[] = "map Box\n"
                               "######\n"
                               "#S..S#\n"
                               "######\n";

static struct {
    struct line_match match;
    struct arena_content content;
    uint8_t file[FILE_BYTES_MAX];
    size_t file_bytes;
    bool is_made;
} made;

static void make(void)
{
    const struct line_match_config config = {
        .room = {.game = &arena_game, .content = &made.content, .players_max = PLAYERS},
        .client_count = PLAYERS,
        .predicts = true,
        .has_box = true,
        .faults = {.delay_us = 20 * MS},
    };
    int bytes = arena_content_parse((const uint8_t *)map_text, strlen(map_text), &made.content,
                                    sizeof(made.content));
    SK_ASSERT(bytes > 0);
    line_match_open(&made.match, &config);
    line_match_run(&made.match, 600);
    struct line_client *client = &made.match.clients[0];
    for (uint32_t i = 0; i < SK_BOX_PARTS; i++) {
        size_t size;
        const uint8_t *part = sk_client_box_part(&client->box, &client->core, i, &size);
        SK_ASSERT(size <= FILE_BYTES_MAX - made.file_bytes);
        memcpy(made.file + made.file_bytes, part, size);
        made.file_bytes += size;
    }
    made.is_made = true;
}

/* The sum over the parts of a changed file, as client_box.c has it. */
static void mend_sum(uint8_t *file, size_t size)
{
    struct sk_box_head head;
    memcpy(&head, file + HEAD_BYTES, sizeof(head));
    const size_t sizes[] = {HEAD_BYTES + sizeof(head), head.older_bytes, head.newer_bytes, 21};
    const uint8_t *at = file;
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        sum = sk_hash(sum, at, sizes[i]);
        at += sizes[i];
    }
    memcpy(file + size - sizeof(sum), &sum, sizeof(sum));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint8_t file[FILE_BYTES_MAX];
    static struct feel_replay replay;
    struct feel_file opened;
    if (!made.is_made) {
        make();
    }
    memcpy(file, made.file, made.file_bytes);
    size_t records_at = HEAD_BYTES + sizeof(struct sk_box_head);
    size_t records_bytes = made.file_bytes - records_at - sizeof(uint64_t);
    for (size_t at = 0; size - at >= PIECE_BYTES; at += PIECE_BYTES) {
        size_t offset = bytes[at] | (size_t)bytes[at + 1] << 8 | (size_t)bytes[at + 2] << 16;
        file[records_at + offset % records_bytes] ^= bytes[at + 3];
    }
    mend_sum(file, made.file_bytes);
    SK_ASSERT(feel_file_open(&opened, file, made.file_bytes) == SK_OK);
    SK_ASSERT(feel_replay_create(&replay, &opened, &made.match.toy.plan, &made.content) == SK_OK);
    while (feel_replay_step(&replay) == FEEL_STEP) {
    }
    SK_ASSERT(opened.at <= made.file_bytes);
    feel_replay_destroy(&replay);
    return 0;
}
