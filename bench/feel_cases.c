/* feel_cases.c - see feel_cases.h.
 *
 *   inputs_used        of the ticks judged, those that had the player's own input
 *   margin_ticks       by how much the earliest input came before its tick: more is lag
 *   step_ticks         the largest step of a frame in what is drawn of others
 *   matched, late, touched, diverging  snapshots by their verdict (client_drift.h)
 */
#include "feel_cases.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena_map.h"
#include "base/assert.h"
#include "base/hash.h"
#include "bench.h"
#include "built_in.h"
#include "support/line_match.h"

enum {
    MS = 1000,
    SETTLE_MS = 5000,
    JUDGED_MS = 2000,
    LOSE_EVERY_MS = 400,
    LOSE_MS = 150, /* of which 50 are caught up: a quarter of time is lost */
    BOTS = 16,
    NOTED_TICKS = 256,
    SAMPLES = 1 << 16,
    HOLD_TICKS = 20
};

/* What happens, how long until it must be as before, and for how long it is judged. */
struct feel_case {
    const char *name;
    const char *was;
    uint32_t rtt_ms;
    uint32_t up_stall_ms;
    uint32_t down_stall_ms;
    uint32_t sleep_ms;
    uint32_t stop_ms;
    uint32_t lose_ms;       /* of each LOSE_EVERY_MS; 0: none */
    uint32_t after_ms;      /* from the end of it to what is judged */
    uint32_t judged_ms;     /* 0: JUDGED_MS */
    uint32_t input_rate_hz; /* 0: as they are made */
    uint16_t tick_hz;       /* 0: 60 */
    double used_min;
    double margin_ticks_max; /* 0: any */
    double step_ticks_max;   /* 0: any */
};

static const struct feel_case cases[] = {
    {.name = "stall-both-2200",
     .was = "kicked",
     .rtt_ms = 150,
     .up_stall_ms = 2200,
     .down_stall_ms = 2200,
     .after_ms = 1000,
     .used_min = 0.995,
     .margin_ticks_max = 3},
    {.name = "stall-up-1500",
     .was = "kicked",
     .rtt_ms = 150,
     .up_stall_ms = 1500,
     .after_ms = 1000,
     .used_min = 0.995,
     .margin_ticks_max = 3},
    {.name = "asleep-2000",
     .was = "lag 0.8 s falling over 25 s",
     .rtt_ms = 50,
     .sleep_ms = 2000,
     .after_ms = 1000,
     .used_min = 0.995,
     .margin_ticks_max = 3},
    {.name = "asleep-8000",
     .was = "lag 0.8 s falling over 25 s",
     .rtt_ms = 50,
     .sleep_ms = 8000,
     .after_ms = 1000,
     .used_min = 0.995,
     .margin_ticks_max = 3},
    {.name = "asleep-30000",
     .was = "lag 0.8 s falling over 25 s",
     .rtt_ms = 50,
     .sleep_ms = 30000,
     .after_ms = 1000,
     .used_min = 0.995,
     .margin_ticks_max = 3},
    {.name = "server-stopped-900",
     .was = "lag 1.2 s for 90 s",
     .rtt_ms = 50,
     .stop_ms = 900,
     .after_ms = 1000,
     .used_min = 0.995,
     .margin_ticks_max = 3},
    {.name = "server-stopped-2500",
     .was = "kicked",
     .rtt_ms = 50,
     .stop_ms = 2500,
     .after_ms = 2000,
     .used_min = 0.995,
     .margin_ticks_max = 3},
    {.name = "server-loses-25-percent",
     .was = "inputs used: none after 5 s",
     .rtt_ms = 50,
     .lose_ms = LOSE_MS,
     .judged_ms = 20000,
     .used_min = 0.9},
    {.name = "messages-30-a-second",
     .was = "inputs used: 63%",
     .rtt_ms = 100,
     .input_rate_hz = 30,
     .after_ms = 3000,
     .judged_ms = 20000,
     .used_min = 0.995},
    {.name = "messages-20-a-second",
     .was = "inputs used: 49%",
     .rtt_ms = 100,
     .input_rate_hz = 20,
     .after_ms = 3000,
     .judged_ms = 20000,
     .used_min = 0.995},
    {.name = "native-240-hz",
     .was = "inputs used: none",
     .rtt_ms = 250,
     .tick_hz = 240,
     .after_ms = 3000,
     .judged_ms = 20000,
     .used_min = 0.995},
    {.name = "step-after-stall-300",
     .was = "16 ticks",
     .rtt_ms = 50,
     .down_stall_ms = 300,
     .judged_ms = 3000,
     .step_ticks_max = 3},
};

