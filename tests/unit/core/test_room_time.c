/* test_room_time.c - a real room and a real client core over a line and a server that misbehave.
 *
 * The scenarios of test_client_clock.c, whose server is a model, with the server as it is: steps of
 * a millisecond; what a line is given comes out in order, later by its delay and jitter, and all at
 * once after a stall; the room's worker wakes each millisecond, unless it stands, takes what came
 * and then makes the ticks that are due.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "client/client_core.h"
#include "support/toy_room.h"

enum {
    MS = 1000,
    SECOND = 1000 * MS,
    LINE_MESSAGES = 2048,
    MESSAGE_BYTES_MAX = 1024,
    PEER = 0,
    FRAME_MS = 16
};

struct span {
    uint64_t from_us;
    uint64_t to_us;
};

/* Up it is decoded, down it is bytes. */
struct message {
    uint64_t out_us;
    struct sk_client_message up;
    size_t bytes_count;
    _Alignas(8) uint8_t bytes[MESSAGE_BYTES_MAX];
};

/* One direction. */
struct line {
    uint64_t delay_us;
    uint64_t jitter_us; /* mean of an exponential one */
    struct span stall;  /* nothing leaves it */
    uint64_t last_us;
    struct message messages[LINE_MESSAGES];
    uint32_t first;
    uint32_t count;
    uint64_t seed;
};

struct match_over_a_line {
    struct toy_room toy;
    struct sk_client_core core;
    struct line up;
    struct line down;
    struct span server_stop;
    struct span sleep;      /* of the client: no frame, no timer; what comes waits */
    uint32_t lose_every_ms; /* the server stands for lose_ms of so many; 0: never */
    uint32_t lose_ms;
    uint32_t frame_ms; /* of the client: it samples and sends */
    uint64_t now_us;
    bool is_welcome;
    enum sk_reason closed_for;
    /* since clear() */
    struct room_counts before;
    int32_t lag_sixteenths_max; /* the largest margin of a newest input */
};

static struct match_over_a_line match;

/* --- the line ------------------------------------------------------------------------------- */

static double uniform(uint64_t *seed)
{
    *seed = sk_mix(*seed + 1);
    return ((double)(*seed >> 11) + 1) / 9007199254740993.0;
}

/* The place of a message that is given to the line now. */
static struct message *put(struct line *line)
{
    uint64_t now_us = match.now_us;
    double late = line->jitter_us > 0 ? -log(uniform(&line->seed)) * (double)line->jitter_us : 0;
    uint64_t out_us = now_us + line->delay_us + (uint64_t)late;
    if (out_us >= line->stall.from_us && now_us < line->stall.to_us && out_us < line->stall.to_us) {
        out_us = line->stall.to_us;
    }
    line->last_us = out_us > line->last_us ? out_us : line->last_us;
    assert_true(line->count < LINE_MESSAGES);
    struct message *message = &line->messages[(line->first + line->count++) % LINE_MESSAGES];
    message->out_us = line->last_us;
    return message;
}

static const struct message *get(struct line *line)
{
    const struct message *message = &line->messages[line->first];
    if (line->count == 0 || message->out_us > match.now_us) {
        return NULL;
    }
    line->first = (line->first + 1) % LINE_MESSAGES;
    line->count--;
    return message;
}

static bool is_in(const struct span *span)
{
    return match.now_us >= span->from_us && match.now_us < span->to_us;
}

/* --- server --------------------------------------------------------------------------------- */

static void on_send(void *connection, const struct transport_message *sent)
{
    struct message *message = put(&match.down);
    (void)connection;
    message->bytes_count = sent->head_bytes + sent->body_bytes;
    assert_true(message->bytes_count <= MESSAGE_BYTES_MAX);
    memcpy(message->bytes, sent->head, sent->head_bytes);
    if (sent->body_bytes > 0) {
        memcpy(message->bytes + sent->head_bytes, sent->body, sent->body_bytes);
    }
}

static void on_close(void *connection, enum sk_reason reason)
{
    (void)connection;
    match.closed_for = reason;
}

static bool server_stands(void)
{
    uint64_t phase_ms = match.now_us / MS % (match.lose_every_ms ? match.lose_every_ms : 1);
    return is_in(&match.server_stop) || (match.lose_every_ms > 0 && phase_ms < match.lose_ms);
}

static void run_server(void)
{
    const struct message *message;
    if (server_stands()) {
        return;
    }
    match.toy.now_us = match.now_us;
    while (match.closed_for == SK_REASON_NONE && (message = get(&match.up)) != NULL) {
        enum sk_reason reason = toy_room_send(&match.toy, PEER, &message->up);
        assert_string_equal(sk_reason_word(reason), sk_reason_word(SK_REASON_NONE));
    }
    if (room_due_us(match.toy.room) <= match.now_us) {
        room_step(match.toy.room, match.now_us);
    }
}

