/* lobby.c - a table of rooms, searched in order of slots; see lobby_state.h.
 *
 * Invariant: an open room has a code that no other open room has.
 */
#include "lobby.h"

#include "base/assert.h"
#include "base/mem.h"
#include "lobby_seats.h"
#include "lobby_workers.h"
#include "worker_loads.h"

enum { ROOMS_MAX = 1 << 24 };
enum { UNENTERED = 5 }; /* a room that nobody entered is reaped so many times as soon */

/* --- life ------------------------------------------------------------------------------------ */

static size_t room_bytes(void)
{
    return sizeof(struct lobby_room) + LOBBY_SEATS_MAX * sizeof(struct lobby_seat);
}

/* A room's seats are reset when it opens, as many as it has, so that memory which is not used is
 * never touched. */
static void carve(struct lobby *lobby)
{
    uint32_t count = lobby->config.rooms_max;
    lobby->rooms = (struct lobby_room *)(lobby + 1);
    struct lobby_seat *seats = (struct lobby_seat *)(lobby->rooms + count);
    for (uint32_t i = 0; i < count; i++) {
        lobby->rooms[i] = (struct lobby_room){0};
        lobby->rooms[i].seats = seats + (size_t)LOBBY_SEATS_MAX * i;
    }
}

struct lobby *lobby_create(const struct lobby_config *config)
{
    SK_ASSERT(config->game_count > 0 && config->game_count <= LOBBY_GAMES_MAX);
    SK_ASSERT(config->rooms_max > 0 && config->rooms_max <= ROOMS_MAX);
    SK_ASSERT(config->worker_count > 0 && config->worker_count <= WORKER_LOADS_MAX);
    size_t bytes = sizeof(struct lobby) + config->rooms_max * room_bytes();
    struct lobby *lobby = config->allocator.allocate(config->allocator.context, bytes);
    if (!lobby) {
        return NULL;
    }
    memset(lobby, 0, sizeof(*lobby));
    lobby->config = *config;
    lobby->next_epoch = config->random_bits(config->context);
    carve(lobby);
    return lobby;
}

void lobby_destroy(struct lobby *lobby)
{
    if (lobby) {
        struct sk_allocator allocator = lobby->config.allocator;
        allocator.release(allocator.context, lobby);
    }
}

void lobby_stop(struct lobby *lobby)
{
    lobby->is_stopped = true;
}

const struct lobby_config *lobby_config_of(const struct lobby *lobby)
{
    return &lobby->config;
}

/* --- finding ---------------------------------------------------------------------------------- */

const struct lobby_room *lobby_next(const struct lobby *lobby, const struct lobby_room *room)
{
    uint32_t slot = room ? (uint32_t)(room - lobby->rooms) + 1 : 0;
    for (; slot < lobby->config.rooms_max; slot++) {
        if (lobby->rooms[slot].is_open) {
            return &lobby->rooms[slot];
        }
    }
    return NULL;
}

static struct lobby_room *find(const struct lobby *lobby, uint32_t id, uint64_t epoch)
{
    if (id >= lobby->config.rooms_max) {
        return NULL;
    }
    struct lobby_room *room = &lobby->rooms[id];
    return room->is_open && room->epoch == epoch ? room : NULL;
}

const struct lobby_room *lobby_find(const struct lobby *lobby, uint32_t id, uint64_t epoch)
{
    return find(lobby, id, epoch);
}

static bool is_code(const struct lobby_room *room, const char *code, size_t bytes)
{
    return room->is_open && bytes == SK_CODE_BYTES && memcmp(room->code, code, bytes) == 0;
}

static struct lobby_room *find_code(struct lobby *lobby, const char *code, size_t bytes)
{
    for (uint32_t i = 0; i < lobby->config.rooms_max; i++) {
        if (is_code(&lobby->rooms[i], code, bytes)) {
            return &lobby->rooms[i];
        }
    }
    return NULL;
}

static uint32_t crowd(const struct lobby_room *room)
{
    return room->used_seats + room->held_seats;
}

/* Has the room every option that was said?  What was not is any. */
static bool has_options(const struct lobby_room *room, const struct lobby_request *request)
{
    for (uint32_t i = 0; i < LOBBY_OPTIONS_MAX; i++) {
        bool is_said = request->options[i] != LOBBY_NO_OPTION;
        if (is_said && request->options[i] != room->options[i]) {
            return false;
        }
    }
    return true;
}

static bool is_wanted(const struct lobby_room *room, uint32_t game,
                      const struct lobby_request *request)
{
    bool fits = room->is_open && room->is_public && !room->has_password;
    bool same = room->game == game &&
                (request->players_max == 0 || request->players_max == room->players_max);
    return fits && same && has_options(room, request) &&
           lobby_seats_find_free(room, request->spectate) != LOBBY_SEATS_MAX;
}

/* The fullest public room with space: matches fill up one after the other. */
static struct lobby_room *find_quick(struct lobby *lobby, uint32_t game,
                                     const struct lobby_request *request)
{
    struct lobby_room *best = NULL;
    for (uint32_t i = 0; i < lobby->config.rooms_max; i++) {
        struct lobby_room *room = &lobby->rooms[i];
        if (is_wanted(room, game, request) && (!best || crowd(room) > crowd(best))) {
            best = room;
        }
    }
    return best;
}