static struct {
    struct line_match match;
    struct arena_content content;
    /* of a case */
    uint64_t drawn; /* 1/256 ticks */
    uint64_t step_max;
    /* of the match */
    uint32_t noted_ticks[NOTED_TICKS];
    int32_t noted[NOTED_TICKS][2];
    uint64_t tick_count;
    double corrections[SAMPLES];
    size_t correction_count;
} run;

/* --- cases ---------------------------------------------------------------------------------- */

static void note_step(struct line_match *match, uint32_t client)
{
    const struct sk_client_core *core = &match->clients[client].core;
    uint64_t drawn = (uint64_t)core->render_tick * SK_FRACTION_ONE + core->render_fraction;
    uint64_t step = run.drawn == 0 || drawn < run.drawn ? 0 : drawn - run.drawn;
    run.step_max = step > run.step_max ? step : run.step_max;
    run.drawn = drawn;
}

static struct line_span span_of(uint32_t ms)
{
    uint64_t now_us = run.match.now_us;
    return (struct line_span){now_us, now_us + (uint64_t)ms * MS};
}

/* Breaks what the case breaks, and waits until it is to be as before. */
static void disturb(const struct feel_case *one)
{
    struct line_client *client = &run.match.clients[0];
    uint32_t lasts_ms =
        one->up_stall_ms > one->down_stall_ms ? one->up_stall_ms : one->down_stall_ms;
    lasts_ms += one->sleep_ms + one->stop_ms;
    client->up.faults.stall = span_of(one->up_stall_ms);
    client->down.faults.stall = span_of(one->down_stall_ms);
    client->sleep = span_of(one->sleep_ms);
    run.match.server_stop = span_of(one->stop_ms);
    run.match.lose_every_ms = one->lose_ms > 0 ? LOSE_EVERY_MS : 0;
    run.match.lose_ms = one->lose_ms;
    run.step_max = 0;
    line_match_run(&run.match, lasts_ms + one->after_ms);
}

static void print_case(const struct feel_case *one)
{
    const struct line_client *client = &run.match.clients[0];
    double used = line_match_fresh_share(&run.match);
    double margin_ticks = client->lag_sixteenths_max / 16.0;
    double step_ticks = (double)run.step_max / SK_FRACTION_ONE;
    bool is_met = client->closed_for == SK_REASON_NONE && used >= one->used_min &&
                  (one->margin_ticks_max == 0 || margin_ticks <= one->margin_ticks_max) &&
                  (one->step_ticks_max == 0 || step_ticks <= one->step_ticks_max);
    printf("bench=feel case=%s rtt_ms=%u closed=%s inputs_used=%.4f margin_ticks=%.1f "
           "step_ticks=%.1f met=%d was=\"%s\"\n",
           one->name, one->rtt_ms, sk_reason_word(client->closed_for), used, margin_ticks,
           step_ticks, is_met, one->was);
}

static void run_case(const struct feel_case *one, uint64_t seed)
{
    const struct line_match_config config = {
        .room = {.tick_hz = one->tick_hz},
        .client_count = 1,
        .input_rate_hz = one->input_rate_hz,
        .seed = seed,
        .faults = {.delay_us = (uint64_t)one->rtt_ms * MS / 2},
        .on_frame = note_step,
    };
    run.drawn = 0;
    line_match_open(&run.match, &config);
    run.match.clients[0].frame_ms = one->tick_hz > 60 ? 4 : LINE_FRAME_MS;
    line_match_run(&run.match, SETTLE_MS);
    disturb(one);
    line_match_clear(&run.match);
    line_match_run(&run.match, one->judged_ms > 0 ? one->judged_ms : JUDGED_MS);
    print_case(one);
    line_match_close(&run.match);
}

void feel_cases_run(uint64_t seed)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        run_case(&cases[i], seed);
    }
}

/* --- a match of 16 -------------------------------------------------------------------------- */

static const char map_text[] = "map Full\n"
                               "################################\n"
                               "#S....#......S.....#....H.....S#\n"
                               "#..##.#..##........#..##..##...#\n"
                               "#..#......#....H...#...#...#...#\n"
                               "#.......S.#...##.......#.......#\n"
                               "#S...#....#....#....S......#..S#\n"
                               "#....#.R.......#...........#...#\n"
                               "#..###......S......####.R......#\n"
                               "#S............................S#\n"
                               "#......####......S......###....#\n"
                               "#..#...........#.......R....#..#\n"
                               "#..#......S....#....#.......#..#\n"
                               "#......#.......##...#.S........#\n"
                               "#..#...#...#...H....#......#...#\n"
                               "#..##..##..#........##.##..#...#\n"
                               "#S....H....#.....S..#.........S#\n"
                               "################################\n";

