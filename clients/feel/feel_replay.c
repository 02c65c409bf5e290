/* feel_replay.c - see feel_replay.h. */
#include "feel_replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "sim/legal_input.h"

enum { MAGIC_BYTES = 8, SUM_BYTES = 8, TIME_BYTES = 8, END_BYTES = 1 + TIME_BYTES + 4 + 8 };
/* Times of a sound file: three years of any clock, either way. */
static const int64_t TIME_US_MAX = (int64_t)100000000 * 1000000;

/* --- the file ------------------------------------------------------------------------------- */

static int refuse(struct feel_file *file, size_t at, const char *why)
{
    file->at = at;
    file->why = why;
    return SK_ERR_PROTOCOL;
}

/* Over the parts, each by itself, as the box has them. */
static uint64_t sum_of(const struct feel_file *file, size_t head_bytes)
{
    const size_t sizes[] = {head_bytes, file->head.older_bytes, file->head.newer_bytes, END_BYTES};
    const uint8_t *at = file->bytes;
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        sum = sk_hash(sum, at, sizes[i]);
        at += sizes[i];
    }
    return sum;
}

int feel_file_open(struct feel_file *file, const uint8_t *bytes, size_t size)
{
    *file = (struct feel_file){.bytes = bytes, .size = size};
    size_t head_bytes = MAGIC_BYTES + sizeof(file->head);
    if (size < MAGIC_BYTES || memcmp(bytes, SK_BOX_MAGIC, MAGIC_BYTES) != 0) {
        return refuse(file, 0, "this is no black box of this version");
    }
    if (size < head_bytes + SUM_BYTES) {
        return refuse(file, size, "the file is cut");
    }
    memcpy(&file->head, bytes + MAGIC_BYTES, sizeof(file->head));
    if (file->head.head_bytes != sizeof(file->head) ||
        file->head.game[SK_BOX_GAME_BYTES - 1] != 0) {
        return refuse(file, MAGIC_BYTES, "its head is of another version");
    }
    size_t segments_bytes = (size_t)file->head.older_bytes + file->head.newer_bytes;
    size_t whole = head_bytes + segments_bytes + END_BYTES + SUM_BYTES;
    if (size != whole) {
        return refuse(file, size < whole ? size : whole, "the file is cut, or has more behind it");
    }
    uint64_t sum;
    memcpy(&sum, bytes + size - SUM_BYTES, SUM_BYTES);
    if (sum != sum_of(file, head_bytes)) {
        return refuse(file, size - SUM_BYTES, "its sum is another one");
    }
    file->at = head_bytes;
    file->size = size - SUM_BYTES;
    return SK_OK;
}

/* Takes `size` bytes of the file; false when it has fewer. */
static bool take_bytes(struct feel_file *file, void *to, size_t size)
{
    if (size > file->size - file->at) {
        (void)refuse(file, file->size, "a record goes beyond the end");
        return false;
    }
    memcpy(to, file->bytes + file->at, size);
    file->at += size;
    return true;
}

/* --- checkpoints ---------------------------------------------------------------------------- */

static bool is_time(int64_t us)
{
    return us <= TIME_US_MAX && us >= -TIME_US_MAX;
}

/* A bool of a file may be anything. */
static bool is_bool(const void *member)
{
    uint8_t byte;
    memcpy(&byte, member, 1);
    return byte <= 1;
}

static bool are_samples_sound(const struct sk_client_clock *clock)
{
    bool is_good = true;
    for (uint32_t i = 0; i < SK_CLOCK_MARGINS; i++) {
        is_good &= is_time((int64_t)clock->margins[i].at_us) && is_time(clock->margins[i].early_us);
    }
    for (uint32_t i = 0; i < SK_CLOCK_SENT; i++) {
        is_good &= is_time((int64_t)clock->sent[i].at_us) && is_time(clock->sent[i].shift_us);
    }
    for (uint32_t i = 0; i < SK_CLOCK_ARRIVALS; i++) {
        is_good &=
            is_time((int64_t)clock->arrivals[i].at_us) && is_time(clock->arrivals[i].transit_us);
    }
    return is_good;
}

/* Whether a clock out of a file computes with nothing that overflows. */
static bool is_clock_sound(const struct sk_client_clock *clock, const struct sk_client_clock *own)
{
    const int64_t times[] = {
        (int64_t)clock->start_us,
        clock->origin_us,
        clock->shift_us,
        (int64_t)clock->reported_us,
        (int64_t)clock->active_us,
        clock->transit_us,
        (int64_t)clock->late_since_us,
        clock->quickest_us,
        clock->delay_us,
        clock->render_us,
        clock->flight_us,
        (int64_t)clock->framed_us,
        (int64_t)clock->rtt_us,
        (int64_t)clock->jitter_us,
    };
    bool is_good = clock->tick_hz == own->tick_hz && clock->interval_us == own->interval_us;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        is_good &= is_time(times[i]);
    }
    is_good &= is_time(clock->late_transit_us) || clock->late_transit_us == INT64_MAX;
    is_good &= clock->rtt_us <= INT32_MAX && clock->jitter_us <= INT32_MAX;
    is_good &= is_bool(&clock->is_settled) && is_bool(&clock->is_resynchronising) &&
               is_bool(&clock->is_doubted) && is_bool(&clock->has_render) &&
               is_bool(&clock->is_underrun);
    return is_good && are_samples_sound(clock);
}

