/* rewind.c - see rewind.h.  Invariant: the record of tick t, if any, is number t % tick_count. */
#include "sim/rewind.h"

#include "base/assert.h"

enum { PAST_MS = 250, SECOND_MS = 1000 };

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
                *to++ = sk_quantise(&kind->fields[i], entity);
            }
        }
    }
}

/* Where the record of a slot at `tick` begins, behind words[0]: its head, then its `rows`.  0 when
 * the ring has lost it. */
static size_t find_record(const struct sk_rewind *rewind, const uint32_t *words, uint32_t rows,
                          uint32_t slot, uint32_t tick)
{
    size_t record = (tick % rewind->tick_count) * (1 + (size_t)rewind->capacity * (1 + rows));
    return words[record] == tick ? record + 1 + (size_t)slot * (1 + rows) : 0;
}

struct sk_moment sk_rewind_moment(const struct sk_input *input)
{
    return (struct sk_moment){.tick = input->view_tick,
                              .interval = input->view_interval,
                              .fraction = input->view_fraction};
}

bool sk_rewind_restore(const struct sk_rewind *rewind, const uint32_t *words, uint32_t slot,
                       const struct sk_moment *moment, void *entity)
{
    SK_GAME_ASSERT(slot < rewind->capacity);
    const struct sk_kind *kind = rewind->kind;
    uint32_t rows = count_rows(kind); /* a loop over all fields: once a call, and no more */
    size_t newer = find_record(rewind, words, rows, slot, moment->tick);
    size_t older = find_record(rewind, words, rows, slot, moment->tick - moment->interval);
    uint32_t now = head_of(entity);
    if (newer == 0 || older == 0 || words[newer] != now || words[older] != now || !(now & 1)) {
        return false;
    }
    for (uint32_t i = 0; rows > 0; i++) {
        const struct sk_field *field = &kind->fields[i];
        if (field->flags & SK_REWOUND) {
            uint64_t parts =
                sk_interpolate(field, words[++older], words[++newer], moment->fraction);
            sk_set_member(field, sk_value_of_parts(field, parts), entity);
            rows--;
        }
    }
    return true;
}

/* --- what flies ---------------------------------------------------------------------------- */

uint32_t sk_rewind_past_ticks(uint32_t tick_hz)
{
    uint32_t ticks = tick_hz * PAST_MS / SECOND_MS;
    return ticks > 0 ? ticks : 1;
}

uint32_t sk_rewind_age(const struct sk_input *input, uint32_t tick)
{
    uint32_t back = (uint32_t)input->view_interval * (SK_FRACTION_ONE - input->view_fraction);
    return input->view_tick == 0 ? 0 : (tick - input->view_tick) * SK_FRACTION_ONE + back;
}

struct sk_moment sk_rewind_moment_of_age(uint32_t age, uint32_t tick, uint32_t divisor)
{
    uint64_t parts = (uint64_t)tick * SK_FRACTION_ONE - age;
    struct sk_moment moment = sk_moment_at(parts, divisor);
    uint32_t older = moment.tick - moment.interval;
    if ((int32_t)(moment.tick - tick) <= 0) {
        return moment;
    }
    SK_GAME_ASSERT(tick > older);
    uint64_t passed = parts - (uint64_t)older * SK_FRACTION_ONE;
    return (struct sk_moment){
        .tick = tick, .interval = tick - older, .fraction = (uint8_t)(passed / (tick - older))};
}

uint32_t sk_rewind_age_left(uint32_t age, uint32_t flown_ticks, uint32_t past_ticks)
{
    SK_GAME_ASSERT(past_ticks > 0);
    uint32_t left = flown_ticks < past_ticks ? past_ticks - flown_ticks : 0;
    return (uint32_t)((uint64_t)age * left / past_ticks);
}

/* flown - age_left(flown) = passed - age, for flown in between two ticks as well. */
uint32_t sk_rewind_flown(uint32_t age, uint32_t passed, uint32_t past_ticks)
{
    uint64_t past = (uint64_t)past_ticks * SK_FRACTION_ONE;
    SK_ASSERT(past > 0);
    return (uint32_t)(passed >= past + age ? passed - age : passed * past / (past + age));
}