/* --- client --------------------------------------------------------------------------------- */

static void take_snapshot(const struct message *message)
{
    int result =
        sk_client_core_take(&match.core, message->bytes, message->bytes_count, false, match.now_us);
    assert_int_equal(result, SK_OK);
    int32_t margin = match.core.view->own.newest_sixteenths;
    match.lag_sixteenths_max =
        margin > match.lag_sixteenths_max ? margin : match.lag_sixteenths_max;
}

static void take_welcome(const struct message *message)
{
    struct sk_server_message decoded;
    int result = sk_server_message_decode(message->bytes, message->bytes_count, &decoded);
    assert_int_equal(result, SK_OK);
    if (decoded.type == SK_SERVER_WELCOME) {
        struct sk_core_config config = {.view = &match.toy.peers[PEER].view,
                                        .is_player = true,
                                        .tick = decoded.welcome.tick,
                                        .rtt_us = match.up.delay_us + match.down.delay_us};
        sk_client_core_init(&match.core, &config, match.now_us);
        match.is_welcome = true;
    }
}

static void hear(void)
{
    const struct message *message;
    while ((message = get(&match.down)) != NULL) {
        if (sk_is_snapshot(message->bytes, message->bytes_count)) {
            take_snapshot(message);
        } else {
            take_welcome(message);
        }
    }
}

static void send(enum sk_core_send what)
{
    struct sk_client_message *message = &put(&match.up)->up;
    *message =
        (struct sk_client_message){.type = SK_CLIENT_ACK, .ack = match.core.view->newest_tick};
    if (what == SK_CORE_INPUTS) {
        message->type = SK_CLIENT_INPUTS;
        message->inputs.tick = match.core.sampled_tick;
        message->inputs.count = match.core.pending_count;
        memcpy(message->inputs.inputs, match.core.pending,
               match.core.pending_count * sizeof(match.core.pending[0]));
    }
    assert_int_not_equal(what, SK_CORE_KEYFRAME_REQUEST);
    sk_client_core_on_sent(&match.core, what, match.now_us);
}

static void run_frame(void)
{
    static const struct sk_input controller = {.buttons = TOY_PRESS};
    uint32_t tick;
    uint8_t fraction;
    (void)sk_client_core_render(&match.core, match.now_us, &tick, &fraction);
    (void)sk_client_core_sample(&match.core, &controller, match.now_us);
}

static void run_client(void)
{
    if (is_in(&match.sleep)) {
        return;
    }
    hear();
    if (!match.is_welcome) {
        return;
    }
    if (match.now_us / MS % match.frame_ms == 0) {
        run_frame();
    }
    enum sk_core_send what;
    while ((what = sk_client_core_next(&match.core, match.now_us)) != SK_CORE_NOTHING) {
        send(what);
    }
}

/* --- both ----------------------------------------------------------------------------------- */

static void run_ms(uint64_t ms)
{
    for (uint64_t i = 0; i < ms; i++) {
        match.now_us += MS;
        run_server();
        run_client();
    }
    assert_string_equal(sk_reason_word(match.closed_for), sk_reason_word(SK_REASON_NONE));
}

static void clear(void)
{
    match.before = room_counts(match.toy.room);
    match.lag_sixteenths_max = INT16_MIN;
}

/* Of the ticks since clear(), the share that had its input. */
static double share(void)
{
    struct room_counts counts = room_counts(match.toy.room);
    double ticks = (double)(counts.ticks - match.before.ticks);
    return 1 - (double)(counts.inputs_repeated - match.before.inputs_repeated) / ticks;
}

/* Connected for five seconds over a line of that round trip. */
static void begin_at(uint16_t tick_hz, uint64_t rtt_ms, uint64_t jitter_ms)
{
    memset(&match, 0, sizeof(match));
    match.up = (struct line){.delay_us = rtt_ms * MS / 2, .jitter_us = jitter_ms * MS, .seed = 1};
    match.down = (struct line){.delay_us = rtt_ms * MS / 2, .jitter_us = jitter_ms * MS, .seed = 2};
    match.frame_ms = FRAME_MS;
    match.now_us = SECOND;
    toy_room_open(&match.toy, &(struct toy_room_config){.tick_hz = tick_hz});
    match.toy.transport.send = on_send;
    match.toy.transport.close = on_close;
    match.toy.now_us = match.now_us;
    assert_int_equal(toy_room_join(&match.toy, PEER, 0), SK_REASON_NONE);
    run_ms(5000);
    clear();
}

static void begin(uint64_t rtt_ms, uint64_t jitter_ms)
{
    begin_at(60, rtt_ms, jitter_ms);
}

static void end(void)
{
    toy_room_close(&match.toy);
}

/* For two seconds, all inputs are fresh and none comes more than so many ticks too early. */
static void assert_settled(double ticks)
{
    clear();
    run_ms(2000);
    assert_true(share() >= 0.995);
    assert_true(match.lag_sixteenths_max <= (1 + ticks) * 16);
}

