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
 *   hollow_share           of hit marks shown at once, of either weapon, those the server denied
 *   bolt_share, _marks     of blaster bolts shown as hits at once, those that hit; how many were
 *   bolt_seen_share, _seen of bolts drawn to meet the other as drawn, those that hit; how many were
 *   bolt_present_share     the same were they judged, and looked at, where they are predicted
 *   shots_LIMIT            those that were judged elsewhere than seen, by the limit that bit
 *   met, was               whether the goals are reached, and what there was before prediction
 *   replay_us_p99          of real time: a snapshot decoded and predicted on from
 *   margin_p50_ms          by how much inputs come before their tick
 *
 * Then what goes wrong and a full match, a line each (feel_cases.h).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena_combat.h"
#include "arena/arena_map.h"
#include "base/assert.h"
#include "bench.h"
#include "bench_options.h"
#include "built_in.h"
#include "feel_cases.h"
#include "sim/audit.h"
#include "support/line_match.h"

enum {
    MS = 1000,
    NOTED_TICKS = 256,
    SAMPLES = 1 << 16,
    SETTLE_MS = 5000,
    SHOT_MS = 900,
    BOLT_MS = 350,
    BOLT_RUNS = 5, /* times as long as the others: few bolts meet anybody */
    NEARER_MS = 1500,
    NEAR_TILES = 3,
    BOLT_REACH = ARENA_RADIUS + 1600, /* of middles that are a hit, as in arena_combat.c */
    PIXEL = ARENA_TILE / 40,          /* by which a hit must be seen */
    BOLTS = 1 << 16,
    SHOTS_DRAWN = 32,
    BOLT_TICKS = 8, /* a bolt launched so near to another is the same: a press may count later */
    CALM_JITTER_MS = 20, /* up to it nothing is corrected */
    PRESS_MS = 400,
    STRAFE_MS = 530,
    CIRCLE_MS = 3100,
    OTHER = 1
};

