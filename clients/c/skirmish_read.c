/* skirmish_read.c - what is asked of a client: its match, seats, figures, entities, names. */
#include "net/text.h"
#include "skirmish_abi.h"
#include "skirmish_client.h"

_Static_assert(sizeof(((struct sk_client_seat *)0)->name) > SK_NAME_BYTES_MAX, "names fit");
_Static_assert(sizeof(((struct sk_client_match *)0)->game) > SK_NAME_BYTES_MAX, "names fit");
_Static_assert(sizeof(((struct sk_client_match *)0)->room) > SK_CODE_BYTES, "codes fit");
_Static_assert(sizeof(((struct sk_client_entity *)0)->values) / sizeof(double) == SK_FIELDS_MAX,
               "an entity's rows fit");
_Static_assert((int)SK_CLIENT_SEAT_AWAY == (int)SK_SEAT_AWAY, "one is the other");
_Static_assert((int)SK_CLIENT_NOBODY == (int)SK_NO_OWNER, "one is the other");
_Static_assert((int)SK_CLIENT_NOBODY == (int)SK_SPECTATOR, "one is the other");

static int give(void *given, const void *own, size_t size)
{
    return abi_give(given, own, size) ? SK_CLIENT_OK : SK_CLIENT_BAD_SIZE;
}

/* NULL before the first Welcome. */
static const struct sk_plan *plan_of(const struct sk_client *face)
{
    const struct sk_view *view = client_view(face->client);
    return view == NULL ? NULL : view->plan;
}

/* ---- the connection ---------------------------------------------------------------------- */

uint32_t sk_client_state(const struct sk_client *face)
{
    return client_state(face->client);
}

const char *sk_client_reason(const struct sk_client *face)
{
    return sk_reason_word(client_reason(face->client));
}

const char *sk_client_sentence(const struct sk_client *face)
{
    return client_sentence(face->client);
}

const char *sk_client_ticket(const struct sk_client *face)
{
    return client_ticket(face->client);
}

int sk_client_match(const struct sk_client *face, struct sk_client_match *match)
{
    const struct sk_plan *plan = plan_of(face);
    if (plan == NULL) {
        return SK_CLIENT_AGAIN;
    }
    struct sk_client_match own = {.player = client_player(face->client),
                                  .players_max = plan->players_max,
                                  .tick_hz = plan->tick_hz,
                                  .snapshot_hz = plan->tick_hz / (uint32_t)plan->snapshot_divisor,
                                  .kind_count = plan->game->kind_count,
                                  .event_count = plan->game->event_count};
    (void)sk_text_copy(sk_text_of(plan->game->name), own.game, sizeof(own.game));
    memcpy(own.room, face->room, sizeof(face->room));
    return give(match, &own, sizeof(own));
}

int sk_client_seat(const struct sk_client *face, uint32_t player, struct sk_client_seat *seat)
{
    const struct sk_plan *plan = plan_of(face);
    if (plan == NULL || player >= plan->players_max) {
        return SK_CLIENT_NONE;
    }
    struct sk_seat known = client_seat(face->client, player);
    struct sk_client_seat own = {.player = player, .state = known.state, .is_bot = known.bot};
    (void)sk_text_copy(known.name, own.name, sizeof(own.name));
    return give(seat, &own, sizeof(own));
}

/* ---- figures ----------------------------------------------------------------------------- */

static void add_core(struct sk_client_stats *stats, const struct sk_client_core *core,
                     uint64_t now_us)
{
    const struct sk_client_clock *clock = &core->clock;
    int64_t delay_us = clock->delay_us + clock->interval_us;
    stats->tick = core->view->newest_tick;
    stats->ping_us = clock->rtt_us;
    stats->jitter_us = clock->jitter_us;
    stats->snapshot_age_us = core->taken_us == 0 ? 0 : (uint32_t)(now_us - core->taken_us);
    stats->delay_us = core->has_render && delay_us > 0 ? (uint32_t)delay_us : 0;
    stats->lead_us = (int32_t)sk_client_clock_lead_us(clock, now_us);
    stats->margin_us = (int32_t)(core->view->own.newest_sixteenths * (int64_t)1000000 /
                                 (16 * (int64_t)clock->tick_hz));
    stats->underruns = clock->underrun_count;
    stats->resyncs = clock->resync_count;
    stats->inputs_late = core->late_count;
}

static void add_prediction(struct sk_client_stats *stats, const struct sk_client_predict *predict)
{
    stats->is_predicted = 1;
    stats->correction = sk_client_predict_offset(predict);
    stats->drift_matched = predict->drift.counts.matched;
    stats->drift_late = predict->drift.counts.late;
    stats->drift_touched = predict->drift.counts.touched;
    stats->drift_diverging = predict->drift.counts.diverging;
    stats->events_confirmed = predict->events.confirmed_count;
    stats->events_undone = predict->events.undone_count;
}

static void add_counts(struct sk_client_stats *stats, const struct client_counts *counts)
{
    stats->snapshots = counts->snapshots;
    stats->keyframes_asked = counts->mismatches;
    stats->messages_out = counts->messages_sent;
    stats->inputs_repeated = counts->inputs_repeated;
    stats->inputs_dropped = counts->inputs_dropped;
    stats->drops = counts->drops;
    stats->resumes = counts->resumes;
    stats->join_retries = counts->join_retries;
}

