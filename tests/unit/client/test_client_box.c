/* test_client_box.c - a black box that a client saved is played again to the same corrections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena/arena_map.h"
#include "base/hash.h"
#include "built_in.h"
#include "feel_replay.h"
#include "support/line_match.h"

enum { MS = 1000, PLAYERS = 4, TAKES = 8192, FILE_BYTES_MAX = 2 << 20 };

static const char map_text[] = "map Box\n"
                               "############\n"
                               "#S...#....S#\n"
                               "#..........#\n"
                               "#S...#....S#\n"
                               "############\n";

static struct {
    struct line_match match;
    struct arena_content content;
    uint64_t take_us[TAKES];
    struct feel_counts takes[TAKES]; /* of client 0, after its snapshot */
    uint32_t take_count;
    uint8_t file[FILE_BYTES_MAX];
    size_t file_bytes;
} fixture;

static void control(struct line_match *match, uint32_t client, struct sk_input *controller)
{
    uint64_t random = sk_mix(client * 7919 + match->now_us / (300 * MS));
    *controller = (struct sk_input){.buttons = random % 2 ? ARENA_FIRE : 0};
    controller->axes[0] = (int16_t)(random >> 16);
    controller->axes[1] = (int16_t)(random >> 32);
    controller->axes[2] = (int16_t)(random >> 48);
    if (random % 5 == 0) {
        sk_client_core_press(&match->clients[client].core, ARENA_DASH);
    }
}

static struct feel_counts counts_now(void)
{
    const struct line_client *client = &fixture.match.clients[0];
    const struct sk_drift_counts *drift = &client->predict.drift.counts;
    return (struct feel_counts){.corrections = drift->late + drift->touched + drift->diverging,
                                .late = client->core.late_count,
                                .underruns = client->core.clock.underrun_count};
}

static void on_take(struct line_match *match, uint32_t client, bool is_taken)
{
    if (client == 0 && is_taken) {
        assert_true(fixture.take_count < TAKES);
        fixture.take_us[fixture.take_count] = match->now_us;
        fixture.takes[fixture.take_count++] = counts_now();
    }
}

/* What client 0 saw since its older segment began. */
static struct feel_counts counts_since(uint64_t begun_us)
{
    struct feel_counts then = {0};
    for (uint32_t i = 0; i < fixture.take_count && fixture.take_us[i] <= begun_us; i++) {
        then = fixture.takes[i];
    }
    struct feel_counts now = counts_now();
    return (struct feel_counts){.corrections = now.corrections - then.corrections,
                                .late = now.late - then.late,
                                .underruns = now.underruns - then.underruns};
}

static void save(void)
{
    struct line_client *client = &fixture.match.clients[0];
    fixture.file_bytes = 0;
    for (uint32_t i = 0; i < SK_BOX_PARTS; i++) {
        size_t bytes;
        const uint8_t *part = sk_client_box_part(&client->box, &client->core, i, &bytes);
        assert_true(bytes <= FILE_BYTES_MAX - fixture.file_bytes);
        memcpy(fixture.file + fixture.file_bytes, part, bytes);
        fixture.file_bytes += bytes;
    }
}

/* Plays for so long over a bad line and saves. */
static void play(uint32_t seconds)
{
    memset(&fixture, 0, sizeof(fixture));
    int bytes = arena_content_parse((const uint8_t *)map_text, strlen(map_text), &fixture.content,
                                    sizeof(fixture.content));
    assert_true(bytes > 0);
    const struct line_match_config config = {
        .room = {.game = &arena_game, .content = &fixture.content, .players_max = PLAYERS},
        .client_count = PLAYERS,
        .predicts = true,
        .has_box = true,
        .faults = {.delay_us = 50 * MS, .jitter_us = 8 * MS, .lost_of_1000 = 4},
        .control = control,
        .on_take = on_take,
    };
    line_match_open(&fixture.match, &config);
    line_match_run(&fixture.match, (uint64_t)seconds * 1000);
    save();
}

static void end(void)
{
    line_match_close(&fixture.match);
}

static void assert_replayed(struct feel_counts *seen)
{
    static struct feel_replay replay;
    struct feel_file file;
    enum feel_step step;
    assert_int_equal(feel_file_open(&file, fixture.file, fixture.file_bytes), SK_OK);
    assert_int_equal(feel_replay_create(&replay, &file, &fixture.match.toy.plan, &fixture.content),
                     SK_OK);
    while ((step = feel_replay_step(&replay)) == FEEL_STEP) {
    }
    assert_int_equal(step, FEEL_END);
    assert_true(feel_replay_is_equal(&replay));
    *seen = replay.counts;
    feel_replay_destroy(&replay);
}

static void test_client_box_replays_to_the_same_corrections(void **state)
{
    static const uint32_t seconds[] = {20, 75};
    (void)state;
    for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
        struct feel_counts seen;
        play(seconds[i]);
        const struct sk_client_box *box = &fixture.match.clients[0].box;
        const struct sk_box_segment *older = &box->segments[1 - box->current];
        uint64_t begun_us = older->used ? older->begun_us : box->segments[box->current].begun_us;
        struct feel_counts lived = counts_since(begun_us);
        assert_replayed(&seen);
        print_message("%u s: %zu bytes, %llu snapshots, %llu corrections, %llu late, %llu "
                      "underruns\n",
                      seconds[i], fixture.file_bytes, (unsigned long long)seen.snapshots,
                      (unsigned long long)seen.corrections, (unsigned long long)seen.late,
                      (unsigned long long)seen.underruns);
        assert_true(seen.corrections > 0);
        assert_int_equal(seen.corrections, lived.corrections);
        assert_int_equal(seen.late, lived.late);
        assert_int_equal(seen.underruns, lived.underruns);
        end();
    }
}

static void test_client_box_cut_or_foreign_file_is_refused_with_its_byte(void **state)
{
    struct feel_file file;
    (void)state;
    play(5);
    for (size_t size = 0; size < fixture.file_bytes; size += size < 300 ? 1 : 977) {
        assert_int_not_equal(feel_file_open(&file, fixture.file, size), SK_OK);
        assert_true(file.at <= size);
    }
    assert_int_equal(feel_file_open(&file, fixture.file, fixture.file_bytes), SK_OK);
    fixture.file[500] ^= 1;
    assert_int_not_equal(feel_file_open(&file, fixture.file, fixture.file_bytes), SK_OK);
    assert_int_equal(file.at, fixture.file_bytes - 8);
    fixture.file[0] = 'X';
    assert_int_not_equal(feel_file_open(&file, fixture.file, fixture.file_bytes), SK_OK);
    assert_int_equal(file.at, 0);
    end();
}

static void test_client_box_without_a_snapshot_is_empty(void **state)
{
    (void)state;
    play(0);
    assert_int_equal(fixture.file_bytes, 0);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_box_replays_to_the_same_corrections),
        cmocka_unit_test(test_client_box_cut_or_foreign_file_is_refused_with_its_byte),
        cmocka_unit_test(test_client_box_without_a_snapshot_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
