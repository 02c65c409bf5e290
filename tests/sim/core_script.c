/* core_script.c - plays the client core through half a minute of a bad line, and writes down every
 * call with what it answered: core_script PLAYERS TICK.
 *
 *   NAME ARGUMENTS = ANSWERS     times in microseconds, whole milliseconds all of them
 *
 * core_replay.mjs makes the same calls of the wasm build, and so does a test of the SDK; all must
 * be answered the same.  The script: five seconds in peace, 2.2 s of silence both ways, three
 * seconds, eight asleep, three, two hidden, three.  The match is that of sim/fixture.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "client/client_core.h"
#include "sim/fixture.h"
#include "support/line.h"

enum {
    MS = 1000,
    SECOND = 1000 * MS,
    BEGIN_US = 100 * SECOND,
    DELAY_US = 40 * MS,
    JITTER_US = 12 * MS,
    FRAME_MS = 16,
    PLAYER = 2,
    DIVISOR = 3,
    EVENTS = 256,
    FRAMES = 2,
    MESSAGE_BYTES = 4096
};

/* What a client sends. */
struct message {
    uint32_t tick;
    uint32_t count; /* of inputs */
};

static struct {
    struct sk_plan plan;
    struct sk_view view;
    struct sk_client_core core;
    struct sk_fixture fixture;
    struct sk_frame frames[FRAMES]; /* the newest snapshot and the one before, in turn */
    struct sk_frame empty;
    uint32_t snapshot_count;
    struct line up;
    struct line down;
    uint64_t now_us;
    uint64_t origin_us; /* when tick 0 was due */
    uint32_t input_tick;
    int32_t margin_sixteenths;
    int32_t newest_sixteenths; /* of input_tick */
    bool has_margin;
    bool is_asleep;
    bool is_hidden;
    bool is_stalled;
} script;

