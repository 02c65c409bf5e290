/* room_send.c - see room_send.h. */
#include "room_send.h"

#include "base/assert.h"
#include "base/mem.h"
#include "room_time.h"
#include "roster.h"

enum { ROSTER_ROWS_MAX = 128, HEAD_BYTES_MAX = 32, REPEATED_TICKS_MAX = 16 };
enum { RESUME_SECONDS = 24 * 3600, RENEW_SECONDS = RESUME_SECONDS / 2, RENEW_CHECK_SECONDS = 60 };

void room_send_bytes(struct seat_link *link, struct sk_bytes bytes)
{
    struct transport_message message = {.head = bytes.bytes, .head_bytes = bytes.size};
    SK_ASSERT(link->connection != NULL);
    SK_ASSERT(bytes.size > 0);
    link->transport->send(link->connection, &message, TRANSPORT_RELIABLE);
}

void room_send_all(struct room *room, struct sk_bytes bytes)
{
    for (uint32_t i = 0; i < room->seat_count; i++) {
        struct seat_link *link = &room->links[i];
        if (link->connection) {
            room_send_bytes(link, bytes);
        }
        link->is_behind = link->is_behind || link->moving;
    }
}

void room_close_link(struct room *room, struct seat_link *link, enum sk_reason reason)
{
    const struct transport *transport = link->transport;
    void *connection = link->connection;
    room_send_bytes(link, sk_encode_goodbye(room->config.encoder, (uint16_t)reason));
    link->connection = NULL;
    transport->close(connection, reason);
}

static uint64_t wall_clock_s(const struct room *room)
{
    return room->config.host.now_s(room->config.host.context);
}

static void write_resume(const struct room *room, uint16_t seat, char text[TICKET_TEXT_BYTES])
{
    const struct room_config *config = &room->config;
    struct seat_link *link = &room->links[seat];
    link->ticket_s = wall_clock_s(room);
    struct ticket ticket = {.role = TICKET_RESUME,
                            .seat = seat,
                            .room = config->id,
                            .epoch = config->epoch,
                            .nonce = match_seat(&room->match, seat)->resume_nonce,
                            .expiry_s = link->ticket_s + RESUME_SECONDS};
    ticket_write(&ticket, config->keys, text);
}

void room_send_welcome(struct room *room, uint16_t seat, bool resumed)
{
    char resume[TICKET_TEXT_BYTES];
    const struct room_config *config = &room->config;
    const struct sk_game *game = room->plan.game;
    write_resume(room, seat, resume);
    struct sk_welcome welcome = {
        .version = SK_WIRE_VERSION,
        .player = seat < room->plan.players_max ? seat : SK_NO_OWNER,
        .players_max = (uint16_t)room->plan.players_max,
        .tick_hz = room->plan.tick_hz,
        .snapshot_divisor = room->plan.snapshot_divisor,
        .seat_seconds = (uint16_t)config->seat_seconds,
        .tick = match_tick(&room->match),
        .epoch = config->epoch,
        .seed = config->seed,
        .layout_hash = room->plan.layout_hash,
        .code_hash = game->code_hash,
        .content_hash = config->content_hash,
        .resumed = resumed,
        .command_number = room->links[seat].command_number,
        .game = sk_text_of(game->name),
        .room = {room->config.code, SK_CODE_BYTES},
        .content = sk_text_of(config->content_path ? config->content_path : ""),
        .resume = {resume, sizeof(resume)},
    };
    memcpy(welcome.options, room->plan.options, sizeof(welcome.options));
    room_send_bytes(&room->links[seat], sk_encode_welcome(config->encoder, &welcome));
}

/* Its nonce is the same, so the old one stays good and nothing is lost when the message is. */
static void send_resume(struct room *room, uint16_t seat)
{
    char text[TICKET_TEXT_BYTES];
    write_resume(room, seat, text);
    room_send_bytes(&room->links[seat],
                    sk_encode_resume(room->config.encoder, (struct sk_text){text, sizeof(text)}));
}

void room_renew_tickets(struct room *room)
{
    if (match_tick(&room->match) % (RENEW_CHECK_SECONDS * room->plan.tick_hz) != 0) {
        return;
    }
    uint64_t now_s = wall_clock_s(room);
    for (uint32_t i = 0; i < room->seat_count; i++) {
        const struct seat_link *link = &room->links[i];
        if (link->connection && now_s >= link->ticket_s + RENEW_SECONDS) {
            send_resume(room, (uint16_t)i);
        }
    }
}

