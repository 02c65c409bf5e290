/* snapshot.c - see snapshot.h.
 *
 *   head      01 dddddd | distance - 63 if d is 63 | tick | hash (2) if d is not 0 | own bytes
 *   own   bits: player? input (tick, margins)? repeats? dropped ticks? commands? exact rows, events
 *
 * Distances and ticks of the head are numbers of 7 bits a byte, lowest first.  The exact rows need
 * no list of entities: both ends know from the frame what the player owns.
 */
#include "state/snapshot.h"

#include "base/assert.h"
#include "state/exact.h"

enum {
    SNAPSHOT_MARK = 1,
    MARK_MASK = 3,
    DISTANCE_SHIFT = 2,
    DISTANCE_LONG = 63,
    VARINT_BYTES_MAX = 5,
    PLAYER_BITS = 10,
    INPUT_ORDER = 4,
    MARGIN_ORDER = 5,
    BELOW_ORDER = 2,
    REPEATED_ORDER = 3,
    DROPPED_BITS = 16,
    COMMAND_BITS = 8,
    EVENT_COUNT_BITS_MAX = 17, /* of SK_FRAME_EVENTS_MAX */
};
_Static_assert(SK_PLAYERS_MAX <= 1 << PLAYER_BITS, "every player has a number");

/* --- the head ------------------------------------------------------------------------------ */

struct cursor {
    uint8_t *out;
    size_t capacity;
    size_t used;
};

static void put_byte(struct cursor *cursor, uint32_t byte)
{
    if (cursor->used < cursor->capacity) {
        cursor->out[cursor->used] = (uint8_t)byte;
    }
    cursor->used++;
}

static void put_varint(struct cursor *cursor, uint32_t number)
{
    for (; number >= 0x80; number >>= 7) {
        put_byte(cursor, (number & 0x7f) | 0x80);
    }
    put_byte(cursor, number);
}

int sk_snapshot_write_head(const struct sk_snapshot_head *head, uint8_t *out, size_t capacity)
{
    struct cursor cursor = {out, capacity, 0};
    uint32_t distance = head->baseline_ticks;
    SK_ASSERT(distance < head->tick);
    SK_ASSERT(head->own_part_bytes <= SK_OWN_PART_BYTES_MAX);
    uint32_t shown = distance < DISTANCE_LONG ? distance : DISTANCE_LONG;
    put_byte(&cursor, SNAPSHOT_MARK | shown << DISTANCE_SHIFT);
    if (shown == DISTANCE_LONG) {
        put_varint(&cursor, distance - DISTANCE_LONG);
    }
    put_varint(&cursor, head->tick);
    if (distance != 0) {
        put_byte(&cursor, head->baseline_hash & 0xff);
        put_byte(&cursor, head->baseline_hash >> 8);
    }
    put_byte(&cursor, head->own_part_bytes);
    return cursor.used <= capacity ? (int)cursor.used : SK_ERR_FULL;
}

/* Reads one varint at *at and moves on.  One that could be shorter or is above 32 bits is refused.
 */
static int read_varint(const uint8_t *bytes, size_t size, size_t *at, uint32_t *number)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < VARINT_BYTES_MAX; i++) {
        if (*at == size) {
            return SK_ERR_TRUNCATED;
        }
        uint8_t byte = bytes[(*at)++];
        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if ((byte & 0x80) == 0) {
            *number = (uint32_t)value;
            return (i > 0 && byte == 0) || value > UINT32_MAX ? SK_ERR_PROTOCOL : SK_OK;
        }
    }
    return SK_ERR_PROTOCOL;
}

static int read_distance(struct sk_snapshot_head *head, const uint8_t *bytes, size_t size,
                         size_t *at)
{
    uint32_t further = 0;
    head->baseline_ticks = bytes[(*at)++] >> DISTANCE_SHIFT;
    if (head->baseline_ticks < DISTANCE_LONG) {
        return SK_OK;
    }
    int result = read_varint(bytes, size, at, &further);
    if (result == SK_OK && further > UINT32_MAX - DISTANCE_LONG) {
        return SK_ERR_PROTOCOL;
    }
    head->baseline_ticks += further;
    return result;
}

