/* play_picture.c - see play_picture.h.
 *
 * Rows are found by their names, so that the order in the game's tables does not matter here.
 */
#include "play_picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "arena/arena_map.h"
#include "play_text.h"

enum { WORLD_LEFT = 200, FIGURES = 14 };

/* The world on the screen. */
struct scene {
    struct play_picture *picture;
    const struct sk_client *client;
    double scale; /* pixels a unit */
    uint32_t player;
};

static void set_colour(SDL_Renderer *renderer, uint32_t rgb)
{
    SDL_SetRenderDrawColor(renderer, (Uint8)(rgb >> 16), (Uint8)(rgb >> 8), (Uint8)rgb, 255);
}

static bool is_kind(const struct scene *scene, const struct sk_client_entity *entity,
                    const char *name)
{
    return strcmp(sk_client_kind_name(scene->client, entity->kind), name) == 0;
}

/* The value of a row, 0 when the kind has none of that name. */
static double value_of(const struct scene *scene, const struct sk_client_entity *entity,
                       const char *name)
{
    for (uint32_t row = 0; row < entity->value_count; row++) {
        if (strcmp(sk_client_row_name(scene->client, entity->kind, row), name) == 0) {
            return entity->values[row];
        }
    }
    return 0;
}

/* ---- the world --------------------------------------------------------------------------- */

static void draw_walls(const struct scene *scene, const struct arena_map *map)
{
    SDL_Renderer *renderer = scene->picture->renderer;
    double side = ARENA_TILE * scene->scale;
    set_colour(renderer, 0x3a4656);
    for (int index = 0; index < map->width * map->height; index++) {
        if (map->walls[index] != 0) {
            SDL_Rect wall = {WORLD_LEFT + (int)(index % map->width * side),
                             (int)(index / map->width * side), (int)side + 1, (int)side + 1};
            SDL_RenderFillRect(renderer, &wall);
        }
    }
}

static void draw_box(const struct scene *scene, double x, double y, double half, bool is_filled)
{
    SDL_FRect box = {(float)(WORLD_LEFT + x * scene->scale - half),
                     (float)(y * scene->scale - half), (float)(2 * half), (float)(2 * half)};
    if (is_filled) {
        SDL_RenderFillRectF(scene->picture->renderer, &box);
    } else {
        SDL_RenderDrawRectF(scene->picture->renderer, &box);
    }
}

static void draw_player(const struct scene *scene, const struct sk_client_entity *entity)
{
    SDL_Renderer *renderer = scene->picture->renderer;
    double x = value_of(scene, entity, "x");
    double y = value_of(scene, entity, "y");
    double turn = value_of(scene, entity, "aim") / 65536 * 2 * acos(-1);
    bool is_own = entity->owner == scene->player;
    double left = WORLD_LEFT + x * scene->scale;
    double top = y * scene->scale;
    if (value_of(scene, entity, "health") <= 0) {
        return; /* not alive */
    }
    set_colour(renderer, is_own ? 0x5fd38d : 0xe07a5f);
    draw_box(scene, x, y, 7, is_own);
    draw_box(scene, x, y, 6, is_own);
    SDL_RenderDrawLineF(renderer, (float)left, (float)top, (float)(left + 16 * cos(turn)),
                        (float)(top + 16 * sin(turn)));
    if (is_own) {
        scene->picture->own_x = left;
        scene->picture->own_y = top;
    }
}

static void draw_entity(const struct scene *scene, const struct sk_client_entity *entity)
{
    double x = value_of(scene, entity, "x");
    double y = value_of(scene, entity, "y");
    if (is_kind(scene, entity, "player")) {
        draw_player(scene, entity);
    } else if (is_kind(scene, entity, "projectile")) {
        set_colour(scene->picture->renderer, 0xf2cc8f);
        draw_box(scene, x, y, 3, true);
    } else if (is_kind(scene, entity, "pickup") && value_of(scene, entity, "ready") > 0) {
        set_colour(scene->picture->renderer, 0x81b2ff);
        draw_box(scene, x, y, 4, value_of(scene, entity, "type") > 0);
    }
}

/* The map that the match's own entity names. */
static const struct arena_map *find_map(const struct scene *scene,
                                        const struct sk_client_entity *entities, int count)
{
    const struct arena_content *content = sk_client_content(scene->client);
    for (int i = 0; content != NULL && i < count; i++) {
        if (is_kind(scene, &entities[i], "match")) {
            uint32_t index = (uint32_t)value_of(scene, &entities[i], "map");
            return index < content->map_count ? &content->maps[index] : NULL;
        }
    }
    return NULL;
}