static void on_assert(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

static void *take(size_t bytes)
{
    void *taken = aligned_alloc(16, (bytes + 15) & ~(size_t)15);
    SK_ASSERT(taken);
    for (size_t i = 0; i < bytes; i++) {
        ((uint8_t *)taken)[i] = 0;
    }
    return taken;
}

static uint32_t server_tick(void)
{
    return ((const struct sk_world *)script.fixture.world)->tick;
}

static const void *get(struct line *line, size_t *size)
{
    return script.is_stalled ? NULL : line_get(line, script.now_us, size);
}

/* --- server -------------------------------------------------------------------------------- */

static void offer(uint32_t tick)
{
    int64_t due_us = (int64_t)script.origin_us + (int64_t)tick * SECOND / script.plan.tick_hz;
    int64_t early_us = due_us - (int64_t)script.now_us;
    int32_t margin = (int32_t)(early_us * script.plan.tick_hz * 16 / SECOND);
    bool is_smallest = !script.has_margin || margin < script.margin_sixteenths;
    script.margin_sixteenths = is_smallest ? margin : script.margin_sixteenths;
    script.has_margin = true;
    script.newest_sixteenths = tick > script.input_tick ? margin : script.newest_sixteenths;
    script.input_tick = tick > script.input_tick ? tick : script.input_tick;
}

static int write_snapshot(const struct sk_frame *baseline, const struct sk_frame *frame,
                          uint8_t *out)
{
    const struct sk_schema *schema = &script.plan.schema;
    struct sk_event_list none = {NULL, 0};
    struct sk_own_part own = {.tick = frame->tick,
                              .input_tick = script.input_tick,
                              .newest_sixteenths = (int16_t)script.newest_sixteenths,
                              .margin_sixteenths = (int16_t)script.margin_sixteenths,
                              .has_player = true,
                              .player = PLAYER};
    uint8_t part[SK_OWN_PART_BYTES_MAX];
    int part_bytes =
        sk_own_part_write(&own, schema, script.fixture.world, none, part, sizeof(part));
    SK_ASSERT(part_bytes > 0);
    struct sk_snapshot_head head = {
        .tick = frame->tick,
        .baseline_ticks = baseline->tick == 0 ? 0 : frame->tick - baseline->tick,
        .baseline_hash = (uint16_t)(baseline->tick == 0 ? 0 : baseline->hash),
        .own_part_bytes = (uint16_t)part_bytes,
    };
    int at = sk_snapshot_write_head(&head, out, MESSAGE_BYTES);
    SK_ASSERT(at > 0);
    for (int i = 0; i < part_bytes; i++) {
        out[at++] = part[i];
    }
    int body =
        sk_delta_encode(schema, baseline, frame, none, out + at, (size_t)(MESSAGE_BYTES - at));
    SK_ASSERT(body > 0);
    return at + body;
}

static void send_snapshot(void)
{
    struct sk_frame *frame = &script.frames[script.snapshot_count % FRAMES];
    const struct sk_frame *baseline = script.snapshot_count == 0
                                          ? &script.empty
                                          : &script.frames[(script.snapshot_count - 1) % FRAMES];
    sk_frame_extract(frame, &script.plan.schema, script.fixture.world, server_tick());
    uint8_t bytes[MESSAGE_BYTES];
    int size = write_snapshot(baseline, frame, bytes);
    line_put(&script.down, script.now_us, bytes, (size_t)size);
    script.snapshot_count++;
    script.has_margin = false;
}

static void run_server(void)
{
    const struct message *message;
    size_t size;
    while ((message = get(&script.up, &size))) {
        for (uint32_t i = message->count; i > 0; i--) {
            offer(message->tick - i + 1);
        }
    }
    while (script.origin_us + (uint64_t)(server_tick() + 1) * SECOND / script.plan.tick_hz <=
           script.now_us) {
        (void)sk_fixture_run(&script.fixture, 1);
        if (server_tick() % DIVISOR == 0) {
            send_snapshot();
        }
    }
}

/* --- client -------------------------------------------------------------------------------- */

static void hear(const uint8_t *bytes, size_t size)
{
    printf("take %" PRIu64 " ", script.now_us);
    for (size_t i = 0; i < size; i++) {
        printf("%02x", bytes[i]);
    }
    printf(" = %d\n", sk_client_core_take(&script.core, bytes, size, false, script.now_us));
}

static void render(void)
{
    uint32_t tick = 0;
    uint8_t fraction = 0;
    bool is = sk_client_core_render(&script.core, script.now_us, &tick, &fraction);
    printf("render %" PRIu64 " = %.8f\n", script.now_us, is ? tick + fraction / 256.0 : -1);
}

static void sample(void)
{
    struct sk_input held = {.buttons = (uint32_t)(script.now_us / SECOND % 4)};
    held.buttons |= script.now_us / MS % 11 == 0 ? 1u << 31 : 0; /* the game has no such button */
    held.axes[0] = (int16_t)(script.now_us / MS % 65535 - 32767);
    if (script.now_us / MS % 7 == 0) {
        sk_client_core_press(&script.core, 8);
        printf("press 8 =\n");
    }
    uint32_t count = sk_client_core_sample(&script.core, &held, script.now_us);
    printf("sample %" PRIu64 " %u %d = %u %u %u\n", script.now_us, held.buttons, held.axes[0],
           count, script.core.sampled_tick, script.core.pending_count);
    for (uint32_t i = 0; i < script.core.pending_count; i++) {
        const struct sk_input *input = &script.core.pending[i];
        printf("pending %u = %u %d %u %u %u\n", i, input->buttons, input->axes[0], input->view_tick,
               input->view_interval, input->view_fraction);
    }
}

static void flush(void)
{
    enum sk_core_send what;
    while ((what = sk_client_core_next(&script.core, script.now_us)) != SK_CORE_NOTHING) {
        printf("next %" PRIu64 " = %d\n", script.now_us, (int)what);
        if (what == SK_CORE_INPUTS) {
            struct message message = {script.core.sampled_tick, script.core.pending_count};
            line_put(&script.up, script.now_us, &message, sizeof(message));
        }
        printf("sent %" PRIu64 " %d =\n", script.now_us, (int)what);
        sk_client_core_on_sent(&script.core, what, script.now_us);
    }
}

static void tell_figures(void)
{
    const struct sk_client_clock *clock = &script.core.clock;
    printf("figures %" PRIu64 " = %u %u %" PRId64 " %" PRId64 " %u\n", script.now_us, clock->rtt_us,
           clock->jitter_us, sk_client_clock_lead_us(clock, script.now_us), clock->delay_us,
           clock->underrun_count);
}

static void run_client(void)
{
    const void *bytes;
    size_t size;
    if (script.is_asleep) {
        return;
    }
    while ((bytes = get(&script.down, &size))) {
        hear(bytes, size);
        flush();
    }
    if (!script.is_hidden && script.now_us / MS % FRAME_MS == 0) {
        render();
        sample();
        flush();
    }
}

static void run(uint32_t ms)
{
    for (uint32_t i = 0; i < ms; i++) {
        script.now_us += MS;
        run_server();
        run_client();
    }
    tell_figures();
}

/* --- script -------------------------------------------------------------------------------- */

static void start(uint32_t players_max, uint32_t tick)
{
    struct sk_arena arena;
    SK_ASSERT(sk_plan_init(&script.plan, sk_game_entry(), players_max, NULL) == SK_OK);
    size_t bytes = sk_view_cost(&script.plan) + 3 * sk_frame_cost(&script.plan.schema);
    sk_arena_init(&arena, take(bytes), bytes);
    SK_ASSERT(sk_frame_init(&script.empty, &script.plan.schema, &arena) == SK_OK);
    SK_ASSERT(sk_frame_init(&script.frames[0], &script.plan.schema, &arena) == SK_OK);
    SK_ASSERT(sk_frame_init(&script.frames[1], &script.plan.schema, &arena) == SK_OK);
    SK_ASSERT(sk_view_init(&script.view, &script.plan, &arena) == SK_OK);
    script.fixture = (struct sk_fixture){
        .plan = &script.plan,
        .world = take(script.plan.world_bytes),
        .inputs = take(players_max * sizeof(struct sk_input)),
        .events = {.events = take(EVENTS * sizeof(struct sk_event)), .capacity = EVENTS},
        .seed = 20,
    };
    sk_fixture_start(&script.fixture);
    (void)sk_fixture_run(&script.fixture, tick);
}

static void welcome(void)
{
    struct sk_core_config config = {
        .view = &script.view, .is_player = true, .tick = server_tick(), .rtt_us = 2 * DELAY_US};
    script.now_us = BEGIN_US;
    script.origin_us = BEGIN_US - (uint64_t)server_tick() * SECOND / script.plan.tick_hz;
    line_open(&script.up, false, 1);
    line_open(&script.down, false, 2);
    script.up.faults = (struct line_faults){.delay_us = DELAY_US, .jitter_us = JITTER_US};
    script.down.faults = script.up.faults;
    printf("start %u %" PRIu64 " %" PRIu64 " =\n", config.tick, config.rtt_us, script.now_us);
    sk_client_core_init(&script.core, &config, script.now_us);
}

int main(int argument_count, char **arguments)
{
    sk_assert_set_handler(on_assert);
    SK_ASSERT(argument_count == 3);
    start((uint32_t)strtoul(arguments[1], NULL, 10), (uint32_t)strtoul(arguments[2], NULL, 10));
    welcome();
    run(5000);
    script.is_stalled = true;
    run(2200);
    script.is_stalled = false;
    run(3000);
    script.is_asleep = true;
    run(8000);
    script.is_asleep = false;
    run(3000);
    script.is_hidden = true;
    run(2000);
    script.is_hidden = false;
    run(3000);
    return EXIT_SUCCESS;
}
