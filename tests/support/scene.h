/* scene.h - made-up schemas and frames for tests of the codec: everything follows from a seed.
 *
 * Frames are filled with values directly, without a world, so that all values of a row come up.
 */
#ifndef SCENE_H
#define SCENE_H

#include "state/delta.h"

enum { SCENE_EVENTS_MAX = 64 };

struct scene {
    uint64_t rng;
    struct sk_schema schema;
    struct sk_kind kinds[SK_KINDS_MAX];
    struct sk_place places[SK_KINDS_MAX];
    struct sk_field fields[SK_KINDS_MAX][SK_FIELDS_MAX];
    struct sk_event_type event_types[SK_EVENT_TYPES_MAX];
    struct sk_event events[SCENE_EVENTS_MAX];
    uint32_t world_bytes;
};

/* How large a schema may become. */
struct scene_limits {
    uint32_t kinds;
    uint32_t fields;
    uint32_t capacity;
};

/* A schema of up to so many kinds, rows and entities, with the widths 1..32 mixed. */
void scene_init(struct scene *scene, uint64_t seed, struct scene_limits limits);
/* One kind with exactly so many rows and entities, all rows of `bits`. */
void scene_init_exact(struct scene *scene, uint64_t seed, uint32_t fields, uint32_t capacity,
                      uint32_t bits);

/* A number below `below`. */
uint32_t scene_draw(struct scene *scene, uint32_t below);

/* A frame of its own memory; scene_free_frame() gives it back. */
struct sk_frame scene_new_frame(const struct scene *scene);
/* Frees what scene_new_frame() took. */
void scene_free_frame(struct sk_frame *frame);

/* Makes *to a successor of *from: each entity moves, dies or comes with a chance out of 100. */
void scene_step(struct scene *scene, const struct sk_frame *from, struct sk_frame *to,
                uint32_t chance);
/* Events of the last `age` ticks before `tick`, borrowed from the scene. */
struct sk_event_list scene_draw_events(struct scene *scene, uint32_t tick, uint32_t age);

/* Are the two frames equal in all but tick, hashes included? */
bool scene_is_same(const struct scene *scene, const struct sk_frame *a, const struct sk_frame *b);

#endif