/* Walks, dashes and shoots about, as of the seed. */
static void roam(struct line_match *match, uint32_t client, struct sk_input *controller)
{
    uint32_t tick = match->clients[client].core.sampled_tick;
    uint64_t random = sk_mix(match->config.seed * 1000003 + tick / HOLD_TICKS);
    *controller = (struct sk_input){0};
    controller->axes[0] = (int16_t)(random % 65535 - 32767);
    controller->axes[1] = (int16_t)((random >> 16) % 65535 - 32767);
    controller->axes[2] = (int16_t)(random >> 32);
    controller->buttons = (random >> 48) % 4 == 0 ? ARENA_DASH : 0;
    controller->buttons |= (random >> 52) % 2 == 0 ? ARENA_FIRE : 0;
}

static const struct arena_player *player_in(const void *world)
{
    return &((const struct arena_world *)world)->players[0];
}

static void note_place(struct line_match *match, uint32_t client)
{
    const struct sk_client_predict *predict = &match->clients[client].predict;
    uint32_t slot = predict->tick % NOTED_TICKS;
    run.noted_ticks[slot] = predict->tick;
    run.noted[slot][0] = player_in(predict->world)->x;
    run.noted[slot][1] = player_in(predict->world)->y;
}

static void judge_place(struct line_match *match)
{
    const void *world = room_world(match->toy.room);
    uint32_t slot = ((const struct sk_world *)world)->tick % NOTED_TICKS;
    if (run.noted_ticks[slot] != ((const struct sk_world *)world)->tick) {
        return;
    }
    double off =
        hypot(player_in(world)->x - run.noted[slot][0], player_in(world)->y - run.noted[slot][1]);
    run.tick_count++;
    if (off > 0 && run.correction_count < SAMPLES) {
        run.corrections[run.correction_count++] = off / ARENA_TILE;
    }
}

static void print_match(uint32_t rtt_ms, uint32_t jitter_ms)
{
    const struct sk_drift_counts *counts = &run.match.clients[0].predict.drift.counts;
    double share = (double)run.correction_count / (double)run.tick_count;
    bool is_met = run.match.clients[0].closed_for == SK_REASON_NONE && counts->late == 0 &&
                  counts->diverging == 0;
    printf("bench=feel case=match-of-16 rtt_ms=%u jitter_ms=%u corrected_ticks_share=%.4f "
           "correction_p50=%.3f correction_p99=%.3f matched=%llu late=%llu touched=%llu "
           "diverging=%llu met=%d was=\"-\"\n",
           rtt_ms, jitter_ms, share, bench_quantile(run.corrections, run.correction_count, 0.5),
           bench_quantile(run.corrections, run.correction_count, 0.99),
           (unsigned long long)counts->matched, (unsigned long long)counts->late,
           (unsigned long long)counts->touched, (unsigned long long)counts->diverging, is_met);
}

void feel_cases_run_match(uint32_t seconds, uint64_t seed)
{
    enum { RTT_MS = 150, JITTER_MS = 20 };
    static const uint32_t options[SK_OPTIONS_MAX] = {1800, 0, 120, 1};
    int bytes = arena_content_parse((const uint8_t *)map_text, strlen(map_text), &run.content,
                                    sizeof(run.content));
    SK_ASSERT(bytes > 0);
    const struct line_match_config config = {
        .room = {.game = &arena_game,
                 .content = &run.content,
                 .options = options,
                 .players_max = BOTS,
                 .bots_fill = BOTS},
        .client_count = 1,
        .predicts = true,
        .seed = seed,
        .faults = {.delay_us = RTT_MS * MS / 2, .jitter_us = (JITTER_MS + 2) / 3 * MS},
        .control = roam,
        .on_frame = note_place,
        .on_step = judge_place,
    };
    line_match_open(&run.match, &config);
    line_match_run(&run.match, SETTLE_MS);
    run.tick_count = run.correction_count = 0;
    run.match.clients[0].predict.drift.counts = (struct sk_drift_counts){0};
    line_match_run(&run.match, (uint64_t)seconds * 1000);
    print_match(RTT_MS, JITTER_MS);
    line_match_close(&run.match);
}
