/* field.h - replicated state is declared, not coded.
 *
 * A game writes one row a field; extraction, quantising, the delta codec, the wire's listing, the
 * TypeScript types and the inspector all come from the rows.  A kind is an array of equal structs
 * in the world block, each of which starts with a struct sk_entity.
 *
 * Row order is wire order: what changes most often comes first, so that change masks stay short.
 */
#ifndef SK_FIELD_H
#define SK_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/result.h"

enum { SK_NO_OWNER = 0xffff };

/* The head of every replicated entity: its first member in the world.  No implicit padding. */
struct sk_entity {
    uint8_t alive;      /* 0 or 1; a dead slot's other bytes are 0, so that worlds compare */
    uint8_t generation; /* one up each time the slot is reused: (slot, generation) is an id */
    uint8_t jump;     /* one up at a respawn or teleport: drawing must not interpolate across it */
    uint8_t reserved; /* 0 */
    uint16_t owner;   /* player that it belongs to, or SK_NO_OWNER */
    uint16_t reserved2; /* 0 */
};

/* The C type of a member; SK_FIELD finds it by itself. */
enum sk_type { SK_U8, SK_I8, SK_U16, SK_I16, SK_U32, SK_I32, SK_F32 };

/* How the next value is guessed from baselines, and how drawing fills the time between two. */
enum sk_predictor {
    SK_HOLD,   /* stays: flags, counts; drawn as the older snapshot's */
    SK_LINEAR, /* moves on; drawn in between */
    SK_TURN,   /* an angle that wraps at 2^bits; drawn the short way round */
};

enum sk_field_flag {
    /* Exact: carries the member's own bits, to the owner alone, in the own part.  All that
     * predict() reads of the player's own entities must have such a row. */
    SK_EXACT = 1,
    /* Kept in the rewind ring for lag compensation. */
    SK_REWOUND = 2,
    /* Tells one from another of its kind.  Of a kind of entity, exact and at most one: its player's
     * input spawns such entities, and this is the low byte of the input's tick; no two that live
     * of one player have the same.  A quantised one of the same member tells it to everybody, who
     * draw the entity from its launch on (sim/view.h).  Of an event: what step() emits is what
     * predict() has emitted when all such rows agree; of a type that has none, all rows must. */
    SK_KEY = 4,
    /* Drawn on by its own speed where no snapshot is known yet, for at most 100 ms, and then held;
     * all rows without are of the past alone.  A kind with such a row has its own time of drawing:
     * it does not wait when snapshots are late. */
    SK_EXTRAPOLATED = 8,
    /* An exact row that others change too: when it is not as predicted, no bug is to be looked for
     * (client/client_drift.h). */
    SK_SHARED = 16,
};

struct sk_field {
    const char *name;
    const char *unit;
    double min; /* of the member's value; not used by SK_EXACT */
    double max;
    uint16_t offset; /* of the member in its entity */
    uint8_t type;    /* enum sk_type */
    uint8_t bits;    /* on the wire, 1..32; of SK_EXACT: the member's own width */
    uint8_t predictor;
    uint8_t flags;
};

#define SK_TYPE_OF(member)                                                                         \
    _Generic((member), uint8_t                                                                     \
             : SK_U8, int8_t                                                                       \
             : SK_I8, uint16_t                                                                     \
             : SK_U16, int16_t                                                                     \
             : SK_I16, uint32_t                                                                    \
             : SK_U32, int32_t                                                                     \
             : SK_I32, float                                                                       \
             : SK_F32)

/* A quantised row, for everybody: `type` is the entity's struct. */
#define SK_FIELD(type, member, unit, min, max, bits, predictor)                                    \
    {                                                                                              \
#member, #unit, (min), (max), offsetof(type, member), SK_TYPE_OF(((type *)0)->member),     \
            (bits), (predictor), 0                                                                 \
    }
/* A quantised row that lag compensation needs too. */
#define SK_REWOUND_FIELD(type, member, unit, min, max, bits, predictor)                            \
    {                                                                                              \
#member, #unit, (min), (max), offsetof(type, member), SK_TYPE_OF(((type *)0)->member),     \
            (bits), (predictor), SK_REWOUND                                                        \
    }
/* A quantised row of an event that tells it from others of its type. */
#define SK_KEY_FIELD(type, member, unit, min, max, bits, predictor)                                \
    {                                                                                              \
#member, #unit, (min), (max), offsetof(type, member), SK_TYPE_OF(((type *)0)->member),     \
            (bits), (predictor), SK_KEY                                                            \
    }
/* A quantised row that drawing extrapolates. */
#define SK_EXTRAPOLATED_FIELD(type, member, unit, min, max, bits, predictor)                       \
    {                                                                                              \
#member, #unit, (min), (max), offsetof(type, member), SK_TYPE_OF(((type *)0)->member),     \
            (bits), (predictor), SK_EXTRAPOLATED                                                   \
    }
/* An exact row, for the owner. */
#define SK_OWN_FIELD(type, member, unit)                                                           \
    {                                                                                              \
#member, #unit, 0, 0, offsetof(type, member), SK_TYPE_OF(((type *)0)->member),             \
            (uint8_t)(8 * sizeof(((type *)0)->member)), SK_HOLD, SK_EXACT                          \
    }