static bool is_core_sound(const struct sk_box_core *from)
{
    return from->pending_count <= SK_INPUTS_A_MESSAGE_MAX &&
           (from->input_tick == 0 || from->input_tick == from->sampled_tick) &&
           from->input_interval_us <= 1000000 && is_time((int64_t)from->input_due_us) &&
           is_time((int64_t)from->sent_us) && is_time((int64_t)from->asked_us) &&
           is_time((int64_t)from->taken_us);
}

static void set_core(struct feel_replay *replay, const struct sk_box_core *from)
{
    struct sk_client_core *core = &replay->core;
    core->input_due_us = from->input_due_us;
    core->sent_us = from->sent_us;
    core->asked_us = from->asked_us;
    core->taken_us = from->taken_us;
    core->sampled_tick = from->sampled_tick;
    core->pressed = from->pressed;
    core->pending_count = from->pending_count;
    core->input_interval_us = from->input_interval_us;
    core->render_tick = from->render_tick;
    core->render_fraction = (uint8_t)from->render_fraction;
    core->has_render = from->has_render != 0;
    memcpy(core->pending, from->pending, sizeof(core->pending));
    replay->predict.input_tick = from->input_tick;
}

/* All but the prediction's inputs is empty again. */
static bool start_again(struct feel_replay *replay)
{
    struct sk_arena arena;
    const struct sk_plan *plan = replay->plan;
    memset(replay->memory, 0, replay->memory_bytes);
    sk_arena_init(&arena, replay->memory, replay->memory_bytes);
    bool is_made = sk_view_init(&replay->view, plan, &arena) == SK_OK &&
                   sk_client_predict_init(&replay->predict, plan, replay->content,
                                          replay->file->head.player, &arena) == SK_OK;
    if (is_made) {
        const struct sk_core_config config = {
            .view = &replay->view, .predict = &replay->predict, .is_player = true};
        ((struct sk_world *)replay->view.world)->seed = replay->file->head.seed;
        sk_client_core_init(&replay->core, &config, 0);
    }
    return is_made;
}

/* The snapshot of a checkpoint or a message; borrowed from the file. */
static const uint8_t *take_message(struct feel_file *file, uint32_t *bytes)
{
    if (!take_bytes(file, bytes, sizeof(*bytes))) {
        return NULL;
    }
    if (*bytes > SK_SNAPSHOT_BYTES_MAX || *bytes > file->size - file->at) {
        (void)refuse(file, file->at - sizeof(*bytes), "a message is larger than it may be");
        return NULL;
    }
    file->at += *bytes;
    return file->bytes + file->at - *bytes;
}

static bool take_checkpoint(struct feel_replay *replay, uint64_t now_us)
{
    static struct sk_client_clock clock;
    struct feel_file *file = replay->file;
    struct sk_box_core core;
    size_t at = file->at;
    uint32_t bytes;
    if (!start_again(replay) || !take_bytes(file, &core, sizeof(core)) ||
        !take_bytes(file, &clock, sizeof(clock)) ||
        !take_bytes(file, replay->predict.inputs, sizeof(replay->predict.inputs))) {
        return false;
    }
    const uint8_t *keyframe = take_message(file, &bytes);
    if (!keyframe) {
        return false;
    }
    if (!is_core_sound(&core) || !is_clock_sound(&clock, &replay->core.clock) ||
        sk_view_take(&replay->view, keyframe, bytes) != SK_OK) {
        (void)refuse(file, at, "a checkpoint that no client writes");
        return false;
    }
    for (uint32_t i = 0; i < SK_PREDICT_INPUTS; i++) {
        sk_input_legalise(replay->plan->game, &replay->predict.inputs[i]);
    }
    set_core(replay, &core);
    replay->core.clock = clock;
    sk_client_predict_on_snapshot(&replay->predict, &replay->view, now_us);
    replay->begun_us = replay->is_begun ? replay->begun_us : now_us;
    replay->is_begun = true;
    return true;
}

/* --- records -------------------------------------------------------------------------------- */

