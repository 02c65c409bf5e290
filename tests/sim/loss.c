/* loss.c - eight clients that play while messages are lost, once a seed: loss FIRST COUNT [enet].
 *
 * A seed picks a round trip of up to 200 ms, loss of up to 30% each way, messages that come twice
 * or overtake others, and stalls of up to a second in which nothing comes through.  What must not
 * be lost (Welcome, Roster, KeyframeRequest) comes late instead, in order.
 *
 * With `enet` that is ENet's affair, whose datagrams are lost, and snapshots go in pieces where
 * they do not fit one.
 *
 *   10 s of faults | 3 s calm
 *
 * Asserted of each: nobody is closed; each snapshot that a client applies, and so acks, is what the
 * server had at that tick; four of five ticks have their player's input while messages are lost,
 * and nearly all when the line is calm; then nobody is without a new snapshot for a second.  Of all
 * seeds together: less than 2% of the snapshots sent are keyframes.  A line a fault goes to the
 * standard output, and one for all.
 *
 * Mutants that 40 seeds catch: baselines that the client was not heard to have; snapshots in flight
 * that count as under way for ever; inputs that are sent once; a snapshot's bits that are off by
 * one; an older snapshot that is applied.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "room_state.h"
#include "support/enet_lines.h"
#include "support/line_match.h"

enum {
    MS = 1000,
    CLIENTS = 8,
    ROCKS = 48,
    WAY_MS_MAX = 100,
    JITTER_MS_MAX = 20, /* the mean: one in twenty is later by three times as much */
    LOST_OF_1000_MAX = 300,
    TWICE_OF_1000_MAX = 100,
    STALL_MS_MAX = 1000,
    FAULTS_MS = 10000,
    CALM_MS = 3000,
    SILENCE_MS_MAX = 1000,
    NOTED_FRAMES = 256,
};

/* A snapshot as the server made it. */
struct noted {
    uint32_t tick;
    uint32_t hash;
};

static struct {
    struct line_match match;
    bool is_enet;
    uint64_t seed;
    struct noted noted[NOTED_FRAMES]; /* by number of the snapshot */
    uint32_t applied_ticks[CLIENTS];
    uint64_t applied_us[CLIENTS];
    uint64_t silence_us_max[CLIENTS];
    uint64_t wrong_count;
    uint64_t fault_count;
    uint64_t applied_count; /* of all seeds, as what follows */
    uint64_t snapshot_count;
    uint64_t keyframe_count;
    double fresh_share_min;
} loss;

/* --- what is compared ----------------------------------------------------------------------- */

static struct noted *noted_of(uint32_t tick)
{
    return &loss.noted[tick / loss.match.toy.plan.snapshot_divisor % NOTED_FRAMES];
}

static void on_step(struct line_match *match)
{
    const struct replicate *replicate = &match->toy.room->replicate;
    for (uint32_t i = 0; i < SK_FRAME_RING_SLOTS; i++) {
        const struct sk_frame *frame = &replicate->frames[i];
        if (frame->tick != 0 && frame->tick == replicate->newest_tick) {
            *noted_of(frame->tick) = (struct noted){frame->tick, frame->hash};
        }
    }
}

static void on_take(struct line_match *match, uint32_t client, bool is_taken)
{
    const struct sk_view *view = match->clients[client].core.view;
    if (!is_taken || view->newest_tick == loss.applied_ticks[client]) {
        return;
    }
    const struct noted *noted = noted_of(view->newest_tick);
    bool is_equal =
        noted->tick == view->newest_tick && noted->hash == view->frames[view->newest].hash;
    uint64_t silence_us = match->now_us - loss.applied_us[client];
    loss.wrong_count += !is_equal;
    loss.applied_count++;
    loss.applied_ticks[client] = view->newest_tick;
    loss.applied_us[client] = match->now_us;
    if (silence_us > loss.silence_us_max[client]) {
        loss.silence_us_max[client] = silence_us;
    }
}

/* --- a seed --------------------------------------------------------------------------------- */

static void control(struct line_match *match, uint32_t client, struct sk_input *controller)
{
    uint32_t tick = match->clients[client].core.sampled_tick;
    controller->buttons =
        sk_mix(loss.seed * 1000003 + client * 7919 + tick / 8) % 2 ? TOY_PRESS : 0;
}

static void open_seed(uint64_t seed, const struct line_faults *calm)
{
    const struct line_match_config config = {
        .room = {.players_max = CLIENTS, .rocks = ROCKS, .is_lossy = true},
        .client_count = CLIENTS,
        .seed = seed,
        .carrier = loss.is_enet ? &enet_lines_carrier : NULL,
        .faults = *calm,
        .control = control,
        .on_step = on_step,
        .on_take = on_take,
    };
    memset(loss.noted, 0, sizeof(loss.noted));
    memset(loss.applied_ticks, 0, sizeof(loss.applied_ticks));
    loss.seed = seed;
    loss.wrong_count = 0;
    if (loss.is_enet) {
        enet_lines_open(&loss.match, CLIENTS);
    }
    line_match_open(&loss.match, &config);
}

