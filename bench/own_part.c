/* own_part.c - bytes of what a snapshot tells a player about its inputs, commands and lost time:
 * the own part without exact rows and events, which is in every snapshot.
 *
 * A simulated match over lines with jitter, of which the server's time is lost now and then; the
 * same seed gives the same figures.  One line a case: usual, with repeats, with lost ticks, all.
 * The reference is the layout of version 1, filled from the same snapshots: one margin, 8 repeats,
 * no lost ticks and no commands.  The goal is at most 2 bytes more a snapshot.
 */
#include <stdio.h>

#include "base/assert.h"
#include "bench.h"
#include "bench_options.h"
#include "state/bits.h"
#include "support/line_match.h"

enum {
    MS = 1000,
    SETTLE_MS = 2000,
    LOSE_EVERY_MS = 5000,
    LOSE_MS = 400,
    CLIENTS = 4,
    JITTER_MS = 12
};
enum { GOAL_BYTES = 2 };
enum part_case { CASE_USUAL, CASE_REPEATS, CASE_LOST, CASE_ALL, CASE_COUNT };

static const char *const case_names[CASE_COUNT] = {"usual", "repeats", "lost", "all"};

static const struct bench_option options[] = {
    {"seconds", "N", "of the match, simulated (120)"},
    {"seed", "N", "of the lines (1)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("own_part", "Bytes of a player's own part, beside those of version 1.", options);

static struct line_match match;
static struct figures {
    uint64_t count;
    uint64_t bytes;
    uint64_t before_bytes;
    uint32_t bytes_max;
} figures[CASE_COUNT];

static uint32_t signed_cost(int32_t number, uint32_t order)
{
    uint32_t folded = number < 0 ? 2 * ~(uint32_t)number + 1 : 2 * (uint32_t)number;
    return sk_bits_number_cost(folded, order);
}

/* What both layouts have: a player and which, the newest input, whether inputs were repeated. */
static uint32_t shared_bits(const struct sk_own_part *own)
{
    bool has_input = own->input_tick != 0;
    return 1 + 10 + 1 + (has_input ? signed_cost((int32_t)(own->input_tick - own->tick), 4) : 0) +
           1;
}

static uint32_t before_bits(const struct sk_own_part *own)
{
    bool has_repeats = (own->repeated & 0xff) != 0;
    return shared_bits(own) + signed_cost(own->margin_sixteenths, 5) + (has_repeats ? 8 : 0);
}

static uint32_t now_bits(const struct sk_own_part *own)
{
    uint32_t below = (uint32_t)(own->newest_sixteenths - own->margin_sixteenths);
    uint32_t bits = shared_bits(own) + 2;
    if (own->input_tick != 0) {
        bits += signed_cost(own->newest_sixteenths, 5) + sk_bits_number_cost(below, 2);
    }
    bits += own->repeated != 0 ? sk_bits_number_cost(own->repeated - 1u, 3) : 0;
    return bits + (own->tells_dropped ? 16 : 0) + (own->tells_command ? 8 : 0);
}

static uint32_t bytes_of(uint32_t bits)
{
    return (bits + 7) / 8;
}

/* That the bits counted here are those of the codec: a spectator's lack the player and commands. */
static void check(const struct sk_own_part *own)
{
    struct sk_own_part seen = *own;
    uint8_t out[SK_OWN_PART_BYTES_MAX];
    seen.has_player = seen.tells_command = false;
    uint32_t lacks = 10 + 1 + (own->tells_command ? 8 : 0);
    int bytes = sk_own_part_write(&seen, NULL, NULL, (struct sk_event_list){0}, out, sizeof(out));
    SK_ASSERT(bytes == (int)bytes_of(now_bits(own) - lacks));
}

static void count(const struct sk_own_part *own, enum part_case at)
{
    struct figures *sum = &figures[at];
    uint32_t bytes = bytes_of(now_bits(own));
    sum->count++;
    sum->bytes += bytes;
    sum->before_bytes += bytes_of(before_bits(own));
    sum->bytes_max = bytes > sum->bytes_max ? bytes : sum->bytes_max;
}

static void on_take(struct line_match *played, uint32_t client, bool is_taken)
{
    const struct sk_own_part *own = &played->clients[client].core.view->own;
    if (!is_taken || played->now_us < SETTLE_MS * MS || !own->has_player) {
        return;
    }
    check(own);
    count(own, CASE_ALL);
    if (own->tells_dropped) {
        count(own, CASE_LOST);
    } else {
        count(own, own->repeated != 0 ? CASE_REPEATS : CASE_USUAL);
    }
}

static void print_case(enum part_case at)
{
    const struct figures *sum = &figures[at];
    double snapshots = sum->count > 0 ? (double)sum->count : 1;
    double now = (double)sum->bytes / snapshots;
    double before = (double)sum->before_bytes / snapshots;
    printf("bench=own_part case=%s snapshots=%llu own_part_bytes=%.2f own_part_bytes_before=%.2f "
           "more=%.2f goal=%d met=%s bytes_max=%u\n",
           case_names[at], (unsigned long long)sum->count, now, before, now - before, GOAL_BYTES,
           now - before <= GOAL_BYTES ? "yes" : "no", sum->bytes_max);
}

int main(int argc, char **argv)
{
    bench_options_check(argc, argv, &usage);
    uint64_t seconds = bench_number(argc, argv, "seconds", 120, 3600);
    const struct line_match_config config = {
        .client_count = CLIENTS,
        .predicts = true,
        .seed = bench_number(argc, argv, "seed", 1, UINT32_MAX),
        .faults = {.delay_us = 25 * MS, .jitter_us = JITTER_MS * MS},
        .on_take = on_take,
    };
    line_match_open(&match, &config);
    match.lose_every_ms = LOSE_EVERY_MS;
    match.lose_ms = LOSE_MS;
    line_match_run(&match, seconds * MS);
    line_match_close(&match);
    for (int at = 0; at < CASE_COUNT; at++) {
        print_case((enum part_case)at);
    }
    return 0;
}
