/* make_vectors.c - prints the golden vectors of the wire (WIRE.md, "Listings").
 *
 *   make_vectors >tests/golden/fleet.json
 *
 * One match, three clients: player 0 on an ordered transport (each snapshot against the one
 * before), player 5 on a lossy one (against the third before, at last against one 66 ticks old) and
 * a spectator who gets a keyframe now and then.  The same bytes must come out for ever: another
 * output is another version of the wire.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "support/fleet.h"
#include "support/schema_json.h"

enum { SNAPSHOTS = 24, WARM_UP = 15, MESSAGE_BYTES_MAX = 4096, LOSSY_BACK = 3, KEYFRAME_EVERY = 8 };
enum { GAP_SNAPSHOTS = 22, PLAYER_ORDERED = 0, PLAYER_LOSSY = 5, SPECTATOR = FLEET_SHIPS };

static struct fleet fleet;
static const char *separator = "";

/* --- frames -------------------------------------------------------------------------------- */

static void print_values(const uint32_t *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        printf(", %u", values[i]);
    }
    printf("]");
}

static void print_frame(uint32_t tick)
{
    const struct sk_schema *schema = &fleet.plan.schema;
    const struct sk_frame *frame = fleet_frame(&fleet, tick);
    const char *comma = "";
    printf("%s\n{\"tick\": %u, \"hash\": %u, \"entities\": [", separator, tick, frame->hash);
    separator = ",";
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        for (uint32_t slot = 0; slot < schema->places[kind].capacity; slot++) {
            if (!sk_frame_is_alive(frame, schema, kind, slot)) {
                continue;
            }
            printf("%s\n  [%u, %u", comma, kind, slot);
            comma = ",";
            print_values(sk_frame_entity(frame, schema, kind, slot), schema->row_counts[kind]);
        }
    }
    printf("]}");
}

/* --- messages ------------------------------------------------------------------------------ */

static void print_told(bool is_told, uint32_t number)
{
    if (is_told) {
        printf("%u", number);
    } else {
        printf("null");
    }
}

static void print_own_part(const struct sk_own_part *own)
{
    printf(" \"own\": {\"has_player\": %s, \"player\": %u, \"input_tick\": %u,"
           " \"newest_sixteenths\": %d, \"margin_sixteenths\": %d, \"repeated\": %u, \"dropped\": ",
           own->has_player ? "true" : "false", own->player, own->input_tick, own->newest_sixteenths,
           own->margin_sixteenths, own->repeated);
    print_told(own->tells_dropped, own->dropped_ticks);
    printf(", \"command\": ");
    print_told(own->tells_command, own->command_number);
    printf("},\n");
}

static void print_exact(const struct sk_own_part *own)
{
    const struct sk_schema *schema = &fleet.plan.schema;
    const struct sk_kind *ship = &schema->kinds[0]; /* the only kind with exact rows */
    const char *comma = "";
    printf(" \"exact\": [");
    for (uint32_t slot = 0; slot < FLEET_SHIPS && own->has_player; slot++) {
        const struct fleet_ship *entity = &fleet.world.ships[slot];
        if (entity->entity.alive == 0 || entity->entity.owner != own->player) {
            continue;
        }
        printf("%s[0, %u", comma, slot);
        comma = ", ";
        for (uint32_t i = schema->row_counts[0] - SK_ROWS_IMPLICIT; i < ship->field_count; i++) {
            printf(", %u", sk_exact(&ship->fields[i], entity));
        }
        printf("]");
    }
    printf("],\n");
}

static void print_events(const struct sk_events *events)
{
    printf(" \"events\": [");
    for (uint32_t i = 0; i < events->count; i++) {
        const struct sk_event *event = &events->events[i];
        printf("%s[%u, %u, %d", i > 0 ? ", " : "", event->tick, event->type,
               event->audience == SK_TO_ALL ? -1 : event->audience);
        print_values(event->values, fleet.plan.schema.events[event->type].field_count);
    }
    printf("]}");
}

