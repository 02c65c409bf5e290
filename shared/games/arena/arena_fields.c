/* arena_fields.c - what of arena is on the wire.  What changes most often comes first.
 *
 * All that predict() reads of a player and of the player's projectiles has an exact row.  Rows that
 * others change too are shared; a spawn changes all, and says so by the entity's jump.
 */
#include "arena/arena_world.h"

/* clang-format off */
static const struct sk_field player_fields[] = {
    SK_REWOUND_FIELD(struct arena_player, x, tile_16384, 0, ARENA_POSITION_MAX, 13, SK_LINEAR),
    SK_REWOUND_FIELD(struct arena_player, y, tile_16384, 0, ARENA_POSITION_MAX, 13, SK_LINEAR),
    SK_FIELD(struct arena_player, aim, turn, 0, 65536, 8, SK_TURN),
    SK_FIELD(struct arena_player, health, percent, 0, 127, 7, SK_HOLD),
    SK_FIELD(struct arena_player, weapon, index, 0, 1, 1, SK_HOLD),
    SK_FIELD(struct arena_player, shielded, flag, 0, 1, 1, SK_HOLD),
    SK_FIELD(struct arena_player, score, kill, 0, 255, 8, SK_HOLD),
    SK_FIELD(struct arena_player, deaths, death, 0, 255, 8, SK_HOLD),
    SK_FIELD(struct arena_player, streak, kill, 0, ARENA_STREAK_MAX, 5, SK_HOLD),
    SK_FIELD(struct arena_player, rank, index, 0, 7, 3, SK_HOLD),
    SK_FIELD(struct arena_player, team, team, 0, 3, 2, SK_HOLD),
    SK_FIELD(struct arena_player, colour, index, 0, 7, 3, SK_HOLD),
    SK_FIELD(struct arena_player, bot, flag, 0, 1, 1, SK_HOLD),
    SK_OWN_FIELD(struct arena_player, x, tile_16384),
    SK_OWN_FIELD(struct arena_player, y, tile_16384),
    SK_OWN_FIELD(struct arena_player, speed_x, tile_16384_tick),
    SK_OWN_FIELD(struct arena_player, speed_y, tile_16384_tick),
    SK_SHARED_FIELD(struct arena_player, health, percent),
    SK_OWN_FIELD(struct arena_player, weapon, index),
    SK_SHARED_FIELD(struct arena_player, slugs, slug),
    SK_OWN_FIELD(struct arena_player, cooldown_ticks, tick),
    SK_OWN_FIELD(struct arena_player, dash_ticks, tick),
    SK_OWN_FIELD(struct arena_player, dash_wait_ticks, tick),
    SK_SHARED_FIELD(struct arena_player, respawn_ticks, tick),
};
static const struct sk_field projectile_fields[] = {
    SK_EXTRAPOLATED_FIELD(struct arena_projectile, x, tile_16384, 0, ARENA_POSITION_MAX, 13,
                          SK_LINEAR),
    SK_EXTRAPOLATED_FIELD(struct arena_projectile, y, tile_16384, 0, ARENA_POSITION_MAX, 13,
                          SK_LINEAR),
    SK_FIELD(struct arena_projectile, angle, turn, 0, 65536, 8, SK_TURN),
    SK_LAUNCH_FIELD(struct arena_projectile, key),
    SK_OWN_FIELD(struct arena_projectile, x, tile_16384),
    SK_OWN_FIELD(struct arena_projectile, y, tile_16384),
    SK_OWN_FIELD(struct arena_projectile, angle, turn),
    SK_SPAWN_KEY_FIELD(struct arena_projectile, key),
};
static const struct sk_field pickup_fields[] = {
    SK_FIELD(struct arena_pickup, ready, flag, 0, 1, 1, SK_HOLD),
    SK_FIELD(struct arena_pickup, type, index, 0, 1, 1, SK_HOLD),
    SK_FIELD(struct arena_pickup, x, tile_16384, 0, ARENA_POSITION_MAX, 13, SK_HOLD),
    SK_FIELD(struct arena_pickup, y, tile_16384, 0, ARENA_POSITION_MAX, 13, SK_HOLD),
};
static const struct sk_field match_fields[] = {
    SK_FIELD(struct arena_match, left_seconds, second, 0, 2047, 11, SK_HOLD),
    SK_FIELD(struct arena_match, team_1_score, kill, 0, 1023, 10, SK_HOLD),
    SK_FIELD(struct arena_match, team_2_score, kill, 0, 1023, 10, SK_HOLD),
    SK_FIELD(struct arena_match, state, index, 0, 1, 1, SK_HOLD),
    SK_FIELD(struct arena_match, winner, player_1, 0, 63, 6, SK_HOLD),
    SK_FIELD(struct arena_match, map, index, 0, 7, 3, SK_HOLD),
    SK_FIELD(struct arena_match, next_map, index, 0, 7, 3, SK_HOLD),
    SK_FIELD(struct arena_match, round, round, 0, 255, 8, SK_HOLD),
};

