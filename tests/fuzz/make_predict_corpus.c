/* make_predict_corpus.c - writes the seeds of fuzz_predict: matches of arena as a player is told.
 *
 *   make_predict_corpus CORPUS_DIR
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "built_in.h"
#include "support/arena_match_kit.h"

enum { PLAYERS = 16, ME = 1, SEEDS = 4, TICKS = 90, BYTES_MAX = 1 << 16, LEAD = 6 };

static struct arena_kit kit;
static struct sk_frame frames[2]; /* the baseline, and of now */
static uint8_t bytes[BYTES_MAX];
static size_t at;

static struct sk_frame new_frame(void)
{
    struct sk_frame frame;
    struct sk_arena arena;
    size_t cost = sk_frame_cost(&kit.plan.schema);
    void *block = aligned_alloc(16, (cost + 15) & ~(size_t)15);
    sk_arena_init(&arena, block, cost);
    if (!block || sk_frame_init(&frame, &kit.plan.schema, &arena) != SK_OK) {
        abort();
    }
    return frame;
}

static void add_snapshot(bool is_keyframe)
{
    struct sk_event told[KIT_EVENTS];
    uint8_t own_part[SK_OWN_PART_BYTES_MAX];
    const struct sk_schema *schema = &kit.plan.schema;
    uint32_t tick = kit.world->head.tick;
    struct sk_own_part own = {
        .tick = tick, .input_tick = tick + LEAD, .has_player = true, .player = ME};
    struct sk_event_list events = {told, 0};
    for (uint32_t i = 0; i < kit.events.count; i++) {
        if (kit.kept[i].audience == SK_TO_ALL) {
            told[events.count++] = kit.kept[i];
        }
    }
    struct sk_frame empty = new_frame();
    sk_frame_extract(&frames[1], schema, kit.world, tick);
    int own_bytes = sk_own_part_write(&own, schema, kit.world, (struct sk_event_list){0}, own_part,
                                      sizeof(own_part));
    struct sk_snapshot_head head = {
        .tick = tick,
        .baseline_ticks = is_keyframe ? 0 : tick - frames[0].tick,
        .baseline_hash = is_keyframe ? 0 : (uint16_t)frames[0].hash,
        .own_part_bytes = (uint16_t)own_bytes,
    };
    uint8_t *message = bytes + at + 3;
    int size = sk_snapshot_write_head(&head, message, BYTES_MAX - at - 3);
    memcpy(message + size, own_part, (size_t)own_bytes);
    size += own_bytes;
    int body = sk_delta_encode(schema, is_keyframe ? &empty : &frames[0], &frames[1], events,
                               message + size, BYTES_MAX - at - 3 - (size_t)size);
    if (own_bytes < 0 || body < 0) {
        abort();
    }
    size += body;
    bytes[at] = 0;
    bytes[at + 1] = (uint8_t)size;
    bytes[at + 2] = (uint8_t)(size >> 8);
    at += 3 + (size_t)size;
    sk_frame_copy(&frames[0], &frames[1], schema);
    free(empty.values);
}

/* Returns the input as fuzz_predict.c makes it of the bytes, but for its view. */
static struct sk_input add_input(uint32_t seed, uint32_t tick)
{
    uint32_t dice = sk_random(seed, tick / 9, 0, 0);
    uint8_t piece[6] = {1,
                        (uint8_t)(dice & ARENA_BUTTONS),
                        (uint8_t)(dice >> 8),
                        (uint8_t)(dice >> 16),
                        (uint8_t)(dice >> 24),
                        0};
    memcpy(bytes + at, piece, sizeof(piece));
    at += sizeof(piece);
    return (struct sk_input){
        .buttons = piece[1],
        .axes = {(int16_t)(piece[2] << 7), (int16_t)(piece[3] * -128), (int16_t)(piece[4] << 8)}};
}

static void make_match(uint32_t seed)
{
    struct sk_input inputs[LEAD + 1] = {{0}};
    arena_kit_start(&kit, arena_kit_halls, PLAYERS, arena_kit_quick);
    frames[0] = new_frame();
    frames[1] = new_frame();
    at = 0;
    for (uint32_t i = 0; i < PLAYERS; i++) {
        arena_game.join(kit.world, kit.content, i, i != ME);
    }
    for (uint32_t tick = 1; tick <= TICKS * (seed + 1); tick++) {
        bool is_told = tick >= TICKS * seed + ARENA_SNAPSHOT_DIVISOR; /* a snapshot comes first */
        for (uint32_t i = 0; i < PLAYERS; i++) {
            arena_game.think(kit.world, kit.content, i, &kit.inputs[i]);
        }
        kit.inputs[ME] = inputs[tick % (LEAD + 1)];
        arena_kit_step(&kit);
        if (is_told && tick % ARENA_SNAPSHOT_DIVISOR == 0) {
            add_snapshot(tick < TICKS * seed + 4);
        }
        if (is_told) {
            inputs[(tick + LEAD) % (LEAD + 1)] = add_input(seed, tick);
        }
        if (is_told && tick % 8 == 0) {
            bytes[at++] = 3;
        }
    }
}

int main(int argc, char **argv)
{
    char path[4096];
    if (argc != 2) {
        fprintf(stderr, "usage: make_predict_corpus CORPUS_DIR\n");
        return 2;
    }
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        make_match(seed);
        snprintf(path, sizeof(path), "%s/predict/match_%u.bin", argv[1], seed);
        FILE *file = fopen(path, "wb");
        if (!file || fwrite(bytes, 1, at, file) != at || fclose(file) != 0) {
            fprintf(stderr, "make_predict_corpus: cannot write %s\n", path);
            return 1;
        }
    }
    return 0;
}
