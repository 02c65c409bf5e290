/* client_clock.c - see client_clock.h.
 *
 * Lead.  A margin that comes back was made with the shift of the moment when its input was sent.
 * Margins are kept as they would be without any shift, so a change counts at once for all of them
 * and is not made twice while old ones still arrive.
 *
 *      up at once              nothing      down by a 60th of the excess a tick     in one step
 *   -----------------------|--------------|-------------------------------------|-------------->
 *                       goal - 1/2     goal + 1/2                          goal + 250 ms
 *                                                               5th percentile of margins, ticks
 *
 * Backlog.  What a stalled line or a page that slept finds waiting was true when it was sent: a
 * snapshot that comes STALL_US later than the quickest says nothing of the line and nothing of the
 * margin.  When four in a row come no less late than the one before, or it goes on for
 * BACKLOG_US_MAX, the way has become longer: all is measured anew.
 *
 * Invariants: the newest margin_count (at most SK_CLOCK_MARGINS) are of the time since the last
 * resynchronisation; render_us never passes the newest snapshot, nor goes back but for a jump.
 */
#include "client/client_clock.h"

#include <stddef.h>

#include "base/assert.h"

enum {
    SECOND_US = 1000000,
    STALL_US = 250000,
    FIRST_US = 2000000, /* from Welcome: the lead is not settled, and follows in one step */
    MARGIN_WINDOW_US = 2000000,
    PERCENTILE_PARTS = 20, /* the 5th */
    LEAP_US = 100000,
    QUARTER_PARTS = 4,
    TAIL_SPREADS = 5,
    TAIL_US_MAX = 50000,
    TAIL_UP_SHARE = 100, /* of time */
    TAIL_DOWN_SHARE = 20,
    VIEW_AGE_US_MAX = 450000, /* what games honour as a rule, less a snapshot interval */
    EXCESS_US = 250000,
    DOWN_PARTS = 60,
    DOWN_SHARE = 10,
    FIRST_RTT_US_MAX = 1000000,
    FIRST_SLACK_TICKS = 2,
    BACKLOG_US_MAX = 1000000,
    EQUALLY_LATE_MAX = 4,
    ARRIVAL_WINDOW_US = 10000000,
    DELAY_US_MAX = 400000,
    JUMP_US = 500000,
    FLIGHT_US_MAX = 100000,
    BEND_OVER_US = 250000,
    BEND_SHARE = 10, /* of time, as a rule */
    CATCH_UP_SHARE = 2,
    SIXTEENTHS = 16,
    LATEST = 3,
    LOWEST = SK_CLOCK_MARGINS / QUARTER_PARTS + 1,
};

static int64_t ticks_us(const struct sk_client_clock *clock, int64_t ticks)
{
    return ticks * SECOND_US / clock->tick_hz;
}

