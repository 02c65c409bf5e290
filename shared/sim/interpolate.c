/* interpolate.c - see interpolate.h. */
#include "sim/interpolate.h"

#include "base/assert.h"

/* The short way round, in steps. */
static int64_t turn_way(const struct sk_field *field, uint32_t older, uint32_t newer)
{
    uint32_t shift = 32u - field->bits;
    return (int32_t)((newer - older) << shift) / ((int64_t)1 << shift);
}

static uint64_t within(const struct sk_field *field, int64_t parts)
{
    int64_t top = (((int64_t)1 << field->bits) - 1) * SK_FRACTION_ONE;
    return parts < 0 ? 0 : (uint64_t)(parts > top ? top : parts);
}

struct sk_moment sk_moment_at(uint64_t parts, uint32_t divisor)
{
    uint64_t span = (uint64_t)divisor * SK_FRACTION_ONE;
    uint64_t rest = parts % span;
    uint32_t before = (uint32_t)(parts / span) * divisor;
    if (rest == 0 || before == 0) {
        return (struct sk_moment){.tick = rest == 0 ? before : divisor};
    }
    return (struct sk_moment){
        .tick = before + divisor, .interval = divisor, .fraction = (uint8_t)(rest / divisor)};
}

uint64_t sk_interpolate(const struct sk_field *field, uint32_t older, uint32_t newer,
                        int32_t fraction)
{
    int64_t from = (int64_t)older * SK_FRACTION_ONE;
    switch ((enum sk_predictor)field->predictor) {
    case SK_HOLD:
        return (uint64_t)(fraction < SK_FRACTION_ONE ? older : newer) * SK_FRACTION_ONE;
    case SK_LINEAR:
        return within(field, from + ((int64_t)newer - (int64_t)older) * fraction);
    case SK_TURN:
        return (uint64_t)(from + turn_way(field, older, newer) * fraction) &
               (((uint64_t)SK_FRACTION_ONE << field->bits) - 1);
    }
    SK_UNREACHABLE("every predictor has its case");
}

double sk_value_of_parts(const struct sk_field *field, uint64_t parts)
{
    double value = field->min + (double)parts / SK_FRACTION_ONE * sk_step_of(field);
    return value > field->max ? field->max : value;
}
