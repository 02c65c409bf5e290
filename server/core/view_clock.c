/* view_clock.c - see view_clock.h.
 *
 * Invariant: the moment never is above the newest ack that it was told of, and goes on at most 1.5
 * times as fast as the ticks.
 */
#include "view_clock.h"

#include "base/assert.h"
#include "sim/interpolate.h"

enum { ONE = 256, SLOW_SHARE = 10 };

struct range {
    int64_t low;
    int64_t high;
};

static int64_t clamp(int64_t value, struct range range)
{
    return value < range.low ? range.low : value > range.high ? range.high : value;
}

static int64_t moment_of(const struct sk_input *input)
{
    int64_t back = (int64_t)input->view_interval * (ONE - input->view_fraction);
    return (int64_t)input->view_tick * ONE - back;
}

/* Where the clock may be by now.  It never is older than the game honours: such moments are all
 * one. */
static struct range range_of(const struct view_clock *clock, const struct view_claim *claim,
                             uint32_t age_ticks)
{
    int64_t passed = (int64_t)(claim->tick - clock->tick) * ONE;
    int64_t oldest = ((int64_t)clock->tick - age_ticks) * ONE;
    int64_t from = clock->moment > oldest ? clock->moment : oldest;
    int64_t newest = (int64_t)claim->ack * ONE;
    int64_t low = from + passed - passed / SLOW_SHARE;
    return (struct range){low < newest ? low : newest, from + passed + passed / 2};
}

/* Between the two snapshots around the moment, of those that the room makes before `tick`. */
static void set_view(struct sk_input *input, int64_t moment, uint32_t divisor, uint32_t tick)
{
    uint32_t newest = (tick - 1) / divisor * divisor;
    struct sk_moment seen = sk_moment_at((uint64_t)moment, divisor);
    if (seen.tick > newest) {
        seen = (struct sk_moment){.tick = newest};
    }
    input->view_tick = seen.tick;
    input->view_interval = (uint8_t)seen.interval;
    input->view_fraction = seen.fraction;
}

/* Moves the clock on towards the moment, as far as it goes.  Returns the moment that counts. */
static int64_t follow(struct view_clock *clock, const struct sk_plan *plan,
                      const struct view_claim *claim, int64_t wanted)
{
    int64_t slack = (int64_t)plan->snapshot_divisor * ONE;
    struct range range = {wanted, wanted};
    if (clock->tick != 0) {
        range = range_of(clock, claim, plan->view_age_ticks);
    }
    clock->tick = claim->tick;
    clock->moment = clamp(wanted, range);
    return clamp(wanted, (struct range){range.low - slack, range.high + slack});
}

/* What an input without a view is taken to have seen: time goes on. */
static int64_t go_on(const struct view_clock *clock, const struct view_claim *claim)
{
    int64_t newest = (int64_t)claim->ack * ONE;
    int64_t moment = clock->moment + (int64_t)(claim->tick - clock->tick) * ONE;
    return moment < newest ? moment : newest;
}

/* Which limit made `moment` of what was wanted. */
static enum sk_view_limit limit_of(int64_t wanted, int64_t moment, int64_t oldest)
{
    if (moment < oldest) {
        return SK_VIEW_OLD;
    }
    return moment < wanted ? SK_VIEW_AHEAD : moment > wanted ? SK_VIEW_BEHIND : SK_VIEW_FREE;
}

void view_clock_apply(struct view_clock *clock, const struct sk_plan *plan,
                      const struct view_claim *claim, struct sk_input *input)
{
    SK_ASSERT(claim->tick > clock->tick);
    SK_ASSERT(input->view_limit == SK_VIEW_FREE);
    uint32_t divisor = plan->snapshot_divisor;
    bool has_view = input->view_tick != 0;
    if (!has_view && clock->tick == 0) {
        return; /* it sees nothing: the present counts */
    }
    int64_t wanted = has_view ? moment_of(input) : go_on(clock, claim);
    int64_t oldest = ((int64_t)claim->tick - plan->view_age_ticks) * ONE;
    int64_t moment = follow(clock, plan, claim, wanted);
    uint32_t back = claim->tick - input->view_tick + input->view_interval;
    input->view_limit = (uint8_t)limit_of(wanted, moment, oldest);
    if (input->view_limit == SK_VIEW_FREE && has_view && back > plan->view_age_ticks + divisor) {
        input->view_limit = SK_VIEW_WIDE;
    }
    if (input->view_limit != SK_VIEW_FREE || !has_view) {
        set_view(input, moment > oldest ? moment : oldest, divisor, claim->tick);
    }
}
