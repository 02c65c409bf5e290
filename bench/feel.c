/* feel.c - what a player feels of a line: two of them in arena, all of it simulated.
 *
 *   bench-feel [--seconds N] [--seed N]
 *
 * A real room and real client cores with prediction, in one process and one clock; the line is
 * that of tests/support/line.h, ordered as WebSocket is.  So the figures are of the netcode alone:
 * what screen and browser add, bench/feel-page says.  One line a round trip and jitter, which is
 * what 95% of the messages are not late by; the same seed gives the same figures.
 *
 *   motion_ms              from a key to the first frame that draws the own figure elsewhere
 *   corrected_ticks_share  of ticks, those predicted otherwise than the server made them; nobody
 *                          interferes.  correction: by how many tiles
 *   remote_stall_share     of frames, those in which one who runs in a circle stands still
 *   remote_jump_p99, _max  the step of a frame over the mean one
 *   hit_share              of rail shots that both fire on the run, aimed at what is drawn
 *   shots, view_clamped    how many, and inputs of which the server did not take the view as it was
 *   replay_us_p99          of real time: a snapshot decoded and predicted on from
 *   margin_p50_ms          by how much inputs come before their tick
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena_map.h"
#include "base/assert.h"
#include "bench.h"
#include "bench_options.h"
#include "built_in.h"
#include "support/line_match.h"

enum {
    MS = 1000,
    NOTED_TICKS = 256,
    SAMPLES = 1 << 16,
    SETTLE_MS = 5000,
    SHOT_MS = 900,
    PRESS_MS = 400,
    STRAFE_MS = 530,
    CIRCLE_MS = 3100,
    OTHER = 1
};

static const struct bench_option options[] = {
    {"seconds", "N", "of each of the three parts, simulated (60)"},
    {"seed", "N", "of the lines (1)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("feel", "What a player feels of a line, by simulation.", options);

static const char map_text[] = "map Feel\n"
                               "##################\n"
                               "#................#\n"
                               "#................#\n"
                               "#................#\n"
                               "#...S........S...#\n"
                               "#................#\n"
                               "#................#\n"
                               "#................#\n"
                               "#................#\n"
                               "##################\n";

struct samples {
    double values[SAMPLES];
    size_t count;
};

struct place {
    double x; /* tiles */
    double y;
    bool is_drawn;
};

/* What a part of the run does at a frame, and what of it is measured. */
enum part { PART_MOTION, PART_REMOTE, PART_SHOTS };

static struct {
    struct line_match match;
    struct arena_content content;
    enum part part;
    bool measures;
    struct place drawn[2]; /* by client 0 at its newest frame */
    /* motion */
    uint64_t pressed_us; /* 0: nothing is waited for */
    struct place rest;
    struct samples motion;
    /* prediction */
    uint32_t noted_ticks[NOTED_TICKS];
    struct place noted[NOTED_TICKS];
    uint64_t tick_count;
    struct samples corrections;
    /* remote */
    struct place before;
    struct samples steps;
    uint64_t underrun_count;
    struct samples margins;
    /* replay */
    uint64_t take_ns;
    struct samples replays;
    /* shots */
    uint64_t shot_us[2];
    uint64_t shot_count;
    uint64_t hit_count;
    uint64_t clamped_count;
} feel;

static void add(struct samples *samples, double value)
{
    if (samples->count < SAMPLES) {
        samples->values[samples->count++] = value;
    }
}

static double distance(const struct place *a, const struct place *b)
{
    return hypot(a->x - b->x, a->y - b->y);
}

static struct place place_in(const void *world, uint32_t player)
{
    const struct arena_player *at = &((const struct arena_world *)world)->players[player];
    return (struct place){at->x / (double)ARENA_TILE, at->y / (double)ARENA_TILE, true};
}

/* --- frames --------------------------------------------------------------------------------- */

static void on_draw(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                    const double *values)
{
    struct place *drawn = context;
    (void)owner;
    if (kind == ARENA_KIND_PLAYER && slot < 2) {
        drawn[slot] = (struct place){values[0] / ARENA_TILE, values[1] / ARENA_TILE, true};
    }
}

static void hold_way(struct sk_input *controller, double turn)
{
    controller->axes[0] = (int16_t)(32767 * cos(turn));
    controller->axes[1] = (int16_t)(32767 * sin(turn));
}

/* A tap now and then, out of step with the frames, to the left and to the right. */
static void press(const struct line_match *match, struct sk_input *controller)
{
    uint64_t phase_us = match->now_us % ((PRESS_MS + 7) * MS);
    uint64_t number = match->now_us / ((PRESS_MS + 7) * MS);
    uint64_t late_us = number * 5 % 16 * MS;
    if (phase_us < 200 * MS + late_us || phase_us > 260 * MS + late_us) {
        return;
    }
    controller->axes[0] = number % 2 ? 32767 : -32767;
    if (feel.pressed_us == 0 && feel.measures && phase_us < 220 * MS + late_us) {
        feel.pressed_us = match->now_us - (phase_us - 200 * MS - late_us);
        feel.rest = feel.drawn[0];
    }
}

