/* fuzz_delta_decode.c - any bytes as the body of a snapshot.
 *
 * The first byte names a scene; the rest is decoded against a frame of it.  What is accepted must
 * give a sound hash, and come back from its own encoding.
 */
#include "support/scene.h"

#include "base/assert.h"

enum { SCENES = 16, BODY_BYTES_MAX = 1 << 16 };

struct target {
    struct scene scene;
    struct sk_frame from;
    struct sk_frame to;
    struct sk_frame again;
};

static void init(struct target *target, uint32_t index)
{
    scene_init(&target->scene, index + 1, (struct scene_limits){3, 8, 100});
    target->from = scene_new_frame(&target->scene);
    target->to = scene_new_frame(&target->scene);
    target->again = scene_new_frame(&target->scene);
    if (index % 4 != 0) {
        scene_step(&target->scene, &target->to, &target->from, 60);
    }
    target->from.tick = 997;
}

static void check_encodes(struct target *target, struct sk_event_list events)
{
    static uint8_t body[BODY_BYTES_MAX];
    struct sk_events none = {.schema = &target->scene.schema};
    int size = sk_delta_encode(&target->scene.schema, &target->from, &target->to, events, body,
                               sizeof(body));
    SK_ASSERT(size > 0);
    target->again.tick = target->to.tick;
    int result = sk_delta_decode(&target->scene.schema, &target->from, body, (size_t)size,
                                 &target->again, &none);
    SK_ASSERT(result == SK_OK);
    SK_ASSERT(scene_is_same(&target->scene, &target->to, &target->again));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct target targets[SCENES];
    static struct sk_event events[SK_FRAME_EVENTS_MAX];
    if (size == 0) {
        return 0;
    }
    struct target *target = &targets[bytes[0] % SCENES];
    if (!target->from.values) {
        init(target, bytes[0] % SCENES);
    }
    struct sk_events sink = {
        .events = events, .capacity = SK_FRAME_EVENTS_MAX, .schema = &target->scene.schema};
    target->to.tick = 1000;
    int result = sk_delta_decode(&target->scene.schema, &target->from, bytes + 1, size - 1,
                                 &target->to, &sink);
    if (result == SK_OK) {
        SK_ASSERT(target->to.hash == sk_frame_hash(&target->to, &target->scene.schema));
        check_encodes(target, (struct sk_event_list){sink.events, sink.count});
    }
    return 0;
}
