/* feel.c - a match of arena that eight clients play over bad lines, once a seed: feel FIRST COUNT.
 *
 * A seed picks a round trip of up to 200 ms, jitter of up to 60 ms, loss of up to 5% on a lossy
 * transport, stalls, pauses of clients and time that the server loses.
 *
 *   3 s to settle | 2 s even | 5 s of faults, shots | 3.5 s of faults | 1 or 2 s calm | 2 s judged
 *
 * Even and calm lines jitter by what the lead covers.  Asserted of each: nobody is closed; over the
 * even line, where all shoot, and from one second after the line is calm, what a client predicted
 * of itself and of its bolts is what the server made of it, to the bit, but for a second after
 * another has hurt it or taken a pickup; and no drift that nothing explains.  A line a fault goes
 * to the standard output, and one for all.
 *
 * Mutants that 40 seeds catch: a lead that is not raised; inputs or the lead not moved when the
 * server has lost time; a snapshot's tick off by one under the prediction; a row of the own state
 * that is not exact; snapshots lost on a lossy line that count as under way for ever; margins from
 * before a stall that still count after it; a way that grew while the line stood, not believed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena_map.h"
#include "base/assert.h"
#include "base/hash.h"
#include "built_in.h"
#include "support/line_match.h"

enum {
    MS = 1000,
    CLIENTS = 8,
    NOTED_TICKS = 256,
    RTT_MS_MAX = 200,
    JITTER_MS_MAX = 60,
    CALM_JITTER_MS = 1, /* in the mean: no more than one in a thousand is late by 7 */
    LOST_OF_1000_MAX = 50,
    STALL_MS_MAX = 900,
    STOP_MS_MAX = 2500,
    HOLD_TICKS = 20, /* for which a client keeps going one way */
};

static const char map_text[] = "map Feel\n"
                               "####################\n"
                               "#S....#..R...#....S#\n"
                               "#..##.#..##..#.##..#\n"
                               "#..#.H..S.......#..#\n"
                               "#....##......##....#\n"
                               "#S...#.......#....S#\n"
                               "#..#....S....H..#..#\n"
                               "#..##.#..##..#.##..#\n"
                               "#S....#..R...#....S#\n"
                               "####################\n";

/* What is known of a player at a tick: rows that nobody else changes, rows that others change, and
 * the bolts, by the low byte of the tick that launched them. */
struct own {
    uint32_t tick;
    uint64_t hash;
    uint64_t shared_hash;
    uint32_t bolt_count;
    uint8_t bolt_keys[ARENA_PROJECTILES_A_PLAYER];
    uint64_t bolt_hashes[ARENA_PROJECTILES_A_PLAYER];
};

/* What another did to a player, as of the server's newest tick. */
struct harm {
    uint8_t health;
    uint8_t jump;
    uint32_t hurt_tick; /* he is put elsewhere, or hurt */
};

static struct {
    struct line_match match;
    struct arena_content content;
    struct own noted[CLIENTS][NOTED_TICKS];
    struct harm harms[CLIENTS];
    uint32_t ready_count;  /* pickups, at the server's newest tick */
    uint32_t pickup_tick;  /* when one was taken last */
    uint64_t bolts_judged; /* in all */
    uint64_t ticks_judged; /* that no other has a part in */
    bool shoots;
    bool judges;
    uint32_t equal_counts[CLIENTS]; /* ticks as predicted, or that another has a part in */
    uint32_t other_counts[CLIENTS]; /* and those that were not */
} feel;

/* --- own state ------------------------------------------------------------------------------ */

/* Over the exact rows of an entity that are shared with others, or are not. */
static uint64_t hash_of(const struct sk_kind *kind, const void *entity, bool is_shared)
{
    uint64_t hash = 1;
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const struct sk_field *field = &kind->fields[i];
        if ((field->flags & SK_EXACT) && ((field->flags & SK_SHARED) != 0) == is_shared) {
            hash = sk_mix(hash ^ sk_exact(field, entity));
        }
    }
    return hash;
}

