/* arena_match_kit.h - a match of arena on a small map of the test's own, without a server. */
#ifndef ARENA_MATCH_KIT_H
#define ARENA_MATCH_KIT_H

#include "arena/arena_map.h"
#include "state/snapshot.h"

enum { KIT_EVENTS = 128 };

struct arena_kit {
    struct sk_plan plan;
    struct arena_world *world;
    struct arena_content *content;
    struct sk_input inputs[ARENA_PLAYERS_MAX];
    struct sk_event kept[KIT_EVENTS];
    struct sk_events events; /* of the last step */
};

/* A map with walls, four places to start and two pickups of each type, and options under which
 * rounds and deaths are short. */
extern const char arena_kit_halls[];
extern const uint32_t arena_kit_quick[SK_OPTIONS_MAX];

/* Starts a match for `players_max` on the map's text; `options` as of the plan.  All asserted. */
void arena_kit_start(struct arena_kit *kit, const char *map, uint32_t players_max,
                     const uint32_t *options);
/* Lets a player join at a place, facing `aim`, without the shield of a new one. */
void arena_kit_join_at(struct arena_kit *kit, uint32_t player, int32_t x, int32_t y, uint16_t aim);
/* One tick of kit->inputs. */
void arena_kit_step(struct arena_kit *kit);
/* Makes `client` the world that `player` holds after this tick's snapshot: the frame's quantised
 * rows, then the own part's exact ones, and zero everywhere else but in the head.  `frame` is
 * scratch of the kit's schema. */
void arena_kit_replicate(const struct arena_kit *kit, struct sk_frame *frame, uint32_t player,
                         void *client);
/* The last step's first event of a type, or NULL. */
const struct sk_event *arena_kit_find_event(const struct arena_kit *kit, uint16_t type);
/* Frees what arena_kit_start() took. */
void arena_kit_end(struct arena_kit *kit);

/* The middle of a tile. */
int32_t arena_kit_at(int32_t tile);

#endif