static const struct sk_field shot_fields[] = {
    SK_KEY_FIELD(struct arena_shot, player, player, 0, 31, 5, SK_HOLD),
};
static const struct sk_field beam_fields[] = {
    SK_KEY_FIELD(struct arena_beam, player, player, 0, 31, 5, SK_HOLD),
    SK_FIELD(struct arena_beam, x, tile_16384, 0, ARENA_POSITION_MAX, 13, SK_HOLD),
    SK_FIELD(struct arena_beam, y, tile_16384, 0, ARENA_POSITION_MAX, 13, SK_HOLD),
    SK_FIELD(struct arena_beam, angle, turn, 0, 65536, 11, SK_TURN),
    SK_FIELD(struct arena_beam, length, tile_16384, 0, ARENA_POSITION_MAX, 11, SK_HOLD),
};
static const struct sk_field judged_fields[] = {
    SK_FIELD(struct arena_judged, target, player_1, 0, 63, 6, SK_HOLD),
    SK_FIELD(struct arena_judged, missed, tile_16384, -8192, 122752, 10, SK_HOLD),
    SK_FIELD(struct arena_judged, moved, tile_16384, 0, 130944, 10, SK_HOLD),
    SK_FIELD(struct arena_judged, limit, index, 0, 7, 3, SK_HOLD),
    SK_FIELD(struct arena_judged, view_tick, tick_ago, 0, 63, 6, SK_HOLD),
    SK_FIELD(struct arena_judged, view_interval, tick, 0, 63, 6, SK_HOLD),
    SK_FIELD(struct arena_judged, view_fraction, part_256, 0, 255, 8, SK_HOLD),
};
static const struct sk_field hit_fields[] = {
    SK_KEY_FIELD(struct arena_hit, victim, player, 0, 31, 5, SK_HOLD),
    SK_FIELD(struct arena_hit, damage, percent, 0, 127, 7, SK_HOLD),
};
static const struct sk_field hurt_fields[] = {
    SK_FIELD(struct arena_hurt, attacker, player, 0, 31, 5, SK_HOLD),
    SK_FIELD(struct arena_hurt, damage, percent, 0, 127, 7, SK_HOLD),
};
static const struct sk_field kill_fields[] = {
    SK_FIELD(struct arena_kill, killer, player_1, 0, 63, 6, SK_HOLD),
    SK_FIELD(struct arena_kill, victim, player, 0, 31, 5, SK_HOLD),
    SK_FIELD(struct arena_kill, weapon, index, 0, 1, 1, SK_HOLD),
    SK_FIELD(struct arena_kill, streak, kill, 0, 31, 5, SK_HOLD),
};
static const struct sk_field taken_fields[] = {
    SK_FIELD(struct arena_taken, player, player, 0, 31, 5, SK_HOLD),
    SK_FIELD(struct arena_taken, type, index, 0, 1, 1, SK_HOLD),
};
static const struct sk_field spawn_fields[] = {
    SK_FIELD(struct arena_spawn, player, player, 0, 31, 5, SK_HOLD),
};
static const struct sk_field round_start_fields[] = {
    SK_FIELD(struct arena_round, round, round, 0, 255, 8, SK_HOLD),
    SK_FIELD(struct arena_round, map, index, 0, 7, 3, SK_HOLD),
};
static const struct sk_field round_end_fields[] = {
    SK_FIELD(struct arena_round, round, round, 0, 255, 8, SK_HOLD),
    SK_FIELD(struct arena_round, winner, player_1, 0, 63, 6, SK_HOLD),
};
static const struct sk_field result_fields[] = {
    SK_FIELD(struct arena_result, place, place, 0, 63, 6, SK_HOLD),
    SK_FIELD(struct arena_result, player_count, player, 0, 63, 6, SK_HOLD),
    SK_FIELD(struct arena_result, best_streak, kill, 0, ARENA_STREAK_MAX, 5, SK_HOLD),
    SK_FIELD(struct arena_result, accuracy, percent, 0, 127, 7, SK_HOLD),
    SK_FIELD(struct arena_result, rank, index, 0, 7, 3, SK_HOLD),
    SK_FIELD(struct arena_result, gained, point, 0, 511, 9, SK_HOLD),
    SK_FIELD(struct arena_result, missing, point, 0, 511, 9, SK_HOLD),
};
/* clang-format on */

const struct sk_kind arena_kinds[] = {
    [ARENA_KIND_PLAYER] = SK_KIND("player", player_fields, struct arena_player),
    [ARENA_KIND_PROJECTILE] = SK_KIND("projectile", projectile_fields, struct arena_projectile),
    [ARENA_KIND_PICKUP] = SK_KIND("pickup", pickup_fields, struct arena_pickup),
    [ARENA_KIND_MATCH] = SK_KIND("match", match_fields, struct arena_match),
};

const struct sk_event_type arena_events[] = {
    [ARENA_EVENT_SHOT] = SK_EVENT_TYPE("shot", shot_fields, struct arena_shot),
    [ARENA_EVENT_BEAM] = SK_EVENT_TYPE("beam", beam_fields, struct arena_beam),
    [ARENA_EVENT_JUDGED] = SK_EVENT_TYPE("judged", judged_fields, struct arena_judged),
    [ARENA_EVENT_HIT] = SK_EVENT_TYPE("hit", hit_fields, struct arena_hit),
    [ARENA_EVENT_HURT] = SK_EVENT_TYPE("hurt", hurt_fields, struct arena_hurt),
    [ARENA_EVENT_KILL] = SK_EVENT_TYPE("kill", kill_fields, struct arena_kill),
    [ARENA_EVENT_PICKUP] = SK_EVENT_TYPE("pickup", taken_fields, struct arena_taken),
    [ARENA_EVENT_SPAWN] = SK_EVENT_TYPE("spawn", spawn_fields, struct arena_spawn),
    [ARENA_EVENT_ROUND_START] =
        SK_EVENT_TYPE("round-start", round_start_fields, struct arena_round),
    [ARENA_EVENT_ROUND_END] = SK_EVENT_TYPE("round-end", round_end_fields, struct arena_round),
    [ARENA_EVENT_RESULT] = SK_EVENT_TYPE("result", result_fields, struct arena_result),
};

struct sk_rewind arena_rewind_of(uint32_t players_max)
{
    return (struct sk_rewind){
        .kind = &arena_kinds[ARENA_KIND_PLAYER],
        .capacity = players_max,
        .tick_count = ARENA_REWIND_TICKS,
    };
}