/* Up to a second somewhere in the faults. */
static struct line_span pick_stall(uint64_t *random)
{
    uint64_t from_us = loss.match.now_us + (uint64_t)(line_random(random) * FAULTS_MS) * MS;
    return (struct line_span){from_us,
                              from_us + (uint64_t)(line_random(random) * STALL_MS_MAX) * MS};
}

static void break_lines(uint64_t *random, const struct line_faults *calm)
{
    struct line_faults bad = *calm;
    bad.jitter_us = (uint64_t)(line_random(random) * JITTER_MS_MAX) * MS;
    bad.lost_of_1000 = (uint32_t)(line_random(random) * LOST_OF_1000_MAX);
    bad.twice_of_1000 = (uint32_t)(line_random(random) * TWICE_OF_1000_MAX);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        struct line_client *client = &loss.match.clients[i];
        client->up.faults = bad;
        client->down.faults = bad;
        client->up.faults.stall = pick_stall(random);
        client->down.faults.stall =
            line_random(random) < 0.5 ? client->up.faults.stall : pick_stall(random);
    }
}

static void become_calm(const struct line_faults *calm)
{
    for (uint32_t i = 0; i < CLIENTS; i++) {
        loss.match.clients[i].up.faults = *calm;
        loss.match.clients[i].down.faults = *calm;
        loss.applied_us[i] = loss.match.now_us;
        loss.silence_us_max[i] = 0;
    }
}

/* --- judging -------------------------------------------------------------------------------- */

static void expect(bool is_good, const char *what, uint32_t client)
{
    if (!is_good) {
        printf("seed=%" PRIu64 " client=%u %s\n", loss.seed, client, what);
        loss.fault_count++;
    }
}

static void judge(double fresh_share)
{
    expect(loss.wrong_count == 0, "a frame is not the server's", 0);
    expect(fresh_share > 0.99, "inputs are missing over a calm line", 0);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        const struct line_client *client = &loss.match.clients[i];
        uint64_t silence_us = loss.match.now_us - loss.applied_us[i];
        expect(client->closed_for == SK_REASON_NONE, sk_reason_word(client->closed_for), i);
        expect(loss.silence_us_max[i] < SILENCE_MS_MAX * MS, "no snapshot for a second", i);
        expect(silence_us < SILENCE_MS_MAX * MS, "no snapshot at the end", i);
        loss.snapshot_count += client->snapshot_count;
        loss.keyframe_count += client->keyframe_count;
    }
}

static void play(uint64_t seed)
{
    uint64_t random = sk_mix(seed);
    struct line_faults calm = {.delay_us = (uint64_t)(line_random(&random) * WAY_MS_MAX) * MS};
    open_seed(seed, &calm);
    break_lines(&random, &calm);
    line_match_clear(&loss.match);
    line_match_run(&loss.match, FAULTS_MS);
    double share = line_match_fresh_share(&loss.match);
    loss.fresh_share_min = share < loss.fresh_share_min ? share : loss.fresh_share_min;
    expect(share > 0.8, "inputs are missing", 0);
    become_calm(&calm);
    line_match_run(&loss.match, SILENCE_MS_MAX);
    line_match_clear(&loss.match);
    line_match_run(&loss.match, CALM_MS - SILENCE_MS_MAX);
    judge(line_match_fresh_share(&loss.match));
    line_match_close(&loss.match);
    if (loss.is_enet) {
        expect(enet_lines_ended() == 0, "a connection ended", 0);
        enet_lines_close();
    }
}

int main(int argument_count, char **arguments)
{
    SK_ASSERT(argument_count == 3 || argument_count == 4);
    loss.is_enet = argument_count == 4 && strcmp(arguments[3], "enet") == 0;
    uint64_t first = strtoull(arguments[1], NULL, 10);
    uint64_t count = strtoull(arguments[2], NULL, 10);
    loss.fresh_share_min = 1;
    for (uint64_t seed = first; seed < first + count; seed++) {
        play(seed);
    }
    double keyframes = (double)loss.keyframe_count / (double)loss.snapshot_count;
    if (keyframes >= 0.02) {
        printf("too many keyframes\n");
        loss.fault_count++;
    }
    printf("sim=loss over=%s first_seed=%" PRIu64 " seeds=%" PRIu64 " applied=%" PRIu64
           " keyframes=%.4f fresh_min=%.3f failed=%" PRIu64 "\n",
           loss.is_enet ? "enet" : "lines", first, count, loss.applied_count, keyframes,
           loss.fresh_share_min, loss.fault_count);
    return loss.fault_count == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