static void test_room_time_quiet_line_settles_within_two_ticks(void **state)
{
    static const uint64_t rtts_ms[] = {0, 50, 150, 250, 900};
    (void)state;
    for (size_t i = 0; i < sizeof(rtts_ms) / sizeof(rtts_ms[0]); i++) {
        begin(rtts_ms[i], 0);
        assert_settled(2);
        end();
    }
}

static void test_room_time_240_hz_over_250_ms(void **state)
{
    (void)state;
    begin_at(240, 250, 0);
    match.frame_ms = 4;
    run_ms(3000);
    assert_settled(6);
    end();
}

static void test_room_time_inputs_of_a_slow_host_are_used(void **state)
{
    static const uint32_t frames_ms[] = {33, 50};
    (void)state;
    for (size_t i = 0; i < sizeof(frames_ms) / sizeof(frames_ms[0]); i++) {
        begin(100, 0);
        match.frame_ms = frames_ms[i];
        run_ms(3000);
        clear();
        run_ms(20000);
        print_message("a message each %u ms: %.4f fresh\n", frames_ms[i], share());
        assert_true(share() >= 0.995);
        end();
    }
}

static void test_room_time_stall_is_no_jitter(void **state)
{
    static const struct {
        uint64_t up_ms;
        uint64_t down_ms;
    } rows[] = {{2200, 2200}, {1500, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin(150, 0);
        match.up.stall = (struct span){match.now_us, match.now_us + rows[i].up_ms * MS};
        match.down.stall = (struct span){match.now_us, match.now_us + rows[i].down_ms * MS};
        run_ms(rows[i].up_ms + 1000);
        assert_settled(2);
        end();
    }
}

static void test_room_time_sleep_is_not_the_line(void **state)
{
    static const uint64_t sleeps_ms[] = {2000, 8000, 29000};
    (void)state;
    for (size_t i = 0; i < sizeof(sleeps_ms) / sizeof(sleeps_ms[0]); i++) {
        begin(50, 0);
        match.sleep = (struct span){match.now_us, match.now_us + sleeps_ms[i] * MS};
        run_ms(sleeps_ms[i] + 1000);
        assert_settled(2);
        end();
    }
}

static void test_room_time_stopped_server_costs_no_control(void **state)
{
    static const struct {
        uint16_t tick_hz;
        uint64_t rtt_ms;
        uint64_t stop_ms;
    } rows[] = {{60, 50, 900}, {60, 50, 2500}, {60, 250, 900}, {60, 250, 2500}, {240, 50, 5000}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin_at(rows[i].tick_hz, rows[i].rtt_ms, 0);
        match.frame_ms = rows[i].tick_hz > 60 ? 4 : FRAME_MS;
        run_ms(1000);
        match.server_stop = (struct span){match.now_us, match.now_us + rows[i].stop_ms * MS};
        run_ms(rows[i].stop_ms + (rows[i].stop_ms > 1000 ? 2000 : 1000));
        assert_settled(rows[i].tick_hz > 60 ? 8 : 2);
        end();
    }
}

static void test_room_time_slow_server_takes_nearly_all_inputs(void **state)
{
    static const uint32_t loses_ms[] = {100, 150, 300};
    (void)state;
    for (size_t i = 0; i < sizeof(loses_ms) / sizeof(loses_ms[0]); i++) {
        begin(50, 0);
        match.lose_every_ms = 400;
        match.lose_ms = loses_ms[i];
        run_ms(20000);
        struct room_counts counts = room_counts(match.toy.room);
        print_message("stands %u of 400 ms: %.3f fresh, %llu ticks dropped\n", loses_ms[i], share(),
                      (unsigned long long)(counts.ticks_dropped - match.before.ticks_dropped));
        assert_true(share() >= 0.9);
        match.lose_every_ms = 0;
        run_ms(4000); /* margins count for two seconds */
        assert_settled(2);
        end();
    }
}

static void test_room_time_jitter_and_lost_time_together(void **state)
{
    (void)state;
    begin(100, 10);
    match.lose_every_ms = 1700;
    match.lose_ms = 200;
    run_ms(30000);
    print_message("jitter and stands of 200 ms: %.3f fresh\n", share());
    assert_true(share() >= 0.85);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_room_time_quiet_line_settles_within_two_ticks),
        cmocka_unit_test(test_room_time_240_hz_over_250_ms),
        cmocka_unit_test(test_room_time_inputs_of_a_slow_host_are_used),
        cmocka_unit_test(test_room_time_stall_is_no_jitter),
        cmocka_unit_test(test_room_time_sleep_is_not_the_line),
        cmocka_unit_test(test_room_time_stopped_server_costs_no_control),
        cmocka_unit_test(test_room_time_slow_server_takes_nearly_all_inputs),
        cmocka_unit_test(test_room_time_jitter_and_lost_time_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