/* In parts, so that no message is large however many seats there are. */
void room_send_roster(struct room *room, struct seat_link *to)
{
    struct roster_seats seats = {room->match.seats, room->links, room->plan.players_max};
    uint32_t count = roster_fill(&seats, to != NULL, room->roster);
    for (uint32_t from = 0; from < count; from += ROSTER_ROWS_MAX) {
        uint32_t rows = count - from < ROSTER_ROWS_MAX ? count - from : ROSTER_ROWS_MAX;
        struct sk_bytes bytes = sk_encode_roster(room->config.encoder, room->roster + from, rows);
        if (to) {
            room_send_bytes(to, bytes);
        } else {
            room_send_all(room, bytes);
        }
    }
}

/* May the seat's connection be sent a snapshot now?  One that acks nothing is closed. */
static bool may_send(struct room *room, struct seat_link *link, uint64_t now_us)
{
    if (sent_snapshots_unacked_ms(&link->sent, now_us) > SK_ACK_TIMEOUT_MS) {
        room_close_link(room, link, SK_REASON_SLOW_READER);
        return false;
    }
    if (link->transport->has_unsent(link->connection)) {
        room->counts.snapshots_held_unsent++;
        link->snapshots_held++;
        return false;
    }
    if (!sent_snapshots_may_send(&link->sent, now_us)) {
        room->counts.snapshots_held_unacked++;
        link->snapshots_held++;
        return false;
    }
    return true;
}

/* Which of the inputs since the snapshot that the client has before this one were no fresh ones. */
static uint16_t repeated_since(const struct seat_link *link, uint32_t tick)
{
    uint32_t before = sent_snapshots_known(&link->sent);
    uint32_t ticks = before == 0 ? REPEATED_TICKS_MAX : tick - before;
    uint32_t known = ticks < REPEATED_TICKS_MAX ? (uint32_t)UINT16_MAX << ticks : 0;
    return (uint16_t)(link->repeated & ~known);
}

static int write_head(struct room *room, uint16_t seat, const struct replicate_body *body,
                      uint8_t *out, size_t capacity)
{
    struct seat_link *link = &room->links[seat];
    uint32_t dropped_ticks = room->clock.dropped_ticks - link->dropped_before;
    bool tells = room_untold_ticks(room, link, link->sent.acked_tick) > 0;
    bool tells_command = link->command_tick > link->sent.acked_tick;
    struct sk_own_part own = {.input_tick = link->inbox.newest_tick,
                              .newest_sixteenths = link->newest_sixteenths,
                              .margin_sixteenths = seat_link_pop_margin(link),
                              .repeated = repeated_since(link, room->replicate.newest_tick),
                              .dropped_ticks = (uint16_t)(tells ? dropped_ticks : 0),
                              .tells_dropped = tells,
                              .command_number = (uint8_t)(tells_command ? link->command_number : 0),
                              .tells_command = tells_command,
                              .has_player = seat < room->plan.players_max,
                              .player = seat};
    return replicate_write_head(&room->replicate, body, room->match.world, &own, out, capacity);
}

static void send_snapshot(struct room *room, const struct baseline_claim *claim, uint64_t now_us)
{
    uint8_t head[SK_OWN_PART_BYTES_MAX + HEAD_BYTES_MAX];
    struct seat_link *link = &room->links[claim->seat];
    const struct replicate_body *body = replicate_body(&room->replicate, claim->held);
    int head_bytes = body ? write_head(room, claim->seat, body, head, sizeof(head)) : SK_ERR_FULL;
    if (head_bytes < 0) {
        room_fail(room, "its world does not fit a snapshot");
        return;
    }
    struct transport_message message = {head, (size_t)head_bytes, body->bytes, body->size};
    link->transport->send(link->connection, &message, TRANSPORT_LOSSY);
    sent_snapshots_on_sent(&link->sent, room->replicate.newest_tick, now_us);
    room->counts.snapshots_sent++;
    room->counts.snapshot_bytes += message.head_bytes + message.body_bytes;
}

/* Notes who gets the newest snapshot, and what each has.  Returns how many do. */
static uint32_t gather_claims(struct room *room, uint64_t now_us)
{
    const struct replicate *replicate = &room->replicate;
    uint32_t count = 0;
    for (uint32_t i = 0; i < room->seat_count; i++) {
        struct seat_link *link = &room->links[i];
        if (link->connection && may_send(room, link, now_us)) {
            uint32_t held =
                sent_snapshots_held(&link->sent, replicate->newest_tick, replicate->oldest_tick);
            room->claims[count++] = (struct baseline_claim){held, (uint16_t)i};
        }
    }
    return count;
}

void room_send_snapshots(struct room *room, uint64_t now_us)
{
    uint32_t count = gather_claims(room, now_us);
    replicate_choose(&room->replicate, room->claims, count);
    for (uint32_t i = 0; i < count && !room->failure; i++) {
        send_snapshot(room, &room->claims[i], now_us);
    }
}