/* Do the counts fit the seats, and is the code its own? */
static bool room_is_sound(struct lobby *lobby, const struct lobby_room *room)
{
    uint32_t workers = lobby->config.worker_count;
    bool is_placed = room->worker < workers && (!room->is_moving || room->target < workers);
    bool is_named = !room->is_open || find_code(lobby, room->code, SK_CODE_BYTES) == room;
    return lobby_seats_is_sound(room) && is_placed && is_named;
}

/* --- opening ---------------------------------------------------------------------------------- */

static void make_code(struct lobby *lobby, char code[SK_CODE_BYTES])
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; /* no I, O, 0, 1 */
    do {
        uint64_t bits = lobby->config.random_bits(lobby->config.context);
        for (size_t i = 0; i < SK_CODE_BYTES; i++) {
            code[i] = letters[bits >> (5 * i) & 31];
        }
    } while (find_code(lobby, code, SK_CODE_BYTES));
}

static enum sk_reason check_options(const struct lobby_game *game,
                                    const struct lobby_request *request)
{
    bool is_seats = request->players_max == 0 || (request->players_max >= game->players_min &&
                                                  request->players_max <= game->players_max);
    if (!is_seats || request->password_bytes > SK_PASSWORD_BYTES_MAX) {
        return SK_REASON_REQUEST_BAD;
    }
    for (uint32_t i = 0; i < game->option_count; i++) {
        uint32_t value = request->options[i];
        bool is_said = value != LOBBY_NO_OPTION;
        if (is_said && (value < game->option_mins[i] || value > game->option_maxes[i])) {
            return SK_REASON_REQUEST_BAD;
        }
    }
    return SK_REASON_NONE;
}

static struct lobby_room *free_slot(struct lobby *lobby)
{
    for (uint32_t i = 0; i < lobby->config.rooms_max; i++) {
        if (!lobby->rooms[i].is_open) {
            return &lobby->rooms[i];
        }
    }
    return NULL;
}

static void set_options(struct lobby_room *room, const struct lobby_game *game,
                        const struct lobby_request *request)
{
    memset(room->options, 0, sizeof(room->options));
    for (uint32_t i = 0; i < game->option_count; i++) {
        bool is_said = request->options[i] != LOBBY_NO_OPTION;
        room->options[i] = is_said ? request->options[i] : game->option_defaults[i];
    }
}

static struct sk_text password_of(const struct lobby_request *request)
{
    return (struct sk_text){request->password, request->password_bytes};
}

static struct lobby_room *open_room(struct lobby *lobby, uint32_t game_index,
                                    const struct lobby_request *request, uint64_t now_us)
{
    const struct lobby_game *game = &lobby->config.games[game_index];
    struct lobby_room *room = free_slot(lobby);
    if (!room) {
        return NULL;
    }
    room->id = (uint32_t)(room - lobby->rooms);
    SK_ASSERT(room->id < lobby->config.rooms_max);
    SK_ASSERT(game_index < lobby->config.game_count);
    room->worker = lobby_workers_emptiest(lobby);
    room->epoch = lobby->next_epoch++;
    make_code(lobby, room->code);
    room->game = game_index;
    room->players_max = request->players_max ? (uint16_t)request->players_max : game->players_max;
    room->is_public = request->is_public;
    room->has_password = request->password_bytes > 0;
    room_password_hash(lobby->config.keys, room->epoch, password_of(request), room->password_hash);
    set_options(room, game, request);
    room->seed = lobby->config.random_bits(lobby->config.context);
    room->secret_seed = lobby->config.random_bits(lobby->config.context);
    room->is_heavy = false;
    room->is_moving = false;
    room->moved_us = 0;
    room->moves = 0;
    room->was_entered = false;
    room->used_seats = 0;
    room->held_seats = 0;
    room->watchers = 0;
    room->bots = 0;
    room->empty_since_us = now_us;
    SK_ASSERT(lobby_seats_total(room) <= LOBBY_SEATS_MAX);
    memset(room->seats, 0, lobby_seats_total(room) * sizeof(*room->seats)); /* LOBBY_SEAT_FREE */
    room->is_open = true;
    return room;
}

/* --- joining ---------------------------------------------------------------------------------- */

static int find_game(const struct lobby *lobby, const struct lobby_request *request)
{
    for (uint32_t i = 0; i < lobby->config.game_count; i++) {
        const char *name = lobby->config.games[i].name;
        size_t at = 0;
        while (at < request->game_bytes && name[at] && name[at] == request->game[at]) {
            at++;
        }
        if (at == request->game_bytes && name[at] == '\0') {
            return (int)i;
        }
    }
    return request->game_bytes == 0 ? 0 : -1;
}

static bool is_password(const struct lobby *lobby, const struct lobby_room *room,
                        const struct lobby_request *request)
{
    return request->password_bytes <= SK_PASSWORD_BYTES_MAX &&
           room_password_fits(lobby->config.keys, room->epoch, password_of(request),
                              room->password_hash);
}

