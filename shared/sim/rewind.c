/* rewind.c - see rewind.h.  Invariant: the record of tick t, if any, is number t % tick_count. */
#include "sim/rewind.h"

#include "base/assert.h"
#include "base/mem.h"

static uint32_t count_rows(const struct sk_kind *kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < kind->field_count; i++) {
        count += (kind->fields[i].flags & SK_REWOUND) != 0;
    }
    return count;
}

static size_t record_words(const struct sk_rewind *rewind)
{
    SK_GAME_ASSERT(rewind->tick_count > 0);
    return 1 + (size_t)rewind->capacity * (1 + count_rows(rewind->kind));
}

size_t sk_rewind_bytes(const struct sk_rewind *rewind)
{
    return (rewind->tick_count * record_words(rewind) * sizeof(uint32_t) + 7) & ~(size_t)7;
}

static uint32_t head_of(const struct sk_entity *entity)
{
    return entity->alive | (uint32_t)entity->generation << 8 | (uint32_t)entity->jump << 16;
}

void sk_rewind_record(const struct sk_rewind *rewind, uint32_t *words, const void *entities,
                      uint32_t tick)
{
    const struct sk_kind *kind = rewind->kind;
    SK_GAME_ASSERT(tick > 0); /* 0 is a record that was never made */
    uint32_t *to = words + (tick % rewind->tick_count) * record_words(rewind);
    *to++ = tick;
    for (uint32_t slot = 0; slot < rewind->capacity; slot++) {
        const uint8_t *entity = (const uint8_t *)entities + (size_t)slot * kind->stride_bytes;
        *to++ = head_of((const void *)entity);
        for (uint32_t i = 0; i < kind->field_count; i++) {
            if (kind->fields[i].flags & SK_REWOUND) {
                *to++ = sk_exact(&kind->fields[i], entity);
            }
        }
    }
}

/* The record of a slot at `tick`: its head, then its rows.  NULL when the ring has lost it. */
static const uint32_t *find_record(const struct sk_rewind *rewind, const uint32_t *words,
                                   uint32_t slot, uint32_t tick)
{
    const uint32_t *record = words + (tick % rewind->tick_count) * record_words(rewind);
    if (record[0] != tick) {
        return NULL;
    }
    return record + 1 + (size_t)slot * (1 + count_rows(rewind->kind));
}

/* Whole numbers as wide as a member, sign-extended. */
static int64_t whole_of(uint8_t type, uint32_t bits)
{
    switch ((enum sk_type)type) {
    case SK_I8:
        return (int8_t)bits;
    case SK_I16:
        return (int16_t)bits;
    case SK_I32:
        return (int32_t)bits;
    case SK_U8:
    case SK_U16:
    case SK_U32:
    case SK_F32:
        return bits;
    }
    SK_UNREACHABLE("every type has its case");
}

static uint32_t mix_real(uint32_t older, uint32_t newer, uint8_t fraction)
{
    float from;
    float to;
    uint32_t bits;
    memcpy(&from, &older, sizeof(from));
    memcpy(&to, &newer, sizeof(to));
    from += (to - from) * ((float)fraction / 256.0f);
    memcpy(&bits, &from, sizeof(bits));
    return bits;
}

static uint32_t mix_turn(const struct sk_field *field, uint32_t older, uint32_t newer,
                         uint8_t fraction)
{
    int64_t turn = (int64_t)(field->max - field->min);
    SK_GAME_ASSERT(turn > 0);
    int64_t from = whole_of(field->type, older);
    int64_t way = (whole_of(field->type, newer) - from) % turn;
    if (way > turn / 2) {
        way -= turn;
    } else if (way < -(turn / 2)) {
        way += turn;
    }
    return (uint32_t)(from + way * fraction / 256);
}

static uint32_t mix(const struct sk_field *field, uint32_t older, uint32_t newer, uint8_t fraction)
{
    if (field->predictor == SK_HOLD) {
        return older;
    }
    if (field->type == SK_F32) {
        return mix_real(older, newer, fraction);
    }
    if (field->predictor == SK_TURN) {
        return mix_turn(field, older, newer, fraction);
    }
    int64_t from = whole_of(field->type, older);
    return (uint32_t)(from + (whole_of(field->type, newer) - from) * fraction / 256);
}

bool sk_rewind_restore(const struct sk_rewind *rewind, const uint32_t *words, uint32_t slot,
                       const struct sk_moment *moment, void *entity)
{
    SK_GAME_ASSERT(slot < rewind->capacity);
    const struct sk_kind *kind = rewind->kind;
    const uint32_t *newer = find_record(rewind, words, slot, moment->tick);
    const uint32_t *older = find_record(rewind, words, slot, moment->tick - moment->interval);
    uint32_t now = head_of(entity);
    if (!newer || !older || *newer != now || *older != now || !(now & 1)) {
        return false;
    }
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const struct sk_field *field = &kind->fields[i];
        if (field->flags & SK_REWOUND) {
            newer++;
            older++;
            sk_set_exact(field, mix(field, *older, *newer, moment->fraction), entity);
        }
    }
    return true;
}