/* Strafes and, when it is time, shoots at where the other is drawn. */
static void shoot(struct line_match *match, uint32_t client, struct sk_input *controller)
{
    const struct sk_client_predict *predict = &match->clients[client].predict;
    struct place drawn[2] = {{0}};
    uint64_t strafe = match->now_us / ((STRAFE_MS + 90 * client) * MS);
    controller->axes[1] = strafe % 2 ? 32767 : -32767;
    controller->buttons = ARENA_TAKE_RAIL;
    sk_client_core_draw(&match->clients[client].core, match->now_us, on_draw, drawn);
    if (!drawn[1 - client].is_drawn || predict->tick == 0) {
        return;
    }
    struct place own = place_in(predict->world, client);
    double turn = atan2(drawn[1 - client].y - own.y, drawn[1 - client].x - own.x);
    controller->axes[2] = (int16_t)(int32_t)lround(turn / (2 * M_PI) * 65536);
    if (match->now_us - feel.shot_us[client] >= (SHOT_MS + 70 * client) * MS) {
        feel.shot_us[client] = match->now_us;
        controller->buttons |= ARENA_FIRE;
    }
}

static void control(struct line_match *match, uint32_t client, struct sk_input *controller)
{
    *controller = (struct sk_input){0};
    if (feel.part == PART_SHOTS) {
        shoot(match, client, controller);
    } else if (client == OTHER && feel.part == PART_REMOTE) {
        hold_way(controller,
                 2 * M_PI * (double)(match->now_us % (CIRCLE_MS * MS)) / (CIRCLE_MS * MS));
    } else if (client != OTHER) {
        press(match, controller);
    }
}

static void measure_motion(uint64_t now_us)
{
    if (feel.pressed_us != 0 && distance(&feel.rest, &feel.drawn[0]) > 0.001) {
        add(&feel.motion, (double)(now_us - feel.pressed_us) / MS);
        feel.pressed_us = 0;
    }
}

static void measure_remote(void)
{
    if (feel.before.is_drawn) {
        add(&feel.steps, distance(&feel.before, &feel.drawn[OTHER]));
    }
    feel.before = feel.drawn[OTHER];
}

static void on_frame(struct line_match *match, uint32_t client)
{
    struct line_client *played = &match->clients[client];
    if (client == OTHER || played->predict.tick == 0) {
        return;
    }
    uint32_t slot = played->predict.tick % NOTED_TICKS;
    feel.noted_ticks[slot] = played->predict.tick;
    feel.noted[slot] = place_in(played->predict.world, client);
    sk_client_core_draw(&played->core, match->now_us, on_draw, feel.drawn);
    if (!feel.measures) {
        return;
    }
    measure_motion(match->now_us);
    if (feel.part == PART_REMOTE) {
        measure_remote();
    }
    add(&feel.margins, played->core.view->own.newest_sixteenths * 1000.0 / 16 / ARENA_TICK_HZ);
}

/* What a snapshot costs: to decode and to predict on from it. */
static void on_take(struct line_match *match, uint32_t client, bool is_taken)
{
    (void)match;
    if (is_taken && client == 0 && feel.measures) {
        add(&feel.replays, (double)(bench_now_ns() - feel.take_ns) / 1000);
    }
    feel.take_ns = bench_now_ns();
}

/* --- server --------------------------------------------------------------------------------- */

static void judge_prediction(const void *world)
{
    uint32_t tick = ((const struct sk_world *)world)->tick;
    struct place now = place_in(world, 0);
    if (feel.noted_ticks[tick % NOTED_TICKS] != tick) {
        return;
    }
    double wrong = distance(&feel.noted[tick % NOTED_TICKS], &now);
    feel.tick_count++;
    if (wrong > 0) {
        add(&feel.corrections, wrong);
    }
}

/* Counts shots and hits, and makes both players as good as new: what they feel is asked, not who
 * wins. */
static void renew(struct arena_player *player, bool counts)
{
    feel.shot_count += counts && player->slugs == ARENA_SLUGS_MAX - 1;
    feel.hit_count += counts && player->health < ARENA_HEALTH_MAX;
    player->slugs = ARENA_SLUGS_MAX;
    player->health = player->respawn_ticks == 0 ? ARENA_HEALTH_MAX : player->health;
    player->shield_ticks = 0;
}

static void on_step(struct line_match *match)
{
    struct arena_world *world = (struct arena_world *)(uintptr_t)room_world(match->toy.room);
    if (feel.part == PART_SHOTS) {
        renew(&world->players[0], feel.measures);
        renew(&world->players[1], feel.measures);
    } else if (feel.measures) {
        judge_prediction(world);
    }
}