static void look_at(const struct arena_world *world, uint32_t player, struct own *own)
{
    const struct sk_kind *kinds = feel.match.toy.plan.schema.kinds;
    const struct arena_player *at = &world->players[player];
    own->tick = world->head.tick;
    own->hash = hash_of(&kinds[ARENA_KIND_PLAYER], at, false);
    own->shared_hash = hash_of(&kinds[ARENA_KIND_PLAYER], at, true);
    own->bolt_count = 0;
    for (uint32_t i = 0; i < CLIENTS * ARENA_PROJECTILES_A_PLAYER; i++) {
        const struct arena_projectile *bolt = &world->projectiles[i];
        if (bolt->entity.alive && bolt->entity.owner == player &&
            own->bolt_count < ARENA_PROJECTILES_A_PLAYER) {
            own->bolt_keys[own->bolt_count] = bolt->key;
            own->bolt_hashes[own->bolt_count++] =
                hash_of(&kinds[ARENA_KIND_PROJECTILE], bolt, false);
        }
    }
}

/* Bolts that both have are where they were predicted: one that has hit only the server knows. */
static bool are_bolts_equal(const struct own *a, const struct own *b)
{
    bool is_equal = true;
    for (uint32_t i = 0; i < a->bolt_count; i++) {
        for (uint32_t k = 0; k < b->bolt_count; k++) {
            bool is_same = a->bolt_keys[i] == b->bolt_keys[k];
            is_equal &= !is_same || a->bolt_hashes[i] == b->bolt_hashes[k];
            feel.bolts_judged += is_same;
        }
    }
    return is_equal;
}

static void on_frame(struct line_match *match, uint32_t client)
{
    const struct sk_client_predict *predict = &match->clients[client].predict;
    look_at(predict->world, predict->player, &feel.noted[client][predict->tick % NOTED_TICKS]);
}

static void note_pickups(const struct arena_world *world)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < ARENA_PICKUPS_MAX; i++) {
        count += world->pickups[i].ready;
    }
    feel.pickup_tick = count < feel.ready_count ? world->head.tick : feel.pickup_tick;
    feel.ready_count = count;
}

static void note_harm(const struct arena_world *world, uint32_t player)
{
    const struct arena_player *at = &world->players[player];
    struct harm *harm = &feel.harms[player];
    bool is_hurt = at->health < harm->health || at->health == 0 || at->entity.jump != harm->jump;
    harm->hurt_tick = is_hurt ? world->head.tick : harm->hurt_tick;
    harm->health = at->health;
    harm->jump = at->entity.jump;
}

/* Whether another has a part in it: a second for the news to come, and for what follows of it. */
static bool is_touched(uint32_t player, uint32_t tick)
{
    return tick - feel.harms[player].hurt_tick < ARENA_TICK_HZ ||
           tick - feel.pickup_tick < ARENA_TICK_HZ;
}

static void judge_tick(const struct arena_world *world, uint32_t player)
{
    struct own made;
    uint32_t tick = world->head.tick;
    const struct own *noted = &feel.noted[player][tick % NOTED_TICKS];
    if (noted->tick != tick) {
        return;
    }
    look_at(world, player, &made);
    bool is_equal = noted->hash == made.hash && noted->shared_hash == made.shared_hash &&
                    are_bolts_equal(noted, &made);
    bool is_judged = !is_touched(player, tick);
    feel.ticks_judged += is_judged;
    is_equal |= !is_judged;
    feel.equal_counts[player] += is_equal;
    feel.other_counts[player] += !is_equal;
}

static void on_step(struct line_match *match)
{
    const struct arena_world *world = room_world(match->toy.room);
    note_pickups(world);
    for (uint32_t client = 0; client < CLIENTS; client++) {
        note_harm(world, client);
        if (feel.judges) {
            judge_tick(world, client);
        }
    }
}

/* --- a seed --------------------------------------------------------------------------------- */