/* An exact row that others change too. */
#define SK_SHARED_FIELD(type, member, unit)                                                        \
    {                                                                                              \
#member, #unit, 0, 0, offsetof(type, member), SK_TYPE_OF(((type *)0)->member),             \
            (uint8_t)(8 * sizeof(((type *)0)->member)), SK_HOLD, SK_EXACT | SK_SHARED              \
    }
/* The row that makes a kind one that its player's input spawns: a uint8_t. */
#define SK_SPAWN_KEY_FIELD(type, member)                                                           \
    {                                                                                              \
#member, "tick", 0, 0, offsetof(type, member), SK_TYPE_OF(((type *)0)->member), 8,         \
            SK_HOLD, SK_EXACT | SK_KEY                                                             \
    }

/* The same row for everybody, of a kind that has the one above: drawing begins at the launch. */
#define SK_LAUNCH_FIELD(type, member)                                                              \
    {                                                                                              \
#member, "tick", 0, 255, offsetof(type, member), SK_TYPE_OF(((type *)0)->member), 8,       \
            SK_HOLD, SK_KEY                                                                        \
    }

/* A kind of entity. */
struct sk_kind {
    const char *name;
    const struct sk_field *fields; /* quantised rows first, exact rows after them */
    uint16_t field_count;
    uint16_t stride_bytes; /* sizeof the entity's struct */
};

/* A kind of event; its fields are members of the event's struct, all quantised. */
struct sk_event_type {
    const char *name;
    const struct sk_field *fields;
    uint16_t field_count;
    uint16_t bytes; /* sizeof the event's struct */
};

/* How many elements an array has. */
#define SK_COUNT_OF(array) ((uint16_t)(sizeof(array) / sizeof((array)[0])))
/* A row of a game's kinds: the name, its table of fields and the entity's struct. */
#define SK_KIND(name, fields, type)                                                                \
    {                                                                                              \
        (name), (fields), SK_COUNT_OF(fields), sizeof(type)                                        \
    }
/* The same for an event type. */
#define SK_EVENT_TYPE(name, fields, type)                                                          \
    {                                                                                              \
        (name), (fields), SK_COUNT_OF(fields), sizeof(type)                                        \
    }

/* Where a kind's array lies in a world made with certain options. */
struct sk_place {
    uint32_t offset_bytes;
    uint32_t capacity; /* entities */
};

enum { SK_EVENT_FIELDS_MAX = 8, SK_ROWS_IMPLICIT = 2 };

/* Everything that both ends must agree on to read a snapshot of one room. */
struct sk_schema {
    const struct sk_kind *kinds; /* borrowed from the game */
    const struct sk_event_type *events;
    uint16_t kind_count;
    uint16_t event_count;
    struct sk_place places[SK_KINDS_MAX];
    /* derived: */
    uint32_t row_counts[SK_KINDS_MAX];   /* values an entity has in a frame: SK_ROWS_IMPLICIT +
                                            quantised rows */
    uint32_t value_starts[SK_KINDS_MAX]; /* of the kind in sk_frame.values */
    uint32_t alive_starts[SK_KINDS_MAX]; /* of the kind in sk_frame.alive, in 64-bit words */
    uint32_t value_count;
    uint32_t alive_words;
};

/* Fills the derived members.  `places` is copied, the tables are borrowed for the schema's life.
 * Returns SK_OK, or SK_ERR_CONFIG for a table that breaks a rule of this file or a limit. */
SK_MUST_CHECK int sk_schema_init(struct sk_schema *schema, const struct sk_kind *kinds,
                                 uint16_t kind_count, const struct sk_place *places);
/* Adds the event types to an initialised schema; same errors. */
SK_MUST_CHECK int sk_schema_set_events(struct sk_schema *schema, const struct sk_event_type *events,
                                       uint16_t event_count);
/* Over names, types, ranges, bits, order, strides and capacities: equal exactly when both ends read
 * each other's snapshots. */
uint64_t sk_schema_hash(const struct sk_schema *schema);

/* The member's value on the wire's grid (field.c, head), 0 .. 2^bits - 1; outside min..max it is
 * clamped. */
uint32_t sk_quantise(const struct sk_field *field, const void *entity);
/* Writes the value in the middle of step `quantised` into the member. */
void sk_dequantise(const struct sk_field *field, uint32_t quantised, void *entity);
/* What one step of a row is worth. */
double sk_step_of(const struct sk_field *field);
/* The value of a step as a number, for drawing. */
double sk_value_of(const struct sk_field *field, uint32_t quantised);

/* The member's own value as a number. */
double sk_member(const struct sk_field *field, const void *entity);
/* Writes a number within the row's range into the member; a whole one gets the nearest. */
void sk_set_member(const struct sk_field *field, double value, void *entity);
/* The member's own bits, zero-extended: what an exact row carries. */
uint32_t sk_exact(const struct sk_field *field, const void *entity);
/* Writes them back; bits above the member's width are dropped. */
void sk_set_exact(const struct sk_field *field, uint32_t bits, void *entity);

#endif