int sk_client_stats(const struct sk_client *face, uint64_t now_us, struct sk_client_stats *stats)
{
    const struct client_enet_figures datagrams = client_datagrams(face->client);
    size_t queue_bytes = datagrams.queue_bytes;
    if (!client_is_datagram(face->client)) {
        (void)client_output(face->client, &queue_bytes);
    }
    struct sk_client_stats own = {.state = client_state(face->client),
                                  .queue_bytes = (uint32_t)queue_bytes,
                                  .resends = datagrams.resends,
                                  .bytes_in = face->bytes_in,
                                  .bytes_out = face->bytes_out,
                                  .snapshots_lost = face->snapshots_lost,
                                  .events_lost = face->events.lost_count};
    const struct client_counts counts = client_counts(face->client);
    const struct sk_client_core *core = client_core(face->client);
    add_counts(&own, &counts);
    if (core != NULL) {
        add_core(&own, core, now_us);
    }
    if (core != NULL && core->predict != NULL) {
        add_prediction(&own, core->predict);
    }
    return give(stats, &own, sizeof(own));
}

int sk_client_server(const struct sk_client *face, struct sk_client_server *server)
{
    const struct sk_client_server *own = &face->events.server;
    return own->tick == 0 ? SK_CLIENT_AGAIN : give(server, own, sizeof(*own));
}

/* ---- drawing ----------------------------------------------------------------------------- */

/* Where drawn entities go. */
struct picture {
    const struct sk_client *face;
    uint8_t *entities; /* the user's, `stride` bytes each */
    uint32_t stride;
    size_t capacity;
    int count;
};

static void add_entity(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                       const double *values)
{
    struct picture *picture = context;
    const struct sk_client_predict *predict = client_prediction(picture->face->client);
    uint32_t rows = plan_of(picture->face)->schema.row_counts[kind] - SK_ROWS_IMPLICIT;
    struct sk_client_entity own = {.struct_size = picture->stride,
                                   .kind = (uint16_t)kind,
                                   .slot = slot,
                                   .owner = (uint16_t)owner,
                                   .value_count = (uint16_t)rows};
    bool is_predicted = predict != NULL && sk_client_predict_covers(predict, kind, owner);
    own.flags = is_predicted ? SK_CLIENT_ENTITY_PREDICTED : 0;
    memcpy(own.values, values, rows * sizeof(own.values[0]));
    if ((size_t)picture->count < picture->capacity) {
        void *given = picture->entities + (size_t)picture->count * picture->stride;
        memcpy(given, &picture->stride, sizeof(picture->stride));
        (void)abi_give(given, &own, sizeof(own));
    }
    picture->count++;
}

int sk_client_draw(struct sk_client *face, uint64_t now_us, struct sk_client_entity *entities,
                   size_t capacity)
{
    struct picture picture = {.face = face,
                              .entities = (uint8_t *)entities,
                              .stride = capacity == 0 ? 0 : abi_size(entities),
                              .capacity = capacity};
    if (capacity > 0 && !abi_is_size(picture.stride)) {
        return SK_CLIENT_BAD_SIZE;
    }
    client_draw(face->client, now_us, add_entity, &picture);
    return picture.count;
}

/* ---- names ------------------------------------------------------------------------------- */

static const struct sk_game *game_of(const struct sk_client *face)
{
    const struct sk_plan *plan = plan_of(face);
    return plan == NULL ? NULL : plan->game;
}

const char *sk_client_kind_name(const struct sk_client *face, uint32_t kind)
{
    const struct sk_game *game = game_of(face);
    return game == NULL || kind >= game->kind_count ? NULL : game->kinds[kind].name;
}

const char *sk_client_row_name(const struct sk_client *face, uint32_t kind, uint32_t row)
{
    if (sk_client_kind_name(face, kind) == NULL) {
        return NULL;
    }
    const struct sk_plan *plan = plan_of(face);
    bool is_drawn = row < plan->schema.row_counts[kind] - SK_ROWS_IMPLICIT;
    return is_drawn ? plan->game->kinds[kind].fields[row].name : NULL;
}

const char *sk_client_event_name(const struct sk_client *face, uint32_t type)
{
    const struct sk_game *game = game_of(face);
    return game == NULL || type >= game->event_count ? NULL : game->events[type].name;
}

const char *sk_client_event_row_name(const struct sk_client *face, uint32_t type, uint32_t row)
{
    const struct sk_game *game = game_of(face);
    bool is_there =
        game != NULL && type < game->event_count && row < game->events[type].field_count;
    return is_there ? game->events[type].fields[row].name : NULL;
}

int sk_client_constant(const struct sk_client *face, const char *name, int32_t *value)
{
    const struct sk_game *game = game_of(face);
    for (uint32_t i = 0; game != NULL && i < game->constant_count; i++) {
        if (strcmp(game->constants[i].name, name) == 0) {
            *value = game->constants[i].value;
            return SK_CLIENT_OK;
        }
    }
    return SK_CLIENT_NONE;
}

const void *sk_client_content(const struct sk_client *face)
{
    return client_content(face->client);
}

int sk_client_command_type(const struct sk_client *face, const char *name)
{
    const struct sk_game *game = game_of(face);
    for (int i = 0; game != NULL && i < game->command_count; i++) {
        if (strcmp(game->commands[i].name, name) == 0) {
            return i;
        }
    }
    return SK_CLIENT_NONE;
}

/* ---- the black box ----------------------------------------------------------------------- */

size_t sk_client_box(struct sk_client *face, void *out, size_t capacity)
{
    size_t total = 0;
    for (uint32_t i = 0; i < SK_BOX_PARTS; i++) {
        size_t bytes;
        const uint8_t *part = client_box_part(face->client, i, &bytes);
        if (bytes > 0 && total + bytes <= capacity) {
            memcpy((uint8_t *)out + total, part, bytes);
        }
        total += bytes;
    }
    return total;
}