static void control(struct line_match *match, uint32_t client, struct sk_input *controller)
{
    uint32_t tick = match->clients[client].core.sampled_tick;
    uint64_t random = sk_mix(match->config.seed * 1000003 + client * 7919 + tick / HOLD_TICKS);
    *controller = (struct sk_input){0};
    controller->axes[0] = (int16_t)(random % 65535 - 32767);
    controller->axes[1] = (int16_t)((random >> 16) % 65535 - 32767);
    controller->axes[2] = (int16_t)(random >> 32);
    controller->buttons = (random >> 48) % 4 == 0 ? ARENA_DASH : 0;
    if (feel.shoots && (random >> 52) % 2 == 0) {
        controller->buttons |= ARENA_FIRE;
    }
}

static void set_faults(const struct line_faults *faults)
{
    for (uint32_t i = 0; i < CLIENTS; i++) {
        feel.match.clients[i].up.faults = *faults;
        feel.match.clients[i].down.faults = *faults;
    }
}

/* At random: one time in `one_of` a span of up to `ms` that begins within 3 s; else none. */
static struct line_span pick_span(uint64_t *seed, uint32_t one_of, uint32_t ms)
{
    uint64_t now_us = feel.match.now_us;
    if (line_random(seed) * one_of >= 1) {
        return (struct line_span){0, 0};
    }
    uint64_t from_us = now_us + (uint64_t)(line_random(seed) * 3000) * MS;
    return (struct line_span){from_us, from_us + (uint64_t)(line_random(seed) * ms) * MS};
}

static void break_lines(uint64_t *seed, const struct line_faults *calm)
{
    bool is_lossy = feel.match.config.room.is_lossy;
    struct line_faults bad = *calm;
    bad.jitter_us = (uint64_t)(line_random(seed) * JITTER_MS_MAX / 3) * MS; /* 95% below 60 ms */
    bad.lost_of_1000 = is_lossy ? (uint32_t)(line_random(seed) * LOST_OF_1000_MAX) : 0;
    set_faults(&bad);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        feel.match.clients[i].up.faults.stall = pick_span(seed, 4, 2000);
        feel.match.clients[i].down.faults.stall = pick_span(seed, 4, 2000);
        feel.match.clients[i].sleep = pick_span(seed, 8, 2000);
    }
    feel.match.server_stop = pick_span(seed, 4, 1500);
    feel.match.lose_every_ms = line_random(seed) < 0.25 ? 400 : 0;
    feel.match.lose_ms = (uint32_t)(line_random(seed) * 150);
}

/* One more of them, which ends when the line becomes calm.  Returns how long it may take to be as
 * before: 1 s, 2 s where the server stood for longer than 0.9 s. */
static uint32_t break_to_the_end(uint64_t *seed)
{
    uint64_t end_us = feel.match.now_us + STOP_MS_MAX * MS;
    for (uint32_t i = 0; i < CLIENTS; i++) {
        struct line_client *client = &feel.match.clients[i];
        struct line_span *spans[] = {&client->up.faults.stall, &client->down.faults.stall,
                                     &client->sleep};
        uint32_t which = (uint32_t)(line_random(seed) * 6); /* half of them none */
        uint64_t length_us = (uint64_t)(line_random(seed) * STALL_MS_MAX) * MS;
        if (which < 3) {
            *spans[which] = (struct line_span){end_us - length_us, end_us};
        }
    }
    if (line_random(seed) < 0.75) {
        return 1000;
    }
    uint64_t stop_us = (uint64_t)(line_random(seed) * STOP_MS_MAX) * MS;
    feel.match.server_stop = (struct line_span){end_us - stop_us, end_us};
    return stop_us > STALL_MS_MAX * MS ? 2000 : 1000;
}

static uint64_t pick_delay_us(uint64_t *seed)
{
    return (uint64_t)(line_random(seed) * RTT_MS_MAX / 2) * MS;
}

static void open_seed(uint64_t seed, struct line_faults *calm, uint64_t *random)
{
    static const uint32_t options[SK_OPTIONS_MAX] = {600, 0, 20, 0, 0};
    memset(feel.noted, 0, sizeof(feel.noted));
    memset(feel.harms, 0, sizeof(feel.harms));
    feel.pickup_tick = feel.ready_count = 0;
    *random = sk_mix(seed);
    bool is_lossy = line_random(random) < 0.5;
    calm->delay_us = pick_delay_us(random);
    calm->jitter_us = CALM_JITTER_MS * MS;
    const struct line_match_config config = {
        .room = {.game = &arena_game,
                 .content = &feel.content,
                 .options = options,
                 .players_max = CLIENTS,
                 .is_lossy = is_lossy},
        .client_count = CLIENTS,
        .predicts = true,
        .seed = seed,
        .faults = *calm,
        .control = control,
        .on_frame = on_frame,
        .on_step = on_step,
    };
    line_match_open(&feel.match, &config);
}