/* --- a line --------------------------------------------------------------------------------- */

static void run_part(enum part part, uint32_t seconds, const struct line_faults *faults,
                     uint64_t seed)
{
    const struct line_match_config config = {
        .room = {.game = &arena_game, .content = &feel.content, .players_max = 2},
        .client_count = 2,
        .predicts = true,
        .seed = seed,
        .faults = *faults,
        .control = control,
        .on_frame = on_frame,
        .on_step = on_step,
        .on_take = on_take,
    };
    feel.part = part;
    feel.measures = false;
    feel.before.is_drawn = false;
    feel.pressed_us = 0;
    memset(feel.noted_ticks, 0, sizeof(feel.noted_ticks));
    memset(feel.shot_us, 0, sizeof(feel.shot_us));
    line_match_open(&feel.match, &config);
    line_match_run(&feel.match, SETTLE_MS);
    uint64_t clamped = room_counts(feel.match.toy.room).views_clamped;
    uint64_t underruns = feel.match.clients[0].core.clock.underrun_count;
    feel.measures = true;
    line_match_run(&feel.match, (uint64_t)seconds * 1000);
    feel.underrun_count += feel.match.clients[0].core.clock.underrun_count - underruns;
    feel.clamped_count += room_counts(feel.match.toy.room).views_clamped - clamped;
    line_match_close(&feel.match);
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static double mean_of(const struct samples *samples)
{
    double sum = 0;
    for (size_t i = 0; i < samples->count; i++) {
        sum += samples->values[i];
    }
    return share(sum, (double)samples->count);
}

static double quantile(struct samples *samples, double at)
{
    return bench_quantile(samples->values, samples->count, at);
}

static void print_line(uint32_t rtt_ms, uint32_t jitter_ms, uint64_t seed, uint32_t seconds)
{
    char machine[BENCH_MACHINE_BYTES];
    double mean = mean_of(&feel.steps);
    size_t still_count = 0;
    for (size_t i = 0; i < feel.steps.count; i++) {
        still_count += feel.steps.values[i] < mean / 20;
    }
    bench_machine(machine);
    printf("bench=feel rtt_ms=%u jitter_ms=%u seed=%llu motion_p50_ms=%.0f motion_p95_ms=%.0f "
           "corrected_ticks_share=%.4f correction_p50=%.3f correction_p99=%.3f "
           "underruns_per_min=%.1f remote_stall_share=%.4f remote_jump_p99=%.2f "
           "remote_jump_max=%.2f shots=%llu hit_share=%.3f view_clamped=%llu replay_us_p99=%.0f "
           "margin_p50_ms=%.1f machine=\"%s\"\n",
           rtt_ms, jitter_ms, (unsigned long long)seed, quantile(&feel.motion, 0.5),
           quantile(&feel.motion, 0.95),
           share((double)feel.corrections.count, (double)feel.tick_count),
           quantile(&feel.corrections, 0.5), quantile(&feel.corrections, 0.99),
           (double)feel.underrun_count * 60 / (3 * seconds),
           share((double)still_count, (double)feel.steps.count),
           share(quantile(&feel.steps, 0.99), mean), share(quantile(&feel.steps, 1), mean),
           (unsigned long long)feel.shot_count,
           share((double)feel.hit_count, (double)feel.shot_count),
           (unsigned long long)feel.clamped_count, quantile(&feel.replays, 0.99),
           quantile(&feel.margins, 0.5), machine);
}

static void measure(uint32_t rtt_ms, uint32_t jitter_ms, uint64_t seed, uint32_t seconds)
{
    const struct line_faults faults = {.delay_us = rtt_ms * MS / 2,
                                       .jitter_us = (jitter_ms + 2) / 3 * MS};
    feel.motion.count = feel.corrections.count = feel.steps.count = feel.margins.count = 0;
    feel.replays.count = feel.clamped_count = 0;
    feel.tick_count = feel.underrun_count = feel.shot_count = feel.hit_count = 0;
    run_part(PART_MOTION, seconds, &faults, seed);
    run_part(PART_REMOTE, seconds, &faults, seed + 1);
    run_part(PART_SHOTS, seconds, &faults, seed + 2);
    print_line(rtt_ms, jitter_ms, seed, seconds);
}

int main(int argc, char **argv)
{
    static const uint32_t lines[][2] = {{0, 0}, {50, 20}, {150, 20}, {250, 20}, {150, 60}};
    bench_options_check(argc, argv, &usage);
    uint32_t seconds = bench_number(argc, argv, "seconds", 60, 3600);
    uint32_t seed = bench_number(argc, argv, "seed", 1, UINT32_MAX);
    int bytes = arena_content_parse((const uint8_t *)map_text, strlen(map_text), &feel.content,
                                    sizeof(feel.content));
    SK_ASSERT(bytes > 0);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        measure(lines[i][0], lines[i][1], seed, seconds);
    }
    return EXIT_SUCCESS;
}