static const struct bench_option options[] = {
    {"seconds", "N", "of each part, simulated; of those with bolts five times as many (60)"},
    {"seed", "N", "of the lines (1)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("feel", "What a player feels of a line, by simulation.", options);

/* A round that does not end: its end moves everybody. */
static const uint32_t room_options[SK_OPTIONS_MAX] = {1800, 0, 120, 1};

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

/* Bolts of one player, by the ticks that launched them, in order. */
struct bolts {
    uint32_t ticks[BOLTS];
    uint32_t count;
};

/* Hit marks that were shown at once, by how they ended. */
struct marks {
    uint64_t filled_count;
    uint64_t undone_count;
};

/* What a part of the run does at a frame, and what of it is measured.  PRESENT is as BOLTS, but
 * bolts are judged and looked at where they are predicted, without any past. */
enum part { PART_MOTION, PART_REMOTE, PART_SHOTS, PART_BOLTS, PART_PRESENT, PART_COUNT };

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
    uint64_t limit_counts[SK_VIEW_LIMIT_COUNT]; /* shots judged elsewhere than seen */
    /* bolts */
    struct place aimed_at[2];
    struct arena_projectile flying[2 * ARENA_PROJECTILES_A_PLAYER]; /* before this step */
    struct bolts seen[2];
    struct bolts hits[2];
    uint64_t seen_counts[PART_COUNT];
    uint64_t seen_hit_counts[PART_COUNT];
    struct marks marks[PART_COUNT];
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

static bool has_bolts(void)
{
    return feel.part == PART_BOLTS || feel.part == PART_PRESENT;
}

/* How many frames a bolt is drawn flying so far: slower at first (client_spawns.h). */
static double frames_of(const struct sk_client_core *core, double tiles)
{
    double ticks = tiles * ARENA_TILE / arena_combat_projectile_speed();
    double past_ticks = sk_rewind_past_ticks(ARENA_TICK_HZ);
    double age = core->predict->tick - core->render_tick - core->render_fraction / 256.0;
    ticks += feel.part == PART_BOLTS ? age * fmin(ticks / past_ticks, 1) : 0;
    return ticks * MS / ARENA_TICK_HZ / LINE_FRAME_MS;
}

/* Where a bolt meets who goes on as he was drawn to go since the frame before. */
static struct place lead(const struct line_match *match, uint32_t client, const struct place *own,
                         const struct place *drawn)
{
    struct place before = feel.aimed_at[client];
    double frames = frames_of(&match->clients[client].core, distance(own, drawn));
    feel.aimed_at[client] = *drawn;
    if (!before.is_drawn) {
        return *drawn;
    }
    return (struct place){drawn->x + (drawn->x - before.x) * frames,
                          drawn->y + (drawn->y - before.y) * frames, true};
}

/* Aims at where the other is drawn, a bolt ahead of it.  With bolts, one of them comes nearer and
 * goes again.  Returns false when nobody is to be seen. */
static bool aim(struct line_match *match, uint32_t client, struct sk_input *controller)
{
    const struct sk_client_predict *predict = &match->clients[client].predict;
    struct place drawn[2] = {{0}};
    sk_client_core_draw(&match->clients[client].core, match->now_us, on_draw, drawn);
    if (!drawn[1 - client].is_drawn || predict->tick == 0) {
        return false;
    }
    struct place own = place_in(predict->world, client);
    struct place at = drawn[1 - client];
    if (has_bolts()) {
        at = lead(match, client, &own, &at);
    }
    double turn = atan2(at.y - own.y, at.x - own.x);
    controller->axes[2] = (int16_t)(int32_t)lround(turn / (2 * M_PI) * 65536);
    if (has_bolts() && client != OTHER) {
        uint64_t turns = match->now_us / (NEARER_MS * MS);
        double wanted = turns % 2 ? 2.0 * NEAR_TILES : NEAR_TILES;
        double way = drawn[OTHER].x - own.x;
        controller->axes[0] = (way > 0) == (fabs(way) > wanted) ? 32767 : -32767;
    }
    return true;
}

/* Strafes and, when it is time, shoots. */
static void shoot(struct line_match *match, uint32_t client, struct sk_input *controller)
{
    bool is_rail = feel.part == PART_SHOTS;
    uint64_t strafe = match->now_us / ((STRAFE_MS + 90 * client) * MS);
    uint64_t wait_ms = is_rail ? SHOT_MS : BOLT_MS;
    controller->axes[1] = strafe % 2 ? 32767 : -32767;
    controller->buttons = is_rail ? ARENA_TAKE_RAIL : ARENA_TAKE_BLASTER;
    if (aim(match, client, controller) &&
        match->now_us - feel.shot_us[client] >= (wait_ms + 70 * client) * MS) {
        feel.shot_us[client] = match->now_us;
        controller->buttons |= ARENA_FIRE;
    }
}

static void control(struct line_match *match, uint32_t client, struct sk_input *controller)
{
    *controller = (struct sk_input){0};
    if (feel.part == PART_SHOTS || has_bolts()) {
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

static void note_bolt(struct bolts *bolts, uint32_t tick)
{
    bool is_new = bolts->count == 0 || tick - bolts->ticks[bolts->count - 1] > BOLT_TICKS;
    if (is_new && bolts->count < BOLTS) {
        bolts->ticks[bolts->count++] = tick;
    }
}

/* Its whole tick, of which it keeps the low byte. */
static uint32_t launch_tick_of(const struct arena_projectile *shot, uint32_t tick)
{
    return tick - (uint8_t)(tick - shot->key);
}

/* Does the tick around now pass so near to the place? */
static bool meets(const struct arena_projectile *shot, const struct place *place)
{
    double turn = shot->angle / 65536.0 * 2 * M_PI;
    double half_way = arena_combat_projectile_speed() / 2.0;
    double to_x = place->x * ARENA_TILE - shot->x;
    double to_y = place->y * ARENA_TILE - shot->y;
    double along = to_x * cos(turn) + to_y * sin(turn);
    along = fmin(fmax(along, -half_way), half_way);
    return hypot(to_x - along * cos(turn), to_y - along * sin(turn)) <= BOLT_REACH - PIXEL;
}

struct seen_bolts {
    uint32_t owner;
    struct place drawn[2];
    struct arena_projectile shots[SHOTS_DRAWN];
    uint32_t count;
};

static void on_draw_bolt(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                         const double *values)
{
    struct seen_bolts *seen = context;
    on_draw(seen->drawn, kind, slot, owner, values);
    if (kind == ARENA_KIND_PROJECTILE && owner == seen->owner && seen->count < SHOTS_DRAWN) {
        seen->shots[seen->count++] = (struct arena_projectile){.x = (int32_t)values[0],
                                                               .y = (int32_t)values[1],
                                                               .angle = (uint16_t)values[2],
                                                               .key = (uint8_t)values[3]};
    }
}

/* Where bolts are predicted, and not where they are drawn. */
static void look_at_present(const struct arena_world *world, struct seen_bolts *seen)
{
    seen->count = 0;
    for (uint32_t i = 0; i < 2 * ARENA_PROJECTILES_A_PLAYER; i++) {
        const struct arena_projectile *shot = &world->projectiles[i];
        if (shot->entity.alive && shot->entity.owner == seen->owner) {
            seen->shots[seen->count++] = *shot;
        }
    }
}

/* Own bolts that meet the other within a tick where they both are drawn. */
static void see_bolts(struct line_match *match, uint32_t client)
{
    struct line_client *played = &match->clients[client];
    struct seen_bolts seen = {.owner = client};
    sk_client_core_draw(&played->core, match->now_us, on_draw_bolt, &seen);
    if (feel.part == PART_PRESENT && played->predict.tick != 0) {
        look_at_present(played->predict.before, &seen);
    }
    for (uint32_t i = 0; i < seen.count && seen.drawn[1 - client].is_drawn; i++) {
        if (meets(&seen.shots[i], &seen.drawn[1 - client])) {
            note_bolt(&feel.seen[client], launch_tick_of(&seen.shots[i], played->predict.tick));
        }
    }
}

static void count_marks(struct sk_client_core *core)
{
    struct sk_event event;
    enum sk_event_told told;
    struct marks *marks = &feel.marks[feel.part];
    while ((told = sk_client_core_take_event(core, &event)) != SK_EVENT_NONE) {
        bool counts = feel.measures && event.type == ARENA_EVENT_HIT;
        marks->filled_count += counts && told == SK_EVENT_CONFIRMED;
        marks->undone_count += counts && told == SK_EVENT_UNDONE;
    }
}

static void on_frame(struct line_match *match, uint32_t client)
{
    struct line_client *played = &match->clients[client];
    count_marks(&played->core);
    if (has_bolts() && feel.measures) {
        see_bolts(match, client);
    }
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

/* Whoever was hurt was hit by a bolt that is gone now. */
static void judge_bolts(const struct arena_world *world)
{
    for (uint32_t i = 0; i < 2 * ARENA_PROJECTILES_A_PLAYER; i++) {
        const struct arena_projectile *before = &feel.flying[i];
        bool is_gone = before->entity.alive && !world->projectiles[i].entity.alive;
        uint32_t owner = before->entity.owner;
        if (is_gone && world->players[1 - owner].health < ARENA_HEALTH_MAX) {
            note_bolt(&feel.hits[owner], launch_tick_of(before, world->head.tick));
        }
    }
    memcpy(feel.flying, world->projectiles, sizeof(feel.flying));
}

/* From their launch on. */
static void judge_in_present(struct arena_world *world)
{
    for (uint32_t i = 0; i < 2 * ARENA_PROJECTILES_A_PLAYER; i++) {
        world->projectiles[i].view_age = 0;
    }
}

static void on_shot(void *context, const struct room *room, const struct sk_audit *shot)
{
    (void)context;
    (void)room;
    feel.limit_counts[shot->limit] += feel.measures;
}

static bool has_bolt(const struct bolts *bolts, uint32_t tick)
{
    for (uint32_t i = 0; i < bolts->count; i++) {
        if (abs((int32_t)(bolts->ticks[i] - tick)) <= BOLT_TICKS) {
            return true;
        }
    }
    return false;
}

/* Of those seen to hit, which did?  The last are still on their way. */
static void count_bolts(uint32_t owner, uint32_t now_tick)
{
    for (uint32_t i = 0; i < feel.seen[owner].count; i++) {
        uint32_t tick = feel.seen[owner].ticks[i];
        bool counts = now_tick - tick > 2 * ARENA_TICK_HZ;
        feel.seen_counts[feel.part] += counts;
        feel.seen_hit_counts[feel.part] += counts && has_bolt(&feel.hits[owner], tick);
    }
}

static void on_step(struct line_match *match)
{
    struct arena_world *world = (struct arena_world *)(uintptr_t)room_world(match->toy.room);
    if (feel.part == PART_PRESENT) {
        judge_in_present(world);
    }
    if (has_bolts()) {
        judge_bolts(world);
        renew(&world->players[0], false);
        renew(&world->players[1], false);
    } else if (feel.part == PART_SHOTS) {
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
        .room = {.game = &arena_game,
                 .content = &feel.content,
                 .options = room_options,
                 .players_max = 2,
                 .on_shot = on_shot},
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
    memset(feel.flying, 0, sizeof(feel.flying));
    memset(feel.aimed_at, 0, sizeof(feel.aimed_at));
    for (uint32_t i = 0; i < 2; i++) {
        feel.seen[i].count = feel.hits[i].count = 0;
    }
    line_match_open(&feel.match, &config);
    line_match_run(&feel.match, SETTLE_MS);
    struct room_counts before = room_counts(feel.match.toy.room);
    uint64_t underruns = feel.match.clients[0].core.clock.underrun_count;
    feel.measures = true;
    line_match_run(&feel.match, (uint64_t)seconds * 1000);
    feel.underrun_count += feel.match.clients[0].core.clock.underrun_count - underruns;
    struct room_counts after = room_counts(feel.match.toy.room);
    feel.clamped_count += room_counts_views_clamped(&after) - room_counts_views_clamped(&before);
    for (uint32_t i = 0; i < 2; i++) {
        count_bolts(i, ((const struct sk_world *)room_world(feel.match.toy.room))->tick);
    }
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

static double seen_share_of(enum part part)
{
    return share((double)feel.seen_hit_counts[part], (double)feel.seen_counts[part]);
}

/* The key=value pairs of what bolts and marks did. */
static void print_bolts(void)
{
    const struct marks *rails = &feel.marks[PART_SHOTS];
    const struct marks *bolts = &feel.marks[PART_BOLTS];
    uint64_t bolt_count = bolts->filled_count + bolts->undone_count;
    uint64_t mark_count = bolt_count + rails->filled_count + rails->undone_count;
    printf(" bolt_share=%.3f bolt_marks=%llu hollow_share=%.3f bolt_seen_share=%.3f bolt_seen=%llu "
           "bolt_present_share=%.3f",
           share((double)bolts->filled_count, (double)bolt_count), (unsigned long long)bolt_count,
           share((double)(bolts->undone_count + rails->undone_count), (double)mark_count),
           seen_share_of(PART_BOLTS), (unsigned long long)feel.seen_counts[PART_BOLTS],
           seen_share_of(PART_PRESENT));
}

/* Shots that a limit moved, by the limit. */
static void print_limits(void)
{
    for (uint32_t i = SK_VIEW_FREE + 1; i < SK_VIEW_LIMIT_COUNT; i++) {
        printf(" shots_%s=%llu", sk_view_limit_word(i), (unsigned long long)feel.limit_counts[i]);
    }
}

/* What is asked of a line, and what was before there was prediction. */
struct goal {
    uint32_t rtt_ms;
    double hit_share_min;
    const char *was;
};

static const struct goal goals[] = {
    {0, 1, "motion 141 / 148 ms, rails 19%, underruns 33 a minute at jitter of 20"},
    {50, 0.98, "-"},
    {150, 0.98, "motion 276 / 290 ms, rails 0%"},
    {250, 0.95, "rails 20%"},
};

static bool are_met(const struct goal *goal, uint32_t jitter_ms)
{
    const struct marks *rails = &feel.marks[PART_SHOTS];
    const struct marks *bolts = &feel.marks[PART_BOLTS];
    double undone_count = (double)(rails->undone_count + bolts->undone_count);
    double mark_count = undone_count + (double)(rails->filled_count + bolts->filled_count);
    return quantile(&feel.motion, 0.5) <= 25 && quantile(&feel.motion, 0.95) <= 50 &&
           share((double)feel.hit_count, (double)feel.shot_count) >= goal->hit_share_min &&
           seen_share_of(PART_BOLTS) >= 0.95 && share(undone_count, mark_count) <= 0.02 &&
           (feel.corrections.count == 0 || jitter_ms > CALM_JITTER_MS);
}

static void print_goals(uint32_t rtt_ms, uint32_t jitter_ms)
{
    for (size_t i = 0; i < sizeof(goals) / sizeof(goals[0]); i++) {
        if (goals[i].rtt_ms == rtt_ms) {
            printf(" met=%d was=\"%s\"", are_met(&goals[i], jitter_ms), goals[i].was);
        }
    }
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
           "margin_p50_ms=%.1f",
           rtt_ms, jitter_ms, (unsigned long long)seed, quantile(&feel.motion, 0.5),
           quantile(&feel.motion, 0.95),
           share((double)feel.corrections.count, (double)feel.tick_count),
           quantile(&feel.corrections, 0.5), quantile(&feel.corrections, 0.99),
           (double)feel.underrun_count * 60 / ((3 + 2 * BOLT_RUNS) * seconds),
           share((double)still_count, (double)feel.steps.count),
           share(quantile(&feel.steps, 0.99), mean), share(quantile(&feel.steps, 1), mean),
           (unsigned long long)feel.shot_count,
           share((double)feel.hit_count, (double)feel.shot_count),
           (unsigned long long)feel.clamped_count, quantile(&feel.replays, 0.99),
           quantile(&feel.margins, 0.5));
    print_bolts();
    print_limits();
    print_goals(rtt_ms, jitter_ms);
    printf(" machine=\"%s\"\n", machine);
}

static void measure(uint32_t rtt_ms, uint32_t jitter_ms, uint64_t seed, uint32_t seconds)
{
    const struct line_faults faults = {.delay_us = rtt_ms * MS / 2,
                                       .jitter_us = (jitter_ms + 2) / 3 * MS};
    feel.motion.count = feel.corrections.count = feel.steps.count = feel.margins.count = 0;
    feel.replays.count = feel.clamped_count = 0;
    memset(feel.limit_counts, 0, sizeof(feel.limit_counts));
    memset(feel.seen_counts, 0, sizeof(feel.seen_counts));
    memset(feel.seen_hit_counts, 0, sizeof(feel.seen_hit_counts));
    memset(feel.marks, 0, sizeof(feel.marks));
    feel.tick_count = feel.underrun_count = feel.shot_count = feel.hit_count = 0;
    run_part(PART_MOTION, seconds, &faults, seed);
    run_part(PART_REMOTE, seconds, &faults, seed + 1);
    run_part(PART_SHOTS, seconds, &faults, seed + 2);
    run_part(PART_BOLTS, BOLT_RUNS * seconds, &faults, seed + 3);
    run_part(PART_PRESENT, BOLT_RUNS * seconds, &faults, seed + 3);
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
    feel_cases_run_match(seconds, seed);
    feel_cases_run(seed);
    return EXIT_SUCCESS;
}