static bool is_name(const struct lobby_request *request)
{
    return request->name_bytes > 0 && request->name_bytes <= SK_NAME_BYTES_MAX;
}

/* Finds the room that is wished for, or opens one; NULL with *reason. */
static struct lobby_room *choose(struct lobby *lobby, const struct lobby_request *request,
                                 uint64_t now_us, bool *is_new, enum sk_reason *reason)
{
    if (request->code_bytes > 0) {
        struct lobby_room *room = find_code(lobby, request->code, request->code_bytes);
        bool may_enter = room && is_password(lobby, room, request);
        *reason = !room ? SK_REASON_ROOM_UNKNOWN : SK_REASON_ROOM_PASSWORD;
        return may_enter ? room : NULL;
    }
    int game = find_game(lobby, request);
    if (game < 0) {
        *reason = SK_REASON_GAME_UNKNOWN;
        return NULL;
    }
    struct lobby_room *room = NULL;
    if (!request->create) {
        room = find_quick(lobby, (uint32_t)game, request);
    }
    if (!room) {
        *reason = check_options(&lobby->config.games[game], request);
        if (*reason != SK_REASON_NONE) {
            return NULL;
        }
        room = open_room(lobby, (uint32_t)game, request, now_us);
        *is_new = true;
        *reason = SK_REASON_ROOMS_FULL;
    }
    return room;
}

enum sk_reason lobby_join(struct lobby *lobby, const struct lobby_request *request, uint64_t now_us,
                          struct lobby_grant *grant)
{
    enum sk_reason reason = SK_REASON_NONE;
    if (lobby->is_stopped) {
        return SK_REASON_SERVER_STOPPING;
    }
    if (!is_name(request)) {
        return SK_REASON_NAME_BAD;
    }
    if (!lobby_seats_may_have(lobby, request->peer)) {
        return SK_REASON_ADDRESS_LIMIT;
    }
    bool is_new = false;
    struct lobby_room *room = choose(lobby, request, now_us, &is_new, &reason);
    if (!room) {
        return reason;
    }
    uint16_t seat = lobby_seats_find_free(room, request->spectate);
    if (seat == LOBBY_SEATS_MAX) {
        SK_ASSERT(!is_new);
        return SK_REASON_ROOM_FULL;
    }
    lobby_seats_hold(lobby, room, seat, request->peer, now_us);
    SK_ASSERT_SLOW(room_is_sound(lobby, room));
    const struct lobby_seat *held = &room->seats[seat];
    *grant = (struct lobby_grant){room, is_new, seat, held->nonce, held->held_until_us};
    return SK_REASON_NONE;
}

/* --- events of rooms -------------------------------------------------------------------------- */

static void close_room(struct lobby *lobby, struct lobby_room *room)
{
    lobby_seats_clear(lobby, room);
    room->is_open = false;
}

void lobby_on_room_state(struct lobby *lobby, uint32_t id, uint64_t epoch,
                         const struct lobby_room_state *state, uint64_t now_us)
{
    const struct room_occupancy *occupancy = &state->occupancy;
    struct lobby_room *room = find(lobby, id, epoch);
    if (!room) {
        return;
    }
    for (uint16_t i = 0; i < lobby_seats_total(room); i++) {
        lobby_seats_set(lobby, room, i, room_occupancy_has(occupancy, i), now_us);
    }
    room->was_entered = occupancy->claim_count > 0;
    room->bots = occupancy->bot_count;
    room->is_bound = occupancy->is_bound;
    room->is_heavy = state->is_heavy;
    SK_ASSERT(state->worker < lobby->config.worker_count);
    room->worker = state->worker;
    room->is_moving = room->is_moving && room->moves == state->moves;
    room->moves = state->moves;
    SK_ASSERT_SLOW(room_is_sound(lobby, room));
}

void lobby_on_room_gone(struct lobby *lobby, uint32_t id, uint64_t epoch)
{
    struct lobby_room *room = find(lobby, id, epoch);
    if (room) {
        close_room(lobby, room);
    }
}

/* --- deadlines -------------------------------------------------------------------------------- */

static bool is_over(const struct lobby *lobby, const struct lobby_room *room, uint64_t now_us)
{
    uint64_t kept_us = lobby->config.reap_us;
    if (!room->was_entered) {
        kept_us /= UNENTERED;
    }
    return lobby_seats_is_empty(room) && !room->is_moving &&
           now_us - room->empty_since_us >= kept_us;
}

void lobby_poll(struct lobby *lobby, uint64_t now_us, lobby_close_fn close, void *context)
{
    for (uint32_t i = 0; i < lobby->config.rooms_max; i++) {
        struct lobby_room *room = &lobby->rooms[i];
        if (!room->is_open) {
            continue;
        }
        lobby_seats_expire(lobby, room, now_us);
        SK_ASSERT_SLOW(room_is_sound(lobby, room));
        if (is_over(lobby, room, now_us) && close(context, room)) {
            close_room(lobby, room);
        }
    }
}
