/* arena_player.c - see arena_player.h.
 *
 * A player is a circle, a wall a square.  After each move the circle is pushed out of the tiles
 * that it overlaps: first out of flat sides, then out of corners, so that it slides along a row of
 * tiles without catching on their seams.  No speed reaches ARENA_RADIUS a tick, so no wall is
 * jumped.
 */
#include "arena/arena_player.h"

#include "base/assert.h"
#include "base/trig.h"

enum {
    FULL_AXIS = 32767,
    WALK_SPEED = 1500, /* 5.5 tiles a second */
    WALK_EASE = 5,     /* a fifth of the missing speed is gained each tick */
    DASH_SPEED = 4600, /* 17 tiles a second */
    DASH_TICKS = 8,
    DASH_WAIT_TICKS = 90,
};
_Static_assert((int)DASH_SPEED < (int)ARENA_RADIUS, "a step must not pass a wall");
_Static_assert(WALK_SPEED < DASH_SPEED, "a dash is faster");

static const uint8_t cooldowns[ARENA_WEAPON_COUNT] = {[ARENA_BLASTER] = 9, [ARENA_RAIL] = 54};

struct vector {
    int32_t x;
    int32_t y;
};

/* --- speed --------------------------------------------------------------------------------- */

/* Where the stick points, at most FULL_AXIS long. */
static struct vector stick_of(const struct sk_input *input)
{
    struct vector stick = {input->axes[0], input->axes[1]};
    int32_t square = stick.x * stick.x / 2 + stick.y * stick.y / 2; /* half: it must fit */
    if (square > FULL_AXIS * FULL_AXIS / 2) {
        int32_t length = (int32_t)sk_distance(stick.x, stick.y);
        stick.x = stick.x * FULL_AXIS / length;
        stick.y = stick.y * FULL_AXIS / length;
    }
    SK_GAME_ASSERT(stick.x >= -FULL_AXIS - 1 && stick.x <= FULL_AXIS);
    SK_GAME_ASSERT(stick.y >= -FULL_AXIS - 1 && stick.y <= FULL_AXIS);
    return stick;
}

static int16_t ease(int16_t speed, int32_t wanted)
{
    int32_t missing = wanted - speed;
    if (missing > -WALK_EASE && missing < WALK_EASE) {
        return (int16_t)wanted;
    }
    return (int16_t)(speed + missing / WALK_EASE);
}

static void start_dash(struct arena_player *player, struct vector stick)
{
    SK_GAME_ASSERT(player->dash_ticks == 0 && player->dash_wait_ticks == 0);
    uint16_t turn = sk_atan2(stick.y, stick.x);
    player->speed_x = (int16_t)(sk_cos(turn) * DASH_SPEED / FULL_AXIS);
    player->speed_y = (int16_t)(sk_sin(turn) * DASH_SPEED / FULL_AXIS);
    player->dash_ticks = DASH_TICKS;
    player->dash_wait_ticks = DASH_WAIT_TICKS;
}

static void set_speed(struct arena_player *player, const struct sk_input *input)
{
    struct vector stick = stick_of(input);
    bool is_moving = stick.x != 0 || stick.y != 0;
    if (player->dash_wait_ticks > 0) {
        player->dash_wait_ticks--;
    }
    if (player->dash_ticks > 0) {
        player->dash_ticks--;
        return;
    }
    if ((input->buttons & ARENA_DASH) && is_moving && player->dash_wait_ticks == 0) {
        start_dash(player, stick);
        return;
    }
    player->speed_x = ease(player->speed_x, stick.x * WALK_SPEED / FULL_AXIS);
    player->speed_y = ease(player->speed_y, stick.y * WALK_SPEED / FULL_AXIS);
}

/* --- walls --------------------------------------------------------------------------------- */

static int32_t clamp(int32_t value, int32_t min, int32_t max)
{
    return value < min ? min : value > max ? max : value;
}

/* Pushes the player out of one wall tile.  `corners`: out of its corners, else out of its sides. */
static void leave_tile(struct arena_player *player, int32_t column, int32_t row, bool corners)
{
    int32_t left = column * ARENA_TILE;
    int32_t top = row * ARENA_TILE;
    int32_t away_x = player->x - clamp(player->x, left, left + ARENA_TILE);
    int32_t away_y = player->y - clamp(player->y, top, top + ARENA_TILE);
    bool is_corner = away_x != 0 && away_y != 0;
    if (is_corner != corners || away_x >= ARENA_RADIUS || away_x <= -ARENA_RADIUS ||
        away_y >= ARENA_RADIUS || away_y <= -ARENA_RADIUS) {
        return;
    }
    int32_t distance = (int32_t)sk_distance(away_x, away_y);
    if (distance >= ARENA_RADIUS || distance == 0) {
        return;
    }
    int32_t push = ARENA_RADIUS - distance;
    SK_GAME_ASSERT(push > 0);
    player->x += push * away_x / distance;
    player->y += push * away_y / distance;
    if (!is_corner) {
        player->speed_x = away_x != 0 ? 0 : player->speed_x;
        player->speed_y = away_y != 0 ? 0 : player->speed_y;
    }
}

static void leave_walls(struct arena_player *player, const struct arena_map *map, bool corners)
{
    int32_t column = player->x / ARENA_TILE;
    int32_t row = player->y / ARENA_TILE;
    for (int32_t i = 0; i < 9; i++) {
        int32_t at_column = column - 1 + i % 3;
        int32_t at_row = row - 1 + i / 3;
        if (arena_map_is_wall(map, at_column, at_row)) {
            leave_tile(player, at_column, at_row, corners);
        }
    }
}

static void walk(struct arena_player *player, const struct arena_map *map)
{
    player->x += player->speed_x;
    player->y += player->speed_y;
    leave_walls(player, map, false);
    leave_walls(player, map, true);
}

/* --- weapons ------------------------------------------------------------------------------- */

static void choose_weapon(struct arena_player *player, uint32_t buttons)
{
    if ((buttons & ARENA_TAKE_RAIL) && player->slugs > 0) {
        player->weapon = ARENA_RAIL;
    } else if (buttons & ARENA_TAKE_BLASTER) {
        player->weapon = ARENA_BLASTER;
    }
}

static int fire(struct arena_player *player)
{
    bool is_rail = player->weapon == ARENA_RAIL && player->slugs > 0;
    int weapon = is_rail ? ARENA_RAIL : ARENA_BLASTER;
    SK_GAME_ASSERT(player->health > 0 && player->cooldown_ticks == 0);
    player->cooldown_ticks = cooldowns[weapon];
    if (is_rail) {
        player->slugs--;
        player->weapon = player->slugs > 0 ? ARENA_RAIL : ARENA_BLASTER;
    }
    return weapon;
}

int arena_player_advance(struct arena_player *player, const struct arena_map *map,
                         const struct sk_input *input)
{
    if (player->health == 0) {
        return ARENA_NO_SHOT;
    }
    player->aim = (uint16_t)input->axes[2];
    choose_weapon(player, input->buttons);
    set_speed(player, input);
    walk(player, map);
    if (player->cooldown_ticks > 0) {
        player->cooldown_ticks--;
    }
    if (!(input->buttons & ARENA_FIRE) || player->cooldown_ticks > 0) {
        return ARENA_NO_SHOT;
    }
    return fire(player);
}