/* The last part: hash and own bytes. */
static int read_rest(struct sk_snapshot_head *head, const uint8_t *bytes, size_t size, size_t at)
{
    size_t left = size - at;
    size_t hash_bytes = head->baseline_ticks != 0 ? 2 : 0;
    if (left < hash_bytes + 1) {
        return SK_ERR_TRUNCATED;
    }
    if (hash_bytes != 0) {
        head->baseline_hash = (uint16_t)(bytes[at] | bytes[at + 1] << 8);
    }
    head->own_part_bytes = bytes[at + hash_bytes];
    left -= hash_bytes + 1;
    return head->own_part_bytes <= left ? (int)(at + hash_bytes + 1) : SK_ERR_TRUNCATED;
}

int sk_snapshot_read_head(struct sk_snapshot_head *head, const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    *head = (struct sk_snapshot_head){0};
    if (size == 0) {
        return SK_ERR_TRUNCATED;
    }
    if ((bytes[0] & MARK_MASK) != SNAPSHOT_MARK) {
        return SK_ERR_PROTOCOL;
    }
    int result = read_distance(head, bytes, size, &at);
    if (result == SK_OK) {
        result = read_varint(bytes, size, &at, &head->tick);
    }
    if (result != SK_OK) {
        return result;
    }
    return head->baseline_ticks < head->tick ? read_rest(head, bytes, size, at) : SK_ERR_PROTOCOL;
}

/* --- the own part ---------------------------------------------------------------------- */

static void write_input(const struct sk_own_part *own, struct sk_bit_writer *writer)
{
    bool has_input = own->input_tick != 0;
    int32_t below = own->newest_sixteenths - own->margin_sixteenths;
    SK_ASSERT(below >= 0);
    sk_bits_write(writer, has_input, 1);
    if (has_input) {
        int32_t ahead = (int32_t)(own->input_tick - own->tick);
        sk_bits_write_signed(writer, ahead, INPUT_ORDER);
        sk_bits_write_signed(writer, own->newest_sixteenths, MARGIN_ORDER);
        sk_bits_write_number(writer, (uint32_t)below, BELOW_ORDER);
    }
}

static void write_command(const struct sk_own_part *own, struct sk_bit_writer *writer)
{
    SK_ASSERT(own->has_player || !own->tells_command);
    sk_bits_write(writer, own->tells_command, own->has_player ? 1 : 0);
    sk_bits_write(writer, own->command_number, own->tells_command ? COMMAND_BITS : 0);
}

static void write_fields(const struct sk_own_part *own, struct sk_bit_writer *writer)
{
    bool has_repeated = own->repeated != 0;
    sk_bits_write(writer, own->has_player, 1);
    sk_bits_write(writer, own->has_player ? own->player : 0, own->has_player ? PLAYER_BITS : 0);
    write_input(own, writer);
    sk_bits_write(writer, has_repeated, 1);
    if (has_repeated) {
        sk_bits_write_number(writer, own->repeated - 1u, REPEATED_ORDER);
    }
    sk_bits_write(writer, own->tells_dropped, 1);
    sk_bits_write(writer, own->dropped_ticks, own->tells_dropped ? DROPPED_BITS : 0);
    write_command(own, writer);
}

/* The newest events of the list that fit in the bits that are left. */
static struct sk_event_list fit_events(struct sk_event_list events, const struct sk_schema *schema,
                                       uint32_t tick, uint32_t left_bits)
{
    uint32_t fits = 0;
    uint32_t bits = EVENT_COUNT_BITS_MAX;
    while (fits < events.count) {
        bits += sk_event_cost(schema, &events.events[events.count - fits - 1], tick);
        if (bits > left_bits) {
            break;
        }
        fits++;
    }
    if (fits == events.count) {
        return events; /* none at all has no address to count from */
    }
    return (struct sk_event_list){events.events + (events.count - fits), fits};
}