static int64_t sixteenths_us(const struct sk_client_clock *clock, int32_t sixteenths)
{
    return (int64_t)sixteenths * SECOND_US / ((int64_t)SIXTEENTHS * clock->tick_hz);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static int64_t at_least(int64_t value, int64_t low)
{
    return value < low ? low : value;
}

/* --- life ---------------------------------------------------------------------------------- */

void sk_client_clock_init(struct sk_client_clock *clock, uint32_t tick_hz,
                          uint32_t snapshot_divisor, uint32_t tick, uint64_t rtt_us,
                          uint64_t now_us)
{
    SK_ASSERT(tick_hz > 0);
    SK_ASSERT(snapshot_divisor > 0);
    *clock = (struct sk_client_clock){.tick_hz = tick_hz,
                                      .interval_us = SECOND_US * snapshot_divisor / tick_hz,
                                      .start_us = now_us,
                                      .reported_us = now_us,
                                      .active_us = now_us};
    int64_t way_us = rtt_us < FIRST_RTT_US_MAX ? (int64_t)rtt_us : FIRST_RTT_US_MAX;
    int64_t ahead_us = ticks_us(clock, (int64_t)tick + FIRST_SLACK_TICKS) + way_us;
    clock->origin_us = (int64_t)now_us - ahead_us;
}

/* Nothing that was measured before counts any more. */
static void forget_margins(struct sk_client_clock *clock)
{
    clock->margin_count = 0;
    clock->is_resynchronising = true;
    clock->is_doubted = false;
}

void sk_client_clock_on_active(struct sk_client_clock *clock, uint64_t now_us)
{
    uint64_t gap_us = now_us > clock->active_us ? now_us - clock->active_us : 0;
    clock->active_us += gap_us;
    if (gap_us >= STALL_US) {
        forget_margins(clock);
    }
}

/* --- lead ---------------------------------------------------------------------------------- */

uint32_t sk_client_clock_input_tick(const struct sk_client_clock *clock, uint64_t now_us)
{
    int64_t passed_us = (int64_t)now_us - clock->origin_us + clock->shift_us;
    return passed_us < 0 ? 0 : (uint32_t)(passed_us * clock->tick_hz / SECOND_US);
}

uint8_t sk_client_clock_input_fraction(const struct sk_client_clock *clock, uint64_t now_us)
{
    int64_t passed_us = (int64_t)now_us - clock->origin_us + clock->shift_us;
    return passed_us < 0 ? 0 : (uint8_t)(passed_us * clock->tick_hz % SECOND_US * 256 / SECOND_US);
}

uint64_t sk_client_clock_input_due_us(const struct sk_client_clock *clock, uint32_t tick)
{
    int64_t tick_us = ((int64_t)tick * SECOND_US + clock->tick_hz - 1) / clock->tick_hz;
    return (uint64_t)at_least(clock->origin_us - clock->shift_us + tick_us, 0);
}

void sk_client_clock_on_sent(struct sk_client_clock *clock, uint32_t tick, uint64_t now_us)
{
    uint32_t first_name = tick + clock->lost_ticks;
    int64_t shift_us = clock->shift_us + ticks_us(clock, clock->lost_ticks);
    clock->sent[first_name % SK_CLOCK_SENT] = (struct sk_clock_sent){now_us, shift_us, first_name};
}

/* What is remembered of an input, by its tick as it is now; NULL: nothing any more. */
static const struct sk_clock_sent *find_sent(const struct sk_client_clock *clock, uint32_t tick)
{
    uint32_t first_name = tick + clock->lost_ticks;
    const struct sk_clock_sent *sent = &clock->sent[first_name % SK_CLOCK_SENT];
    return sent->tick == first_name ? sent : NULL;
}

/* A reported margin as it would be with shift_us 0. */
static int64_t early_of(const struct sk_client_clock *clock, const struct sk_clock_sent *sent,
                        int16_t sixteenths)
{
    int64_t shift_us = sent->shift_us - ticks_us(clock, clock->lost_ticks);
    return sixteenths_us(clock, sixteenths) - shift_us;
}

static void add_margin(struct sk_client_clock *clock, int64_t early_us, uint64_t now_us)
{
    clock->margins[clock->margin_count++ % SK_CLOCK_MARGINS] =
        (struct sk_clock_margin){now_us, early_us};
}

static uint32_t held_margins(const struct sk_client_clock *clock)
{
    return clock->margin_count < SK_CLOCK_MARGINS ? clock->margin_count : SK_CLOCK_MARGINS;
}

/* What the margins of the window say. */
struct margins {
    int64_t low_us;    /* the 5th percentile, with the shift as it is now */
    int64_t spread_us; /* from it to the 25th */
};

/* Puts a value into the lowest so far, which are in order. */
static void insert(int64_t *lowest, int64_t value)
{
    for (uint32_t i = 0; i < LOWEST && value < INT64_MAX; i++) {
        int64_t larger = value < lowest[i] ? lowest[i] : value;
        lowest[i] = value < lowest[i] ? value : lowest[i];
        value = larger;
    }
}

static struct margins look_at_margins(const struct sk_client_clock *clock, uint64_t now_us)
{
    int64_t lowest[LOWEST];
    uint32_t count = 0;
    for (uint32_t i = 0; i < LOWEST; i++) {
        lowest[i] = INT64_MAX;
    }
    for (uint32_t i = 0; i < held_margins(clock); i++) {
        bool is_old = now_us - clock->margins[i].at_us > MARGIN_WINDOW_US;
        insert(lowest, is_old ? INT64_MAX : clock->margins[i].early_us);
        count += !is_old;
    }
    SK_ASSERT(count > 0); /* the one just added */
    int64_t low_us = lowest[count / PERCENTILE_PARTS];
    return (struct margins){low_us + clock->shift_us, lowest[count / QUARTER_PARTS] - low_us};
}

/* How old what is drawn now is for the input that is due now, if the lead were without a tail. */
static int64_t view_age_us(const struct sk_client_clock *clock, int64_t low_us)
{
    int64_t beyond_us = low_us - ticks_us(clock, 1);
    return clock->shift_us - clock->origin_us + clock->quickest_us + clock->delay_us - beyond_us;
}

/* Where margins jitter, the tail of those below the percentile is to be in time as well: the lead
 * costs nothing but that what is drawn is older for the host.  Follows slowly, for what looks like
 * jitter may be a way that has become another. */
static void follow_tail(struct sk_client_clock *clock, const struct margins *margins,
                        uint64_t passed_us)
{
    int64_t passed = passed_us < STALL_US ? (int64_t)passed_us : STALL_US;
    int64_t most_us = VIEW_AGE_US_MAX - view_age_us(clock, margins->low_us);
    int64_t wanted_us = TAIL_SPREADS * margins->spread_us - ticks_us(clock, 1);
    wanted_us = clamp(wanted_us, 0, clamp(most_us, 0, TAIL_US_MAX));
    clock->tail_us +=
        clamp(wanted_us - clock->tail_us, -passed / TAIL_DOWN_SHARE, passed / TAIL_UP_SHARE);
}

/* Whether a leap up is believed: the second report in a row wants it, and no less than the first,
 * as it would while a stalled line is still giving out what it held back. */
static bool is_believed(struct sk_client_clock *clock, int64_t want_us, int64_t newest_us)
{
    bool wants_leap = want_us > LEAP_US && newest_us < -LEAP_US;
    bool was_doubted = clock->is_doubted;
    clock->is_doubted = want_us > LEAP_US;
    return want_us <= LEAP_US || (wants_leap && was_doubted);
}

/* What is raised while more is in doubt: what the newest input lacks itself, unless that is a leap.
 * (Else those of a stall that has passed keep it from being raised for as long as they count.) */
static int64_t believed_part(const struct sk_client_clock *clock, int64_t newest_us)
{
    int64_t lacking_us = ticks_us(clock, 1) - newest_us;
    return lacking_us > LEAP_US ? 0 : at_least(lacking_us, 0);
}

static void follow_down(struct sk_client_clock *clock, int64_t excess_us, uint64_t passed_us)
{
    int64_t passed = passed_us < STALL_US ? (int64_t)passed_us : STALL_US;
    int64_t step_us = excess_us * passed * clock->tick_hz / ((int64_t)DOWN_PARTS * SECOND_US);
    clock->shift_us -= clamp(step_us, 0, passed / DOWN_SHARE);
}

/* Keeps the percentile near the goal. */
static void follow(struct sk_client_clock *clock, int64_t newest_us, uint64_t now_us,
                   uint64_t passed_us)
{
    int64_t tick_us = ticks_us(clock, 1);
    struct margins margins = look_at_margins(clock, now_us);
    follow_tail(clock, &margins, passed_us);
    int64_t over_us = margins.low_us - tick_us - clock->tail_us; /* beyond the goal */
    bool is_first = !clock->is_settled;
    if (over_us < -tick_us / 2) {
        bool is_all = is_believed(clock, -over_us, newest_us);
        clock->shift_us += is_all ? -over_us : believed_part(clock, newest_us);
        return;
    }
    clock->is_doubted = false;
    if (over_us > EXCESS_US || (is_first && over_us > tick_us / 2)) {
        clock->shift_us -= over_us;
    } else if (over_us > tick_us / 2) {
        follow_down(clock, over_us, passed_us);
    }
}

/* The lead belongs where the newest input is just in time. */
static void resynchronise(struct sk_client_clock *clock, int64_t newest_us, uint64_t now_us)
{
    int64_t over_us = newest_us - 2 * ticks_us(clock, 1);
    if (!is_believed(clock, -over_us, newest_us)) {
        return;
    }
    clock->shift_us -= over_us;
    clock->is_resynchronising = false;
    clock->is_doubted = false;
    clock->resync_count++;
    add_margin(clock, newest_us - over_us - clock->shift_us, now_us);
}

static void take_margins(struct sk_client_clock *clock, const struct sk_clock_report *report,
                         uint64_t now_us)
{
    uint64_t passed_us = now_us - clock->reported_us;
    clock->reported_us = now_us;
    const struct sk_clock_sent *sent = find_sent(clock, report->input_tick);
    if (sent == NULL) {
        return; /* of before a pause or of another connection */
    }
    int64_t newest_us = early_of(clock, sent, report->newest_sixteenths) + clock->shift_us;
    if (passed_us > STALL_US) {
        forget_margins(clock);
    }
    if (clock->is_resynchronising) {
        resynchronise(clock, newest_us, now_us);
        return;
    }
    add_margin(clock, early_of(clock, sent, report->margin_sixteenths), now_us);
    follow(clock, newest_us, now_us, passed_us);
}

/* --- the line ------------------------------------------------------------------------------ */

static void measure_rtt(struct sk_client_clock *clock, const struct sk_clock_report *report,
                        uint64_t now_us)
{
    const struct sk_clock_sent *sent = find_sent(clock, report->input_tick);
    if (sent == NULL) {
        return;
    }
    int64_t ticks = (int32_t)(report->snapshot_tick - report->input_tick);
    int64_t held_us = ticks_us(clock, ticks) + sixteenths_us(clock, report->newest_sixteenths);
    int64_t gone_us = (int64_t)(now_us - sent->at_us);
    int64_t sample_us = clamp(gone_us - held_us, 1, UINT32_MAX / 2);
    int64_t rtt_us = clock->rtt_us == 0 ? sample_us : clock->rtt_us;
    clock->rtt_us = (uint32_t)at_least(rtt_us + (sample_us - rtt_us) / 8, 1);
}

static uint32_t held_arrivals(const struct sk_client_clock *clock)
{
    return clock->arrival_count < SK_CLOCK_ARRIVALS ? clock->arrival_count : SK_CLOCK_ARRIVALS;
}

/* The quickest of the window, and how much later than it nearly all others come: the third latest
 * (of 200, at 20 a second; the two before are accidents). */
static void measure_arrivals(struct sk_client_clock *clock, uint64_t now_us)
{
    int64_t quickest_us = INT64_MAX;
    int64_t latest_us[LATEST] = {INT64_MIN, INT64_MIN, INT64_MIN};
    for (uint32_t i = 0; i < held_arrivals(clock); i++) {
        const struct sk_clock_arrival *arrival = &clock->arrivals[i];
        if (now_us - arrival->at_us > ARRIVAL_WINDOW_US) {
            continue;
        }
        int64_t value = arrival->transit_us;
        quickest_us = value < quickest_us ? value : quickest_us;
        for (uint32_t k = 0; k < LATEST; k++) {
            int64_t smaller = value < latest_us[k] ? value : latest_us[k];
            latest_us[k] = at_least(latest_us[k], value);
            value = smaller;
        }
    }
    SK_ASSERT(quickest_us != INT64_MAX); /* the one just added */
    int64_t spread_us = at_least(latest_us[LATEST - 1], quickest_us) - quickest_us;
    int64_t wanted_us = (int64_t)clock->interval_us * 3 / 2 + spread_us;
    clock->quickest_us = quickest_us;
    clock->delay_us = wanted_us < DELAY_US_MAX ? wanted_us : DELAY_US_MAX;
}

/* Whether it comes as late as the one before, and that for the fourth time: what a line held back
 * comes all at once, each less late than the one before. */
static bool is_way_longer(struct sk_client_clock *clock, int64_t transit_us)
{
    bool is_draining = transit_us < clock->late_transit_us - (int64_t)clock->interval_us / 2;
    clock->equally_late_count = is_draining ? 0 : clock->equally_late_count + 1;
    clock->late_transit_us = transit_us;
    return clock->equally_late_count >= EQUALLY_LATE_MAX;
}

/* Whether a snapshot is one that a stalled line held back: all are until one comes on time. */
static bool is_backlog(struct sk_client_clock *clock, int64_t transit_us, uint64_t now_us)
{
    int64_t late_us = clock->arrival_count == 0 ? 0 : transit_us - clock->quickest_us;
    if (late_us < (clock->late_since_us == 0 ? STALL_US : (int64_t)clock->interval_us)) {
        clock->late_since_us = 0;
        return false;
    }
    if (clock->late_since_us == 0) {
        clock->late_since_us = now_us;
        clock->late_transit_us = INT64_MAX;
    }
    if (!is_way_longer(clock, transit_us) && now_us - clock->late_since_us < BACKLOG_US_MAX) {
        return true;
    }
    clock->arrival_count = 0;
    clock->late_since_us = 0;
    return false;
}

static void measure_jitter(struct sk_client_clock *clock, int64_t transit_us)
{
    int64_t change_us = transit_us - clock->transit_us;
    int64_t size_us = change_us < 0 ? -change_us : change_us;
    if (clock->arrival_count > 0) {
        int64_t jitter_us = clock->jitter_us + (size_us - (int64_t)clock->jitter_us) / 16;
        clock->jitter_us = (uint32_t)at_least(jitter_us, 0);
    }
    clock->transit_us = transit_us;
}

/* How snapshots came while the program was still starting says nothing of the line. */
static void end_beginning(struct sk_client_clock *clock, uint64_t now_us)
{
    if (!clock->is_settled && now_us - clock->start_us >= FIRST_US) {
        clock->is_settled = true;
        clock->arrival_count = 0;
    }
}

/* Returns whether the snapshot is a current one. */
static bool take_arrival(struct sk_client_clock *clock, uint32_t tick, uint64_t now_us)
{
    int64_t transit_us = (int64_t)now_us - ticks_us(clock, tick);
    if (is_backlog(clock, transit_us, now_us)) {
        return false;
    }
    measure_jitter(clock, transit_us);
    end_beginning(clock, now_us);
    clock->arrivals[clock->arrival_count++ % SK_CLOCK_ARRIVALS] =
        (struct sk_clock_arrival){now_us, transit_us};
    measure_arrivals(clock, now_us);
    return true;
}

/* --- snapshots ----------------------------------------------------------------------------- */

/* The server's time has lost ticks: what was to happen at a tick happens later by as much. */
static void drop_ticks(struct sk_client_clock *clock, uint32_t ticks)
{
    int64_t lost_us = ticks_us(clock, ticks);
    clock->lost_ticks += ticks;
    clock->reported_tick -= clock->reported_tick > 0 ? ticks : 0;
    clock->shift_us -= lost_us;
    clock->quickest_us += lost_us;
    clock->transit_us += lost_us;
    for (uint32_t i = 0; i < held_arrivals(clock); i++) {
        clock->arrivals[i].transit_us += lost_us;
    }
    for (uint32_t i = 0; i < held_margins(clock); i++) {
        clock->margins[i].early_us += lost_us;
    }
}

static uint32_t take_dropped(struct sk_client_clock *clock, const struct sk_clock_report *report)
{
    uint32_t ticks = (uint16_t)(report->dropped_ticks - clock->dropped_ticks);
    clock->dropped_ticks = report->dropped_ticks;
    if (ticks > 0) {
        drop_ticks(clock, ticks);
    }
    return ticks;
}

uint32_t sk_client_clock_on_snapshot(struct sk_client_clock *clock, uint32_t tick,
                                     const struct sk_clock_report *report, uint64_t now_us)
{
    uint32_t dropped_ticks = take_dropped(clock, report);
    if ((int32_t)(tick - clock->newest_tick) > 0) {
        clock->newest_tick = tick;
    }
    bool is_current = take_arrival(clock, tick, now_us);
    if (report->input_tick == 0 || report->input_tick == clock->reported_tick || !is_current) {
        return dropped_ticks; /* nothing new came, or it was long ago */
    }
    clock->reported_tick = report->input_tick;
    measure_rtt(clock, report, now_us);
    take_margins(clock, report, now_us);
    return dropped_ticks;
}

/* --- render time --------------------------------------------------------------------------- */

/* How far render time goes on in so much of ours: it bends towards its goal. */
static int64_t bend(int64_t error_us, int64_t elapsed_us)
{
    bool is_far = error_us > BEND_OVER_US / BEND_SHARE || error_us < -BEND_OVER_US / BEND_SHARE;
    int64_t most_us = elapsed_us / (is_far ? CATCH_UP_SHARE : BEND_SHARE);
    int64_t bend_us = error_us * elapsed_us / BEND_OVER_US;
    return elapsed_us +
           clamp(bend_us * (is_far ? BEND_SHARE / CATCH_UP_SHARE : 1), -most_us, most_us);
}

/* Where a time of drawing is now. */
static int64_t moved(const struct sk_client_clock *clock, int64_t time_us, int64_t goal_us,
                     uint64_t now_us)
{
    int64_t elapsed_us = (int64_t)(now_us - clock->framed_us);
    int64_t error_us = goal_us - elapsed_us - time_us;
    bool is_pause = elapsed_us >= BEND_OVER_US; /* nobody looked: there is nothing to smooth */
    bool is_jump = !clock->has_render || is_pause || error_us > JUMP_US || error_us < -JUMP_US;
    return is_jump ? goal_us : time_us + bend(error_us, elapsed_us);
}

static void move_render(struct sk_client_clock *clock, int64_t goal_us, uint64_t now_us)
{
    clock->render_us = moved(clock, clock->render_us, goal_us, now_us);
    clock->flight_us = moved(clock, clock->flight_us, goal_us, now_us);
    clock->framed_us = now_us;
    clock->has_render = true;
}

/* Nothing is drawn beyond the newest snapshot, and nothing extrapolated further: there drawing
 * waits. */
static void hold_render(struct sk_client_clock *clock)
{
    int64_t newest_us = ticks_us(clock, clock->newest_tick);
    bool is_beyond = clock->render_us > newest_us;
    clock->underrun_count += is_beyond && !clock->is_underrun;
    clock->is_underrun = is_beyond;
    clock->render_us = is_beyond ? newest_us : clock->render_us;
    clock->flight_us = clamp(clock->flight_us, clock->render_us, newest_us + FLIGHT_US_MAX);
}

bool sk_client_clock_render(struct sk_client_clock *clock, uint64_t now_us, uint32_t *tick,
                            uint8_t *fraction)
{
    if (clock->arrival_count == 0) {
        return false;
    }
    now_us = now_us > clock->framed_us ? now_us : clock->framed_us; /* a host that is late */
    move_render(clock, (int64_t)now_us - clock->quickest_us - clock->delay_us, now_us);
    hold_render(clock);
    int64_t parts = at_least(clock->render_us, 0) * clock->tick_hz;
    *tick = (uint32_t)(parts / SECOND_US);
    *fraction = (uint8_t)(parts % SECOND_US * 256 / SECOND_US);
    return true;
}

uint32_t sk_client_clock_ahead(const struct sk_client_clock *clock)
{
    SK_ASSERT(clock->flight_us >= clock->render_us);
    return (uint32_t)((clock->flight_us - clock->render_us) * clock->tick_hz * 256 / SECOND_US);
}

int64_t sk_client_clock_lead_us(const struct sk_client_clock *clock, uint64_t now_us)
{
    int64_t input_us = (int64_t)now_us - clock->origin_us + clock->shift_us;
    int64_t server_us = (int64_t)now_us - clock->quickest_us + clock->rtt_us / 2;
    return clock->arrival_count == 0 ? 0 : input_us - server_us;
}
