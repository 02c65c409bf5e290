/* skirmish_events.c - see skirmish_events.h. */
#include "skirmish_events.h"

#include <string.h>

#include "base/assert.h"
#include "net/text.h"

_Static_assert(sizeof(((struct sk_client_event *)0)->bytes) >= SK_ANSWER_BYTES_MAX, "answers fit");
_Static_assert(sizeof(((struct sk_client_event *)0)->text) > SK_NOTICE_BYTES_MAX, "notices fit");
_Static_assert(sizeof(((struct sk_client_event *)0)->values) / sizeof(double) ==
                   SK_EVENT_FIELDS_MAX,
               "an event's rows fit");
_Static_assert((int)SK_CLIENT_TOLD_UNDONE == (int)SK_EVENT_UNDONE, "one is the other");

/* ---- texts ------------------------------------------------------------------------------- */

/* As much of a text as fits; never half a character of UTF-8. */
static void copy_words(char *out, size_t capacity, struct sk_text text)
{
    size_t size = text.size < capacity ? text.size : capacity - 1;
    while (size < text.size && size > 0 && ((uint8_t)text.bytes[size] & 0xc0) == 0x80) {
        size--;
    }
    memcpy(out, text.bytes, size);
    out[size] = '\0';
}

static void set_text(struct sk_client_event *event, struct sk_text text)
{
    copy_words(event->text, sizeof(event->text), text);
}

static void set_word(struct sk_client_event *event, struct sk_text text)
{
    copy_words(event->word, sizeof(event->word), text);
}

/* ---- the client's ------------------------------------------------------------------------ */

static void push(struct skirmish_events *events, const struct sk_client_event *event)
{
    if (events->end - events->begin == SKIRMISH_EVENTS_MAX) {
        events->begin++;
        events->lost_count++;
    }
    events->ring[events->end++ % SKIRMISH_EVENTS_MAX] = *event;
}

static void push_welcome(struct skirmish_events *events, const struct sk_welcome *welcome)
{
    struct sk_client_event event = {
        .kind = SK_CLIENT_EVENT_WELCOME, .player = welcome->player, .is_resumed = welcome->resumed};
    set_word(&event, welcome->game);
    set_text(&event, welcome->room);
    push(events, &event);
}

static void push_notice(struct skirmish_events *events, const struct sk_notice *notice)
{
    struct sk_client_event event = {.kind = SK_CLIENT_EVENT_NOTICE, .seconds = notice->seconds};
    set_text(&event, notice->text);
    push(events, &event);
}

static void push_answer(struct skirmish_events *events, const struct sk_command_answer *answer)
{
    struct sk_client_event event = {.kind = SK_CLIENT_EVENT_ANSWER,
                                    .number = answer->number,
                                    .is_refused = answer->is_refused,
                                    .byte_count = (uint32_t)answer->size};
    SK_ASSERT(answer->size <= sizeof(event.bytes)); /* the decoder bounds it */
    if (answer->size > 0) {
        memcpy(event.bytes, answer->bytes, answer->size);
    }
    if (answer->is_refused) {
        set_text(&event, (struct sk_text){(const char *)answer->bytes, answer->size});
    }
    push(events, &event);
}

static void push_server(struct skirmish_events *events, const struct sk_probed *probed)
{
    events->server = (struct sk_client_server){.struct_size = sizeof(events->server),
                                               .tick = probed->tick,
                                               .step_us_p50 = probed->step_us_p50,
                                               .step_us_p99 = probed->step_us_p99,
                                               .late_us_p50 = probed->late_us_p50,
                                               .late_us_p99 = probed->late_us_p99,
                                               .dropped_ticks = probed->dropped_ticks,
                                               .rtt_us = probed->rtt_us,
                                               .unacked = probed->unacked,
                                               .snapshots_held = probed->snapshots_held,
                                               .inputs_repeated = probed->inputs_repeated,
                                               .views_clamped = probed->views_clamped};
    push(events, &(struct sk_client_event){.kind = SK_CLIENT_EVENT_SERVER, .tick = probed->tick});
}

static void push_end(struct skirmish_events *events, const struct client *client, uint32_t kind,
                     enum sk_reason reason)
{
    struct sk_client_event event = {.kind = kind};
    set_word(&event, sk_text_of(sk_reason_word(reason)));
    set_text(&event, sk_text_of(client_sentence(client)));
    push(events, &event);
}

static void push_words(struct skirmish_events *events, uint32_t kind, const char *words)
{
    struct sk_client_event event = {.kind = kind};
    set_text(&event, sk_text_of(words));
    push(events, &event);
}

void skirmish_events_push(struct skirmish_events *events, const struct client *client,
                          const struct client_event *event)
{
    switch (event->kind) {
    case CLIENT_WELCOMED:
        push_welcome(events, event->welcome);
        break;
    case CLIENT_SNAPSHOT:
        break;
    case CLIENT_ROSTER:
        SK_ASSERT(event->seat->player < SK_PLAYERS_MAX); /* the decoder bounds it */
        events->seats[event->seat->player / 64] |= (uint64_t)1 << event->seat->player % 64;
        break;
    case CLIENT_NOTICE:
        push_notice(events, event->notice);
        break;
    case CLIENT_ANSWERED:
        push_answer(events, event->answer);
        break;
    case CLIENT_PROBED:
        push_server(events, event->probed);
        break;
    case CLIENT_UNPREDICTED:
        push_words(events, SK_CLIENT_EVENT_UNPREDICTED, event->words);
        break;
    case CLIENT_DROPPED:
        push_end(events, client, SK_CLIENT_EVENT_DROPPED, event->reason);
        break;
    case CLIENT_OVER:
        push_end(events, client, SK_CLIENT_EVENT_ENDED, event->reason);
        break;
    }
}

/* ---- taking ------------------------------------------------------------------------------ */

static bool take_seat(struct skirmish_events *events, struct sk_client_event *event)
{
    for (uint32_t word = 0; word < SK_PLAYERS_MAX / 64; word++) {
        if (events->seats[word] != 0) {
            uint32_t bit = (uint32_t)__builtin_ctzll(events->seats[word]);
            events->seats[word] &= events->seats[word] - 1;
            *event =
                (struct sk_client_event){.kind = SK_CLIENT_EVENT_SEAT, .player = word * 64 + bit};
            return true;
        }
    }
    return false;
}

static bool take_game_event(struct client *client, struct sk_client_event *event)
{
    struct sk_event happened;
    enum sk_event_told told = client_take_event(client, &happened);
    if (told == SK_EVENT_NONE) {
        return false;
    }
    const struct sk_event_type *type =
        &client_view(client)->plan->game->events[happened.type]; /* decoded by its table */
    *event = (struct sk_client_event){.kind = SK_CLIENT_EVENT_GAME,
                                      .tick = happened.tick,
                                      .type = happened.type,
                                      .told = told,
                                      .value_count = type->field_count};
    for (uint32_t i = 0; i < type->field_count; i++) {
        event->values[i] = sk_value_of(&type->fields[i], happened.values[i]);
    }
    return true;
}

bool skirmish_events_take(struct skirmish_events *events, struct client *client,
                          struct sk_client_event *event)
{
    if (events->begin != events->end) {
        *event = events->ring[events->begin++ % SKIRMISH_EVENTS_MAX];
        return true;
    }
    return take_seat(events, event) || take_game_event(client, event);
}