int sk_own_part_write(const struct sk_own_part *own, const struct sk_schema *schema,
                      const void *world, struct sk_event_list events, uint8_t *out, size_t capacity)
{
    struct sk_bit_writer writer;
    size_t limit_bytes = capacity < SK_OWN_PART_BYTES_MAX ? capacity : SK_OWN_PART_BYTES_MAX;
    SK_ASSERT(!own->has_player || own->player < SK_PLAYERS_MAX);
    sk_bits_start_write(&writer, out, limit_bytes);
    write_fields(own, &writer);
    if (!own->has_player) {
        return sk_bits_end_write(&writer);
    }
    sk_exact_write(schema, world, own->player, &writer);
    size_t used_bits = writer.used_bytes * 8 + writer.pending_count;
    uint32_t left_bits = used_bits < limit_bytes * 8 ? (uint32_t)(limit_bytes * 8 - used_bits) : 0;
    events = fit_events(events, schema, own->tick, left_bits);
    sk_event_list_write(events, schema, own->tick, &writer);
    return sk_bits_end_write(&writer);
}

/* Returns whether the values are in their ranges. */
static bool read_input(struct sk_own_part *own, struct sk_bit_reader *reader)
{
    if (sk_bits_read(reader, 1) == 0) {
        return true;
    }
    own->input_tick = own->tick + (uint32_t)sk_bits_read_signed(reader, INPUT_ORDER);
    int64_t newest = sk_bits_read_signed(reader, MARGIN_ORDER);
    int64_t smallest = newest - sk_bits_read_number(reader, BELOW_ORDER);
    own->newest_sixteenths = (int16_t)newest;
    own->margin_sixteenths = (int16_t)smallest;
    return own->input_tick != 0 && newest <= INT16_MAX && smallest >= INT16_MIN;
}

static bool read_repeated(struct sk_own_part *own, struct sk_bit_reader *reader)
{
    if (sk_bits_read(reader, 1) == 0) {
        return true;
    }
    uint32_t number = sk_bits_read_number(reader, REPEATED_ORDER);
    own->repeated = (uint16_t)(number + 1);
    return number < UINT16_MAX;
}

static int read_fields(struct sk_own_part *own, uint32_t tick, struct sk_bit_reader *reader)
{
    *own = (struct sk_own_part){.tick = tick};
    own->has_player = sk_bits_read(reader, 1) != 0;
    own->player = (uint16_t)sk_bits_read(reader, own->has_player ? PLAYER_BITS : 0);
    bool is_good = read_input(own, reader);
    is_good = read_repeated(own, reader) && is_good;
    own->tells_dropped = sk_bits_read(reader, 1) != 0;
    own->dropped_ticks = (uint16_t)sk_bits_read(reader, own->tells_dropped ? DROPPED_BITS : 0);
    own->tells_command = sk_bits_read(reader, own->has_player ? 1 : 0) != 0;
    own->command_number = (uint8_t)sk_bits_read(reader, own->tells_command ? COMMAND_BITS : 0);
    if (reader->is_short) {
        return SK_ERR_TRUNCATED;
    }
    return is_good ? SK_OK : SK_ERR_RANGE;
}

int sk_own_part_read(struct sk_own_part *own, const struct sk_schema *schema,
                     const struct sk_frame *frame, void *world, struct sk_events *events,
                     const uint8_t *bytes, size_t size)
{
    struct sk_bit_reader reader;
    sk_bits_start_read(&reader, bytes, size);
    int result = read_fields(own, frame->tick, &reader);
    if (result != SK_OK || !own->has_player) {
        return result == SK_OK ? sk_bits_end_read(&reader) : result;
    }
    result = sk_exact_read(schema, frame, own->player, world, &reader);
    if (result == SK_OK) {
        result = sk_event_list_read(events, schema, frame->tick, own->player, &reader);
    }
    return result == SK_OK ? sk_bits_end_read(&reader) : result;
}

int sk_own_part_read_fields(struct sk_own_part *own, uint32_t tick, const uint8_t *bytes,
                            size_t size)
{
    struct sk_bit_reader reader;
    sk_bits_start_read(&reader, bytes, size);
    return read_fields(own, tick, &reader);
}