/* What comes out of a message on our side: the independent decoder must find the same. */
static void print_meaning(const uint8_t *bytes, size_t size, uint32_t baseline_tick)
{
    static struct sk_event list[2 * SK_FRAME_EVENTS_MAX];
    static struct sk_frame frame;
    static _Alignas(16) uint8_t block[1 << 16];
    const struct sk_schema *schema = &fleet.plan.schema;
    struct sk_events events = {
        .events = list, .capacity = 2 * SK_FRAME_EVENTS_MAX, .schema = schema};
    struct sk_snapshot_head head;
    struct sk_own_part own;
    struct sk_arena arena;
    sk_arena_init(&arena, block, sizeof(block));
    SK_ASSERT(sk_frame_init(&frame, schema, &arena) == SK_OK);
    int at = sk_snapshot_read_head(&head, bytes, size);
    SK_ASSERT(at > 0);
    const uint8_t *body = bytes + at + head.own_part_bytes;
    size_t body_bytes = size - (size_t)at - head.own_part_bytes;
    frame.tick = head.tick;
    SK_ASSERT(sk_delta_decode(schema, fleet_frame(&fleet, baseline_tick), body, body_bytes, &frame,
                              &events) == SK_OK);
    SK_ASSERT(sk_own_part_read(&own, schema, &frame, NULL, &events, bytes + at,
                               head.own_part_bytes) == SK_OK);
    print_own_part(&own);
    print_exact(&own);
    print_events(&events);
}

static void print_message(const char *client, uint16_t player, uint32_t baseline_tick)
{
    uint8_t bytes[MESSAGE_BYTES_MAX];
    size_t size = fleet_message(&fleet, baseline_tick, player, bytes, sizeof(bytes));
    printf("%s\n{\"client\": \"%s\", \"tick\": %u, \"baseline\": %u,\n \"bytes\": \"", separator,
           client, fleet.world.head.tick, baseline_tick);
    separator = ",";
    for (size_t i = 0; i < size; i++) {
        printf("%02x", bytes[i]);
    }
    printf("\",\n");
    print_meaning(bytes, size, baseline_tick);
}

static void print_snapshot(uint32_t index)
{
    uint32_t tick = fleet.world.head.tick;
    uint32_t before = tick - FLEET_DIVISOR;
    print_message("ordered", PLAYER_ORDERED, index == 0 ? 0 : before);
    print_message("lossy", PLAYER_LOSSY,
                  index < LOSSY_BACK ? 0 : tick - LOSSY_BACK * FLEET_DIVISOR);
    print_message("spectator", SPECTATOR, index % KEYFRAME_EVERY == 0 ? 0 : before);
}

/* --- the match ----------------------------------------------------------------------------- */

/* The same match twice, as frames and as messages: first `print` then goes on. */
static void play(void (*print)(uint32_t index), void (*print_last)(void))
{
    fleet_init(&fleet);
    separator = "";
    for (uint32_t i = 0; i < WARM_UP + SNAPSHOTS; i++) {
        fleet_step(&fleet);
        if (i >= WARM_UP) {
            print(i - WARM_UP);
        }
    }
    for (uint32_t i = 0; i < GAP_SNAPSHOTS; i++) {
        fleet_step(&fleet);
    }
    print_last();
}

static void print_newest_frame(uint32_t index)
{
    (void)index;
    print_frame(fleet.world.head.tick);
}

static void print_last_frame(void)
{
    print_frame(fleet.world.head.tick);
}

static void print_last_message(void)
{
    print_message("lossy", PLAYER_LOSSY, fleet.world.head.tick - GAP_SNAPSHOTS * FLEET_DIVISOR);
}

int main(void)
{
    fleet_init(&fleet);
    printf("{\"schema\": ");
    schema_json_print(stdout, "fleet", &fleet.plan.schema);
    printf(",\n\"frames\": [");
    play(print_newest_frame, print_last_frame);
    printf("],\n\"messages\": [");
    play(print_snapshot, print_last_message);
    printf("]}\n");
    return fflush(stdout) == 0 ? 0 : 1;
}
