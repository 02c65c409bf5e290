/* fuzz_snapshot.c - any bytes as head and own part of a snapshot.
 *
 * What is accepted must come back from its own encoding, to the byte.
 */
#include <string.h>

#include "base/assert.h"
#include "support/fleet.h"

static struct fleet fleet;

static void fuzz_head(const uint8_t *bytes, size_t size)
{
    struct sk_snapshot_head head;
    uint8_t again[16];
    int read = sk_snapshot_read_head(&head, bytes, size);
    if (read >= 0) {
        SK_ASSERT((size_t)read + head.own_part_bytes <= size);
        SK_ASSERT(sk_snapshot_write_head(&head, again, sizeof(again)) == read);
        SK_ASSERT(memcmp(again, bytes, (size_t)read) == 0);
    }
}

static void fuzz_own_part(const uint8_t *bytes, size_t size)
{
    static struct sk_event events[SK_FRAME_EVENTS_MAX];
    static uint8_t again[SK_OWN_PART_BYTES_MAX];
    const struct sk_schema *schema = &fleet.plan.schema;
    struct sk_events sink = {.events = events, .capacity = SK_FRAME_EVENTS_MAX, .schema = schema};
    const struct sk_frame *frame = fleet_frame(&fleet, fleet.world.head.tick);
    struct sk_own_part own;
    struct fleet_world world = fleet.world;
    if (size > SK_OWN_PART_BYTES_MAX) {
        return;
    }
    if (sk_own_part_read(&own, schema, frame, &world, &sink, bytes, size) == SK_OK) {
        struct sk_event_list list = {events, sink.count};
        int written = sk_own_part_write(&own, schema, &world, list, again, sizeof(again));
        /* Near the limit a writer drops events rather than count the bits of their number. */
        SK_ASSERT(written == (int)size || size >= SK_OWN_PART_BYTES_MAX - 4);
        SK_ASSERT(written != (int)size || memcmp(again, bytes, size) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (fleet.world.head.tick == 0) {
        fleet_init(&fleet);
        for (int i = 0; i < 100; i++) {
            fleet_step(&fleet);
        }
    }
    fuzz_head(bytes, size);
    fuzz_own_part(bytes, size);
    return 0;
}