static bool take_snapshot(struct feel_replay *replay, uint64_t now_us)
{
    uint32_t bytes;
    const uint8_t *message = take_message(replay->file, &bytes);
    if (!message) {
        return false;
    }
    struct sk_drift_counts before = replay->predict.drift.counts;
    uint64_t late = replay->core.late_count;
    if (sk_client_core_take(&replay->core, message, bytes, false, now_us) == SK_OK) {
        struct sk_drift_counts now = replay->predict.drift.counts;
        replay->counts.snapshots++;
        replay->counts.late += replay->core.late_count - late;
        replay->counts.corrections += now.late - before.late + now.touched - before.touched +
                                      now.diverging - before.diverging;
    }
    return true;
}

static bool sample(struct feel_replay *replay, uint64_t now_us)
{
    struct sk_input held = {0};
    if (!take_bytes(replay->file, &held.buttons, sizeof(held.buttons)) ||
        !take_bytes(replay->file, held.axes, sizeof(held.axes))) {
        return false;
    }
    (void)sk_client_core_sample(&replay->core, &held, now_us);
    return true;
}

static bool press(struct feel_replay *replay)
{
    uint32_t buttons;
    if (!take_bytes(replay->file, &buttons, sizeof(buttons))) {
        return false;
    }
    sk_client_core_press(&replay->core, buttons);
    return true;
}

static bool note_sent(struct feel_replay *replay, uint64_t now_us)
{
    uint8_t what;
    if (!take_bytes(replay->file, &what, 1)) {
        return false;
    }
    if (what < SK_CORE_INPUTS || what > SK_CORE_KEYFRAME_REQUEST) {
        (void)refuse(replay->file, replay->file->at - 1, "nothing is sent of that kind");
        return false;
    }
    sk_client_core_on_sent(&replay->core, (enum sk_core_send)what, now_us);
    return true;
}

static bool render(struct feel_replay *replay, uint64_t now_us)
{
    uint32_t tick;
    uint8_t fraction;
    uint32_t before = replay->core.clock.underrun_count;
    (void)sk_client_core_render(&replay->core, now_us, &tick, &fraction);
    replay->counts.underruns += replay->core.clock.underrun_count - before;
    return true;
}

static bool take_record(struct feel_replay *replay, uint8_t type, uint64_t now_us)
{
    switch (type) {
    case SK_BOX_CHECKPOINT:
        return take_checkpoint(replay, now_us);
    case SK_BOX_TAKE:
        return take_snapshot(replay, now_us);
    case SK_BOX_RENDER:
        return render(replay, now_us);
    case SK_BOX_SAMPLE:
        return sample(replay, now_us);
    case SK_BOX_PRESS:
        return press(replay);
    case SK_BOX_SENT:
        return note_sent(replay, now_us);
    default:
        (void)refuse(replay->file, replay->file->at - 1 - TIME_BYTES, "no record of that kind");
        return false;
    }
}

/* --- life ----------------------------------------------------------------------------------- */

int feel_replay_create(struct feel_replay *replay, struct feel_file *file,
                       const struct sk_plan *plan, const void *content)
{
    memset(replay, 0, sizeof(*replay));
    if (plan->layout_hash != file->head.layout_hash || file->head.player >= plan->players_max) {
        return SK_ERR_MISMATCH;
    }
    replay->file = file;
    replay->plan = plan;
    replay->content = content;
    replay->memory_bytes = (sk_view_cost(plan) + sk_client_predict_cost(plan) + 15) & ~(size_t)15;
    replay->memory = aligned_alloc(16, replay->memory_bytes);
    return replay->memory ? SK_OK : SK_ERR_MEMORY;
}

void feel_replay_destroy(struct feel_replay *replay)
{
    free(replay->memory);
    replay->memory = NULL;
}

enum feel_step feel_replay_step(struct feel_replay *replay)
{
    struct feel_file *file = replay->file;
    size_t at = file->at;
    uint8_t type;
    uint64_t now_us;
    if (!take_bytes(file, &type, 1) || !take_bytes(file, &now_us, sizeof(now_us))) {
        return FEEL_BAD;
    }
    if (type == SK_BOX_PRESS) {
        now_us = replay->now_us;
    }
    bool is_in_order = !replay->is_begun || now_us >= replay->now_us;
    if (!is_time((int64_t)now_us) || !is_in_order || (!replay->is_begun && type > 1)) {
        (void)refuse(file, at, "a record out of its order");
        return FEEL_BAD;
    }
    replay->now_us = now_us;
    if (type == SK_BOX_END) {
        bool is_whole = take_bytes(file, &replay->end_tick, sizeof(replay->end_tick)) &&
                        take_bytes(file, &replay->end_hash, sizeof(replay->end_hash));
        return is_whole ? FEEL_END : FEEL_BAD;
    }
    return take_record(replay, type, now_us) ? FEEL_STEP : FEEL_BAD;
}

bool feel_replay_is_equal(const struct feel_replay *replay)
{
    return replay->core.predict && replay->predict.tick == replay->end_tick &&
           sk_client_box_hash(&replay->predict) == replay->end_hash;
}