static void draw_world(struct play_picture *picture, struct sk_client *client, uint64_t now_us)
{
    static struct sk_client_entity entities[PLAY_ENTITIES_MAX];
    struct sk_client_match match = {.struct_size = sizeof(match)};
    entities[0].struct_size = sizeof(entities[0]);
    int count = sk_client_draw(client, now_us, entities, PLAY_ENTITIES_MAX);
    count = count < PLAY_ENTITIES_MAX ? count : PLAY_ENTITIES_MAX;
    if (sk_client_match(client, &match) != SK_CLIENT_OK) {
        return;
    }
    struct scene scene = {.picture = picture, .client = client, .player = match.player};
    const struct arena_map *map = find_map(&scene, entities, count);
    int tiles = map == NULL ? ARENA_MAP_WIDTH_MAX : map->width;
    scene.scale = (double)(PLAY_WIDTH - WORLD_LEFT) / tiles / ARENA_TILE;
    if (map != NULL) {
        draw_walls(&scene, map);
    }
    for (int i = 0; i < count; i++) {
        draw_entity(&scene, &entities[i]);
    }
}

/* ---- the figures ------------------------------------------------------------------------- */

static void draw_figures(const struct play_picture *picture, const struct sk_client_stats *stats)
{
    char lines[FIGURES][40];
    double second = 1e6;
    (void)snprintf(lines[0], sizeof(lines[0]), "tick %u", stats->tick);
    (void)snprintf(lines[1], sizeof(lines[1]), "ping %.1f ms", stats->ping_us / 1e3);
    (void)snprintf(lines[2], sizeof(lines[2]), "jitter %.1f ms", stats->jitter_us / 1e3);
    (void)snprintf(lines[3], sizeof(lines[3]), "lead %.1f ms", stats->lead_us / 1e3);
    (void)snprintf(lines[4], sizeof(lines[4]), "margin %.1f ms", stats->margin_us / 1e3);
    (void)snprintf(lines[5], sizeof(lines[5]), "others -%.1f ms", stats->delay_us / 1e3);
    (void)snprintf(lines[6], sizeof(lines[6]), "age %.1f ms", stats->snapshot_age_us / 1e3);
    (void)snprintf(lines[7], sizeof(lines[7]), "late %u repeated %u", (unsigned)stats->inputs_late,
                   (unsigned)stats->inputs_repeated);
    (void)snprintf(lines[8], sizeof(lines[8]), "matched %u", (unsigned)stats->drift_matched);
    (void)snprintf(lines[9], sizeof(lines[9]), "touched %u late %u", (unsigned)stats->drift_touched,
                   (unsigned)stats->drift_late);
    (void)snprintf(lines[10], sizeof(lines[10]), "diverging %u", (unsigned)stats->drift_diverging);
    (void)snprintf(lines[11], sizeof(lines[11]), "correction %.2f%%", stats->correction * 100);
    (void)snprintf(lines[12], sizeof(lines[12]), "in %.2f mb out %.2f",
                   (double)stats->bytes_in / second, (double)stats->bytes_out / second);
    (void)snprintf(lines[13], sizeof(lines[13]), "queue %u resent %u", stats->queue_bytes,
                   stats->resends);
    set_colour(picture->renderer, 0xdfe6ee);
    for (int i = 0; i < FIGURES; i++) {
        play_text_draw(picture->renderer, 8, 8 + (i + 2) * (PLAY_TEXT_LINE + 4), lines[i]);
    }
    play_text_draw(picture->renderer, 8, 8,
                   stats->is_predicted ? "predicted" : "as the server tells");
}

void play_picture_draw(struct play_picture *picture, struct sk_game_client *game, uint64_t now_us)
{
    struct sk_client_stats stats = {.struct_size = sizeof(stats)};
    set_colour(picture->renderer, 0x141a22);
    SDL_RenderClear(picture->renderer);
    draw_world(picture, sk_game_client_client(game), now_us);
    if (sk_game_client_stats(game, now_us, &stats) == SK_CLIENT_OK) {
        draw_figures(picture, &stats);
    }
    set_colour(picture->renderer, 0xf2cc8f);
    play_text_draw(picture->renderer, 8, PLAY_HEIGHT - 20, picture->words);
}
