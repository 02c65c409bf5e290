/* make_codec_corpus.c - writes the seeds of delta_decode, snapshot and view.
 *
 *   make_codec_corpus CORPUS_DIR
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fleet.h"
#include "support/scene.h"

enum { SCENES = 16, INPUT_BYTES_MAX = 1 << 16, MESSAGES = 6, PLAYERS = 3 };

static const char *corpus;

static void write_file(const char *target, const char *name, uint32_t number, const uint8_t *bytes,
                       size_t size)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s/%s_%u.bin", corpus, target, name, number);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        fprintf(stderr, "make_codec_corpus: cannot write %s\n", path);
        exit(1);
    }
}

/* As fuzz_delta_decode.c makes its scenes, and then one step more. */
static void make_delta(uint32_t index)
{
    static struct scene scene;
    static uint8_t bytes[INPUT_BYTES_MAX];
    scene_init(&scene, index + 1, (struct scene_limits){3, 8, 100});
    struct sk_frame empty = scene_new_frame(&scene);
    struct sk_frame from = scene_new_frame(&scene);
    struct sk_frame to = scene_new_frame(&scene);
    if (index % 4 != 0) {
        scene_step(&scene, &empty, &from, 60);
    }
    from.tick = 999;
    scene_step(&scene, &from, &to, index % 2 == 0 ? 10 : 40);
    bytes[0] = (uint8_t)index;
    int size = sk_delta_encode(&scene.schema, &from, &to, scene_draw_events(&scene, 1000, 20),
                               bytes + 1, sizeof(bytes) - 1);
    if (size > 0) {
        write_file("delta_decode", "scene", index, bytes, (size_t)size + 1);
    }
    scene_free_frame(&empty);
    scene_free_frame(&from);
    scene_free_frame(&to);
}

/* A number without an end, where a body begins. */
static void make_endless(void)
{
    uint8_t bytes[64];
    memset(bytes, 0xff, sizeof(bytes));
    bytes[0] = 1;
    write_file("delta_decode", "endless", 0, bytes, sizeof(bytes));
}

/* A match of some snapshots for a player, as fuzz_view.c reads it. */
static void make_view(uint32_t player)
{
    static struct fleet fleet;
    static uint8_t bytes[INPUT_BYTES_MAX];
    size_t at = 0;
    uint32_t baseline_tick = 0;
    fleet_init(&fleet);
    for (uint32_t i = 0; i < 20 * player; i++) {
        fleet_step(&fleet);
    }
    for (uint32_t i = 0; i < MESSAGES; i++) {
        fleet_step(&fleet);
        uint16_t seat = (uint16_t)(player == PLAYERS - 1 ? FLEET_SHIPS : player);
        size_t size =
            fleet_message(&fleet, baseline_tick, seat, bytes + at + 2, sizeof(bytes) - at - 2);
        bytes[at] = (uint8_t)size;
        bytes[at + 1] = (uint8_t)(size >> 8);
        at += 2 + size;
        baseline_tick = i % 3 == 2 ? baseline_tick : fleet.world.head.tick;
    }
    write_file("view", "match", player, bytes, at);
}

static void make_snapshot(uint32_t player)
{
    static struct fleet fleet;
    static uint8_t bytes[INPUT_BYTES_MAX];
    struct sk_snapshot_head head;
    fleet_init(&fleet);
    for (uint32_t i = 0; i < 100; i++) {
        fleet_step(&fleet);
    }
    size_t size = fleet_message(&fleet, player == 0 ? 0 : 300 - 60 * player, (uint16_t)player,
                                bytes, sizeof(bytes));
    write_file("snapshot", "message", player, bytes, size);
    int at = sk_snapshot_read_head(&head, bytes, size);
    write_file("snapshot", "head", player, bytes, (size_t)at);
    write_file("snapshot", "own_part", player, bytes + at, head.own_part_bytes);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: make_codec_corpus CORPUS_DIR\n");
        return 2;
    }
    corpus = argv[1];
    for (uint32_t i = 0; i < SCENES; i++) {
        make_delta(i);
    }
    make_endless();
    for (uint32_t i = 0; i < PLAYERS; i++) {
        make_view(i);
        make_snapshot(i);
    }
    return 0;
}