/* Judges for so long: every client has predicted nearly all ticks, and all as they came. */
static bool judge(uint64_t seed, uint32_t ms, const char *when)
{
    bool is_good = true;
    uint32_t tick_count = ms * ARENA_TICK_HZ / 1000;
    memset(feel.equal_counts, 0, sizeof(feel.equal_counts));
    memset(feel.other_counts, 0, sizeof(feel.other_counts));
    feel.judges = true;
    line_match_run(&feel.match, ms);
    feel.judges = false;
    for (uint32_t i = 0; i < CLIENTS; i++) {
        if (feel.other_counts[i] > 0 || feel.equal_counts[i] < tick_count * 9 / 10) {
            printf("seed=%" PRIu64 " %s: player=%u equal=%u other=%u ticks=%u\n", seed, when, i,
                   feel.equal_counts[i], feel.other_counts[i], tick_count);
            is_good = false;
        }
    }
    return is_good;
}

static bool nobody_is_lost(uint64_t seed)
{
    bool is_good = true;
    for (uint32_t i = 0; i < CLIENTS; i++) {
        enum sk_reason reason = feel.match.clients[i].closed_for;
        if (reason != SK_REASON_NONE) {
            printf("seed=%" PRIu64 " player=%u closed=%s\n", seed, i, sk_reason_word(reason));
            is_good = false;
        }
        uint64_t diverging = feel.match.clients[i].predict.drift.counts.diverging;
        if (diverging > 0) {
            printf("seed=%" PRIu64 " player=%u diverging=%" PRIu64 "\n", seed, i, diverging);
            is_good = false;
        }
    }
    return is_good;
}

static bool play(uint64_t seed)
{
    struct line_faults calm = {0};
    uint64_t random;
    open_seed(seed, &calm, &random);
    line_match_run(&feel.match, 3000);
    feel.shoots = true;
    bool is_good = judge(seed, 2000, "even line");
    break_lines(&random, &calm);
    line_match_run(&feel.match, 5000);
    feel.shoots = false;
    line_match_run(&feel.match, 1000); /* what flies has landed, who died is back */
    uint32_t recovery_ms = break_to_the_end(&random);
    line_match_run(&feel.match, STOP_MS_MAX);
    calm.delay_us = pick_delay_us(&random); /* the way is another one */
    set_faults(&calm);
    feel.match.lose_every_ms = 0;
    line_match_run(&feel.match, recovery_ms);
    is_good = judge(seed, 2000, "calm again") && is_good;
    is_good = nobody_is_lost(seed) && is_good;
    line_match_close(&feel.match);
    return is_good;
}

int main(int argument_count, char **arguments)
{
    SK_ASSERT(argument_count == 3);
    uint64_t first = strtoull(arguments[1], NULL, 10);
    uint64_t count = strtoull(arguments[2], NULL, 10);
    int bytes = arena_content_parse((const uint8_t *)map_text, strlen(map_text), &feel.content,
                                    sizeof(feel.content));
    SK_ASSERT(bytes > 0);
    uint64_t bad_count = 0;
    for (uint64_t seed = first; seed < first + count; seed++) {
        bad_count += !play(seed);
    }
    printf("sim=feel first_seed=%" PRIu64 " seeds=%" PRIu64 " failed=%" PRIu64
           " ticks_judged=%" PRIu64 " bolts_judged=%" PRIu64 "\n",
           first, count, bad_count, feel.ticks_judged, feel.bolts_judged);
    SK_ASSERT(feel.ticks_judged > 500 * count); /* of 1920: others touch the rest */
    SK_ASSERT(feel.bolts_judged > count);
    return bad_count == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
