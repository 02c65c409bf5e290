/* test_lobby.c - who gets which seat in which room, and when a room goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lobby.h"
#include "support/toy_hmac.h"

enum { HOLD_US = 10000000, REAP_US = 30000000, ROOMS = 3 };

static const char *const option_names[] = {"rounds"};
static const uint32_t option_mins[] = {1};
static const uint32_t option_maxes[] = {9};
static const uint32_t option_defaults[] = {3};

static const struct lobby_game games[] = {
    {"duel", 2, 4, 1, option_names, option_mins, option_maxes, option_defaults, NULL},
    {"duo", 2, 2, 0, NULL, NULL, NULL, NULL, NULL},
};

static uint64_t next_bits(void *context)
{
    uint64_t *bits = context;
    *bits = *bits * 6364136223846793005u + 1442695040888963407u;
    return *bits ^ *bits >> 29;
}

static void *allocate(void *context, size_t bytes)
{
    (void)context;
    return malloc(bytes);
}

static void *allocate_nothing(void *context, size_t bytes)
{
    (void)context;
    (void)bytes;
    return NULL;
}

static void release(void *context, void *block)
{
    (void)context;
    free(block);
}

static const struct ticket_keys keys = {{{1}, {2}}, {10, 9}, toy_hmac};

static uint64_t bits;

static struct lobby_config make_config(void)
{
    bits = 1;
    return (struct lobby_config){.games = games,
                                 .game_count = 2,
                                 .rooms_max = ROOMS,
                                 .worker_count = 2,
                                 .hold_us = HOLD_US,
                                 .reap_us = REAP_US,
                                 .keys = &keys,
                                 .random_bits = next_bits,
                                 .context = &bits,
                                 .allocator = {allocate, release, NULL}};
}

/* What each room told last, by its slot. */
static struct lobby_room_state told[ROOMS];

static int set_up(void **state)
{
    memset(told, 0, sizeof(told));
    struct lobby_config config = make_config();
    *state = lobby_create(&config);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    lobby_destroy(*state);
    return 0;
}

static struct lobby_request quick(void)
{
    struct lobby_request request = {.name = "Ada", .name_bytes = 3, .is_public = true};
    memset(request.options, 0xff, sizeof(request.options));
    return request;
}

static struct lobby_request created(void)
{
    struct lobby_request request = quick();
    request.create = true;
    return request;
}

static struct lobby_request of_peer(struct lobby_request request, uint32_t peer)
{
    request.peer = peer;
    return request;
}

static struct lobby_request by_code(const struct lobby_grant *grant)
{
    struct lobby_request request = quick();
    request.code = grant->room->code;
    request.code_bytes = SK_CODE_BYTES;
    return request;
}

/* A request that must be granted, at time 0. */
static struct lobby_grant granted(struct lobby *lobby, struct lobby_request request)
{
    struct lobby_grant grant = {0};
    assert_int_equal(lobby_join(lobby, &request, 0, &grant), SK_REASON_NONE);
    return grant;
}

static void assert_refused(struct lobby *lobby, struct lobby_request request, enum sk_reason want)
{
    struct lobby_grant grant;
    assert_string_equal(sk_reason_word(lobby_join(lobby, &request, 0, &grant)),
                        sk_reason_word(want));
}

static void tell(struct lobby *lobby, const struct lobby_room *room, uint64_t now_us)
{
    lobby_on_room_state(lobby, room->id, room->epoch, &told[room->id], now_us);
}

/* Its hello came. */
static void on_taken(struct lobby *lobby, const struct lobby_grant *grant)
{
    struct room_occupancy *occupancy = &told[grant->room->id].occupancy;
    room_occupancy_add(occupancy, grant->seat);
    occupancy->claim_count++;
    told[grant->room->id].worker = grant->room->worker;
    tell(lobby, grant->room, 0);
}

static void forget(struct room_occupancy *occupancy, uint16_t seat)
{
    occupancy->in_use[seat / 64] &= ~((uint64_t)1 << seat % 64);
}

static void on_freed(struct lobby *lobby, const struct lobby_grant *grant, uint64_t now_us)
{
    forget(&told[grant->room->id].occupancy, grant->seat);
    tell(lobby, grant->room, now_us);
}

static void on_weight(struct lobby *lobby, const struct lobby_room *room, bool is_heavy)
{
    told[room->id].is_heavy = is_heavy;
    told[room->id].worker = room->worker;
    tell(lobby, room, 0);
}

/* Closes a room, or cannot. */
struct closer {
    uint32_t room_count;
    bool cannot;
};

static bool on_close(void *context, const struct lobby_room *room)
{
    struct closer *closer = context;
    assert_true(room->is_open);
    closer->room_count++;
    return !closer->cannot;
}

/* Returns how many rooms are closed. */
static uint32_t poll(struct lobby *lobby, uint64_t now_us)
{
    struct closer closer = {0};
    lobby_poll(lobby, now_us, on_close, &closer);
    return closer.room_count;
}

/* What was sent where. */
struct mover {
    uint32_t count;
    uint32_t room;
    uint32_t target;
    bool cannot;
};

static bool on_move(void *context, const struct lobby_room *room, uint32_t target)
{
    struct mover *mover = context;
    mover->count++;
    mover->room = room->id;
    mover->target = target;
    return !mover->cannot;
}

static struct mover poll_moves(struct lobby *lobby, uint64_t now_us)
{
    struct mover mover = {0};
    lobby_poll_moves(lobby, now_us, on_move, &mover);
    return mover;
}

static void on_arrived(struct lobby *lobby, const struct lobby_room *room, uint8_t worker)
{
    told[room->id].worker = worker;
    told[room->id].moves++;
    tell(lobby, room, 0);
}

/* A new room in which one plays. */
static struct lobby_grant played(struct lobby *lobby)
{
    struct lobby_grant grant = granted(lobby, created());
    on_taken(lobby, &grant);
    return grant;
}

/* The room told something before the command to move had come to it. */
static void on_other_word(struct lobby *lobby, const struct lobby_room *room)
{
    tell(lobby, room, 0);
}

/* --- finding ---------------------------------------------------------------------------------- */

static void test_lobby_quick_join_opens_the_first_room(void **state)
{
    struct lobby_grant grant = granted(*state, quick());
    assert_true(grant.is_new);
    assert_int_equal(grant.seat, 0);
    assert_true(grant.nonce != 0);
    assert_int_equal(grant.room->players_max, 4);
    assert_int_equal(grant.room->options[0], 3);
}

static void test_lobby_quick_join_picks_the_fullest(void **state)
{
    granted(*state, created());
    struct lobby_grant second = granted(*state, created());
    struct lobby_request again = by_code(&second);
    granted(*state, again);
    struct lobby_grant quickly = granted(*state, quick());
    assert_false(quickly.is_new);
    assert_int_equal(quickly.room->id, second.room->id);
    assert_int_equal(quickly.seat, 2);
}

static void test_lobby_quick_join_passes_over_a_full_room(void **state)
{
    struct lobby_request request = quick();
    request.players_max = 2;
    struct lobby_grant first = granted(*state, request);
    granted(*state, request);
    struct lobby_grant third = granted(*state, request);
    assert_true(third.is_new);
    assert_true(third.room->id != first.room->id);
}

static void test_lobby_quick_join_passes_over_private_and_locked_rooms(void **state)
{
    struct lobby_request hidden = created();
    hidden.is_public = false;
    granted(*state, hidden);
    struct lobby_request locked = created();
    locked.password = "pw";
    locked.password_bytes = 2;
    granted(*state, locked);
    assert_true(granted(*state, quick()).is_new);
}

static void test_lobby_quick_join_keeps_to_the_options_it_names(void **state)
{
    struct lobby_request request = quick();
    request.options[0] = 5;
    struct lobby_grant five = granted(*state, request);
    request.options[0] = 7;
    struct lobby_grant seven = granted(*state, request);
    assert_true(seven.is_new);
    assert_int_not_equal(seven.room->id, five.room->id);
    request.options[0] = 5;
    assert_int_equal(granted(*state, request).room->id, five.room->id);
    request.options[0] = LOBBY_NO_OPTION;
    assert_int_equal(granted(*state, request).room->id, five.room->id);
    request.options[0] = 10; /* no room has what none may have */
    assert_refused(*state, request, SK_REASON_REQUEST_BAD);
}

static void test_lobby_quick_join_keeps_to_its_game(void **state)
{
    struct lobby_request request = quick();
    granted(*state, request);
    request.game = "duo";
    request.game_bytes = 3;
    struct lobby_grant grant = granted(*state, request);
    assert_true(grant.is_new);
    assert_int_equal(grant.room->game, 1);
}

static void test_lobby_unknown_game_is_refused(void **state)
{
    static const char *const names[] = {"du", "duels", "x"};
    for (size_t i = 0; i < 3; i++) {
        struct lobby_request request = quick();
        request.game = names[i];
        request.game_bytes = strlen(names[i]);
        assert_refused(*state, request, SK_REASON_GAME_UNKNOWN);
    }
}

static void test_lobby_code_finds_a_private_room(void **state)
{
    struct lobby_request hidden = created();
    hidden.is_public = false;
    struct lobby_grant first = granted(*state, hidden);
    struct lobby_grant second = granted(*state, by_code(&first));
    assert_int_equal(second.room->id, first.room->id);
    assert_int_equal(second.seat, 1);
    assert_true(second.nonce != first.nonce);
}

static void test_lobby_unknown_code_is_refused(void **state)
{
    struct lobby_grant grant = granted(*state, created());
    struct lobby_request request = by_code(&grant);
    char code[SK_CODE_BYTES];
    memcpy(code, grant.room->code, sizeof(code));
    code[5] = '0'; /* never part of a code */
    request.code = code;
    assert_refused(*state, request, SK_REASON_ROOM_UNKNOWN);
    request = by_code(&grant);
    request.code_bytes--;
    assert_refused(*state, request, SK_REASON_ROOM_UNKNOWN);
}

static void test_lobby_password_must_be_the_same(void **state)
{
    static const char *const others[] = {"secreT", "secre", "secrets", ""};
    struct lobby_request locked = created();
    locked.password = "secret";
    locked.password_bytes = 6;
    struct lobby_grant grant = granted(*state, locked);
    struct lobby_request request = by_code(&grant);
    for (size_t i = 0; i < 4; i++) {
        request.password = others[i];
        request.password_bytes = strlen(others[i]);
        assert_refused(*state, request, SK_REASON_ROOM_PASSWORD);
    }
    request.password = "secret";
    request.password_bytes = 6;
    granted(*state, request);
}

static void test_lobby_room_without_a_seat_is_full(void **state)
{
    struct lobby_request request = created();
    request.players_max = 2;
    struct lobby_grant grant = granted(*state, request);
    granted(*state, by_code(&grant));
    assert_refused(*state, by_code(&grant), SK_REASON_ROOM_FULL);
}

static void test_lobby_spectator_has_a_seat_beyond_the_players(void **state)
{
    struct lobby_request request = created();
    request.players_max = 2;
    struct lobby_grant grant = granted(*state, request);
    granted(*state, by_code(&grant));
    struct lobby_request watching = by_code(&grant);
    watching.spectate = true;
    for (uint16_t i = 0; i < LOBBY_SPECTATORS_MAX; i++) {
        assert_int_equal(granted(*state, watching).seat, 2 + i);
    }
    assert_refused(*state, watching, SK_REASON_ROOM_FULL);
}

/* --- opening ---------------------------------------------------------------------------------- */

static void test_lobby_last_slot_used_is_rooms_full(void **state)
{
    for (uint32_t i = 0; i < ROOMS; i++) {
        granted(*state, created());
    }
    assert_refused(*state, created(), SK_REASON_ROOMS_FULL);
}

static void test_lobby_rooms_are_spread_over_workers(void **state)
{
    const struct lobby_room *first = granted(*state, created()).room;
    const struct lobby_room *second = granted(*state, created()).room;
    assert_int_equal(first->worker, 0);
    assert_int_equal(second->worker, 1);
    assert_int_equal(second->id, first->id + 1); /* which tells nothing of its worker */
}

static void test_lobby_heavy_room_has_its_worker_to_itself(void **state)
{
    const struct lobby_room *heavy = granted(*state, created()).room;
    on_weight(*state, heavy, true);
    assert_int_equal(granted(*state, created()).room->worker, 1);
    assert_int_equal(granted(*state, created()).room->worker, 1);
}

static void test_lobby_room_that_is_light_again_shares_its_worker(void **state)
{
    const struct lobby_room *heavy = granted(*state, created()).room;
    on_weight(*state, heavy, true);
    assert_int_equal(granted(*state, created()).room->worker, 1);
    on_weight(*state, heavy, false);
    assert_int_equal(granted(*state, created()).room->worker, 0);
}

static void test_lobby_setting_out_of_range_is_refused(void **state)
{
    static const struct {
        uint32_t players_max;
        uint32_t option;
    } faults[] = {{1, 3}, {5, 3}, {4, 0}, {4, 10}};
    for (size_t i = 0; i < 4; i++) {
        struct lobby_request request = created();
        request.players_max = faults[i].players_max;
        request.options[0] = faults[i].option;
        assert_refused(*state, request, SK_REASON_REQUEST_BAD);
    }
    struct lobby_request request = created();
    request.players_max = 2;
    request.options[0] = 9;
    assert_int_equal(granted(*state, request).room->options[0], 9);
}

static void test_lobby_bad_name_is_refused(void **state)
{
    struct lobby_request request = quick();
    request.name_bytes = 0;
    assert_refused(*state, request, SK_REASON_NAME_BAD);
    request.name = "123456789012345678901234567890123";
    request.name_bytes = SK_NAME_BYTES_MAX + 1;
    assert_refused(*state, request, SK_REASON_NAME_BAD);
}

static void test_lobby_stopped_gives_no_seat(void **state)
{
    lobby_stop(*state);
    assert_refused(*state, quick(), SK_REASON_SERVER_STOPPING);
}

static void test_lobby_create_without_memory_is_null(void **state)
{
    struct lobby_config config = make_config();
    (void)state;
    config.allocator.allocate = allocate_nothing;
    assert_null(lobby_create(&config));
}

/* --- time ------------------------------------------------------------------------------------- */

static void test_lobby_hold_expires_after_its_time(void **state)
{
    struct lobby_grant grant = granted(*state, quick());
    assert_int_equal(grant.held_until_us, HOLD_US);
    poll(*state, HOLD_US - 1);
    assert_int_equal(grant.room->held_seats, 1);
    assert_int_equal(granted(*state, quick()).seat, grant.seat + 1);
    poll(*state, HOLD_US);
    assert_int_equal(grant.room->held_seats, 0);
    assert_int_equal(granted(*state, quick()).seat, grant.seat);
}

static void test_lobby_taken_seat_does_not_expire(void **state)
{
    struct lobby_grant grant = granted(*state, quick());
    on_taken(*state, &grant);
    assert_int_equal(poll(*state, HOLD_US + REAP_US), 0);
    assert_int_equal(grant.room->used_seats, 1);
    assert_int_equal(grant.room->held_seats, 0);
}

static void test_lobby_empty_room_is_reaped_and_its_slot_used_again(void **state)
{
    struct lobby_grant grant = granted(*state, quick());
    uint32_t id = grant.room->id;
    uint64_t epoch = grant.room->epoch;
    on_taken(*state, &grant);
    on_freed(*state, &grant, 5);
    assert_int_equal(poll(*state, REAP_US + 4), 0);
    assert_non_null(lobby_find(*state, id, epoch));
    assert_int_equal(poll(*state, REAP_US + 5), 1);
    assert_null(lobby_find(*state, id, epoch));
    grant = granted(*state, quick());
    assert_int_equal(grant.room->id, id);
    assert_true(grant.room->epoch != epoch);
}

static void test_lobby_room_that_cannot_be_closed_is_tried_again(void **state)
{
    struct lobby_grant grant = granted(*state, quick());
    struct closer closer = {.cannot = true};
    poll(*state, HOLD_US);
    lobby_poll(*state, HOLD_US + REAP_US, on_close, &closer);
    assert_int_equal(closer.room_count, 1);
    assert_ptr_equal(lobby_next(*state, NULL), grant.room);
    assert_int_equal(poll(*state, HOLD_US + REAP_US), 1);
    assert_null(lobby_next(*state, NULL));
}

static void test_lobby_room_that_nobody_entered_is_reaped_soon(void **state)
{
    granted(*state, quick());
    assert_int_equal(poll(*state, HOLD_US), 0);
    assert_int_equal(poll(*state, HOLD_US + REAP_US / 5 - 1), 0);
    assert_int_equal(poll(*state, HOLD_US + REAP_US / 5), 1);
}

static void test_lobby_room_with_a_spectator_is_not_reaped(void **state)
{
    struct lobby_request request = created();
    request.spectate = true;
    struct lobby_grant grant = granted(*state, request);
    on_taken(*state, &grant);
    assert_int_equal(grant.room->watchers, 1);
    assert_int_equal(poll(*state, 2 * (HOLD_US + REAP_US)), 0);
    on_freed(*state, &grant, 0);
    assert_int_equal(poll(*state, 2 * (HOLD_US + REAP_US)), 1);
}

/* The hello came in time, but the word of it after the hold had expired. */
static void test_lobby_late_word_of_a_taken_seat_counts(void **state)
{
    struct lobby_grant grant = granted(*state, quick());
    poll(*state, HOLD_US);
    on_taken(*state, &grant);
    assert_int_equal(grant.room->used_seats, 1);
    assert_int_equal(granted(*state, quick()).seat, 1);
}

/* As before, and the seat was given to a second one meanwhile. */
static void test_lobby_late_word_beats_a_second_hold(void **state)
{
    struct lobby_grant first = granted(*state, quick());
    poll(*state, HOLD_US);
    struct lobby_grant second = granted(*state, quick());
    assert_int_equal(second.seat, first.seat);
    on_taken(*state, &first);
    assert_int_equal(first.room->used_seats, 1);
    assert_int_equal(first.room->held_seats, 0);
    poll(*state, 2 * HOLD_US);
    assert_int_equal(first.room->used_seats, 1);
    on_freed(*state, &first, 0);
    assert_int_equal(first.room->used_seats, 0);
}

static void test_lobby_same_word_twice_changes_nothing(void **state)
{
    struct lobby_grant first = granted(*state, quick());
    struct lobby_grant second = granted(*state, quick());
    on_taken(*state, &first);
    tell(*state, first.room, 5);
    assert_int_equal(first.room->used_seats, 1);
    assert_int_equal(first.room->held_seats, 1);
    on_taken(*state, &second);
    on_freed(*state, &first, 7);
    tell(*state, first.room, 9);
    assert_int_equal(first.room->used_seats, 1);
    assert_int_equal(first.room->held_seats, 0);
    assert_int_equal(first.room->empty_since_us, 7);
}

/* One left and another came: the lobby hears of both at once. */
static void test_lobby_word_of_several_changes_counts_them_all(void **state)
{
    struct lobby_grant first = granted(*state, quick());
    struct lobby_grant second = granted(*state, quick());
    on_taken(*state, &first);
    forget(&told[first.room->id].occupancy, first.seat);
    told[first.room->id].occupancy.bot_count = 3;
    on_taken(*state, &second);
    assert_int_equal(first.room->used_seats, 1);
    assert_int_equal(first.room->held_seats, 0);
    assert_int_equal(first.room->bots, 3);
    assert_int_equal(granted(*state, quick()).seat, first.seat);
}

/* They came and left before the lobby heard of it: the reservation runs out, and the room is one
 * that was entered. */
static void test_lobby_unseen_visit_leaves_the_reservation(void **state)
{
    struct lobby_grant grant = granted(*state, quick());
    told[grant.room->id].occupancy.claim_count = 1;
    tell(*state, grant.room, 0);
    assert_int_equal(grant.room->used_seats, 0);
    assert_int_equal(grant.room->held_seats, 1);
    assert_int_equal(poll(*state, HOLD_US), 0);
    assert_int_equal(grant.room->held_seats, 0);
    assert_int_equal(poll(*state, HOLD_US + REAP_US - 1), 0);
    assert_int_equal(poll(*state, HOLD_US + REAP_US), 1);
}

static void test_lobby_word_of_a_gone_room_is_ignored(void **state)
{
    struct lobby_grant grant = granted(*state, quick());
    uint32_t id = grant.room->id;
    uint64_t epoch = grant.room->epoch;
    lobby_on_room_gone(*state, id, epoch);
    lobby_on_room_state(*state, id, epoch, &told[id], 0);
    lobby_on_room_gone(*state, id, epoch);
    assert_null(lobby_next(*state, NULL));
    granted(*state, quick());
    lobby_on_room_gone(*state, id, epoch);
    assert_non_null(lobby_next(*state, NULL));
}

static void test_lobby_next_walks_open_rooms(void **state)
{
    assert_null(lobby_next(*state, NULL));
    uint32_t first = granted(*state, created()).room->id;
    struct lobby_grant middle = granted(*state, created());
    uint32_t last = granted(*state, created()).room->id;
    lobby_on_room_gone(*state, middle.room->id, middle.room->epoch);
    const struct lobby_room *room = lobby_next(*state, NULL);
    assert_int_equal(room->id, first);
    room = lobby_next(*state, room);
    assert_int_equal(room->id, last);
    assert_null(lobby_next(*state, room));
}

/* --- moves ------------------------------------------------------------------------------------ */

enum { SECOND_US = 1000000 };

/* The first and the third room are worker 0's, the second worker 1's. */
static void test_lobby_heavy_room_leaves_light_ones_for_an_idle_worker(void **state)
{
    const struct lobby_room *heavy = played(*state).room;
    struct lobby_grant other = played(*state);
    played(*state);
    on_weight(*state, heavy, true);
    assert_int_equal(poll_moves(*state, SECOND_US).count, 0); /* it would share there too */
    on_freed(*state, &other, 0);
    struct mover mover = poll_moves(*state, SECOND_US);
    assert_int_equal(mover.count, 1);
    assert_int_equal(mover.room, heavy->id);
    assert_int_equal(mover.target, 1);
    assert_int_equal(heavy->worker, 0);
    on_other_word(*state, heavy);
    assert_true(heavy->is_moving);
    assert_int_equal(poll_moves(*state, 60 * SECOND_US).count, 0); /* it is under way */
    on_arrived(*state, heavy, 1);
    assert_int_equal(heavy->worker, 1);
    assert_false(heavy->is_moving);
}

/* Somebody in it is connected by a transport that cannot go to another worker. */
static void test_lobby_bound_heavy_room_is_left_by_the_others(void **state)
{
    const struct lobby_room *heavy = played(*state).room;
    struct lobby_grant other = played(*state);
    const struct lobby_room *light = played(*state).room;
    on_freed(*state, &other, 0);
    told[heavy->id].occupancy.is_bound = true;
    on_weight(*state, heavy, true);
    struct mover mover = poll_moves(*state, SECOND_US);
    assert_int_equal(mover.count, 1);
    assert_int_equal(mover.room, light->id);
    assert_int_equal(mover.target, 1);
    on_arrived(*state, light, 1);
    assert_int_equal(poll_moves(*state, 60 * SECOND_US).count, 0);
}

static void test_lobby_heavy_rooms_part_from_each_other(void **state)
{
    const struct lobby_room *first = played(*state).room;
    played(*state);
    const struct lobby_room *third = played(*state).room;
    on_weight(*state, first, true);
    on_weight(*state, third, true);
    struct mover mover = poll_moves(*state, SECOND_US);
    assert_int_equal(mover.count, 1);
    assert_int_equal(mover.target, 1);
    on_arrived(*state, first, 1);
    assert_int_equal(poll_moves(*state, 60 * SECOND_US).count, 0); /* one each */
}

static void test_lobby_moved_room_rests(void **state)
{
    const struct lobby_room *heavy = played(*state).room;
    struct lobby_grant other = played(*state);
    played(*state);
    on_weight(*state, heavy, true);
    on_freed(*state, &other, 0);
    assert_int_equal(poll_moves(*state, SECOND_US).count, 1);
    on_arrived(*state, heavy, 1);
    on_arrived(*state, heavy, 0); /* as if it were back beside the light one */
    assert_int_equal(poll_moves(*state, SECOND_US + LOBBY_MOVE_REST_S * SECOND_US - 1).count, 0);
    assert_int_equal(poll_moves(*state, SECOND_US + LOBBY_MOVE_REST_S * SECOND_US).count, 1);
}

static void test_lobby_room_that_stays_may_be_closed(void **state)
{
    struct lobby_grant heavy = played(*state);
    struct lobby_grant other = played(*state);
    played(*state);
    on_weight(*state, heavy.room, true);
    on_freed(*state, &other, 0);
    assert_int_equal(poll_moves(*state, SECOND_US).count, 1);
    on_arrived(*state, heavy.room, 0); /* where it was: it could not go */
    assert_false(heavy.room->is_moving);
    assert_int_equal(heavy.room->worker, 0);
    on_freed(*state, &heavy, SECOND_US);
    assert_int_equal(poll(*state, SECOND_US + REAP_US), 2);
}

static void test_lobby_room_that_could_not_be_moved_is_tried_again(void **state)
{
    const struct lobby_room *first = played(*state).room;
    struct mover mover = {.cannot = true};
    played(*state);
    const struct lobby_room *third = played(*state).room;
    on_weight(*state, first, true);
    on_weight(*state, third, true);
    lobby_poll_moves(*state, SECOND_US, on_move, &mover);
    assert_int_equal(mover.count, 1);
    assert_int_equal(poll_moves(*state, SECOND_US).count, 1);
}

static void test_lobby_light_or_empty_room_stays(void **state)
{
    struct lobby_grant first = played(*state);
    struct lobby_grant other = played(*state);
    played(*state);
    on_freed(*state, &other, 0);
    assert_int_equal(poll_moves(*state, SECOND_US).count, 0);
    on_weight(*state, first.room, true);
    on_freed(*state, &first, 0);
    assert_int_equal(poll_moves(*state, SECOND_US).count, 0);
}

static void test_lobby_room_under_way_is_not_closed(void **state)
{
    struct lobby_grant heavy = played(*state);
    struct lobby_grant other = played(*state);
    played(*state);
    on_weight(*state, heavy.room, true);
    on_freed(*state, &other, 0);
    assert_int_equal(poll_moves(*state, SECOND_US).count, 1);
    on_freed(*state, &heavy, SECOND_US);
    assert_int_equal(poll(*state, SECOND_US + REAP_US), 1); /* the other */
    assert_true(heavy.room->is_open);
    on_arrived(*state, heavy.room, 1);
    assert_int_equal(poll(*state, SECOND_US + REAP_US), 1);
}

static void test_lobby_room_under_way_counts_where_it_goes(void **state)
{
    const struct lobby_room *heavy = played(*state).room;
    struct lobby_grant other = played(*state);
    played(*state);
    on_weight(*state, heavy, true);
    lobby_on_room_gone(*state, other.room->id, other.room->epoch);
    assert_int_equal(poll_moves(*state, SECOND_US).count, 1);
    assert_int_equal(granted(*state, created()).room->worker, 0);
}

#define LOBBY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void test_lobby_peer_has_a_limit_of_seats(void **state)
{
    struct lobby_config config = make_config();
    config.seats_a_peer = 2;
    struct lobby *lobby = lobby_create(&config);
    struct lobby_grant grant;
    struct lobby_request mine = of_peer(quick(), 7);
    struct lobby_request others = of_peer(quick(), LOBBY_PEERS_MAX);
    (void)state;
    struct lobby_grant first = granted(lobby, mine);
    (void)granted(lobby, mine);
    assert_int_equal(lobby_join(lobby, &mine, 0, &grant), SK_REASON_ADDRESS_LIMIT);
    (void)granted(lobby, others);
    memset(told, 0, sizeof(told));
    on_taken(lobby, &first);
    assert_int_equal(lobby_join(lobby, &mine, 0, &grant), SK_REASON_ADDRESS_LIMIT);
    on_freed(lobby, &first, 0);
    (void)granted(lobby, mine);
    assert_int_equal(lobby_join(lobby, &mine, 0, &grant), SK_REASON_ADDRESS_LIMIT);
    lobby_on_room_gone(lobby, first.room->id, first.room->epoch); /* all its seats are free again */
    (void)granted(lobby, mine);
    (void)granted(lobby, mine);
    (void)granted(lobby, quick()); /* nobody's */
    lobby_destroy(lobby);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOBBY_TEST(test_lobby_quick_join_opens_the_first_room),
        LOBBY_TEST(test_lobby_quick_join_picks_the_fullest),
        LOBBY_TEST(test_lobby_quick_join_passes_over_a_full_room),
        LOBBY_TEST(test_lobby_quick_join_passes_over_private_and_locked_rooms),
        LOBBY_TEST(test_lobby_quick_join_keeps_to_the_options_it_names),
        LOBBY_TEST(test_lobby_quick_join_keeps_to_its_game),
        LOBBY_TEST(test_lobby_unknown_game_is_refused),
        LOBBY_TEST(test_lobby_code_finds_a_private_room),
        LOBBY_TEST(test_lobby_unknown_code_is_refused),
        LOBBY_TEST(test_lobby_password_must_be_the_same),
        LOBBY_TEST(test_lobby_room_without_a_seat_is_full),
        LOBBY_TEST(test_lobby_spectator_has_a_seat_beyond_the_players),
        LOBBY_TEST(test_lobby_last_slot_used_is_rooms_full),
        LOBBY_TEST(test_lobby_rooms_are_spread_over_workers),
        LOBBY_TEST(test_lobby_heavy_room_has_its_worker_to_itself),
        LOBBY_TEST(test_lobby_room_that_is_light_again_shares_its_worker),
        LOBBY_TEST(test_lobby_setting_out_of_range_is_refused),
        LOBBY_TEST(test_lobby_bad_name_is_refused),
        LOBBY_TEST(test_lobby_stopped_gives_no_seat),
        LOBBY_TEST(test_lobby_create_without_memory_is_null),
        LOBBY_TEST(test_lobby_hold_expires_after_its_time),
        LOBBY_TEST(test_lobby_taken_seat_does_not_expire),
        LOBBY_TEST(test_lobby_empty_room_is_reaped_and_its_slot_used_again),
        LOBBY_TEST(test_lobby_room_that_cannot_be_closed_is_tried_again),
        LOBBY_TEST(test_lobby_room_that_nobody_entered_is_reaped_soon),
        LOBBY_TEST(test_lobby_room_with_a_spectator_is_not_reaped),
        LOBBY_TEST(test_lobby_late_word_of_a_taken_seat_counts),
        LOBBY_TEST(test_lobby_late_word_beats_a_second_hold),
        LOBBY_TEST(test_lobby_same_word_twice_changes_nothing),
        LOBBY_TEST(test_lobby_word_of_several_changes_counts_them_all),
        LOBBY_TEST(test_lobby_unseen_visit_leaves_the_reservation),
        LOBBY_TEST(test_lobby_word_of_a_gone_room_is_ignored),
        LOBBY_TEST(test_lobby_heavy_room_leaves_light_ones_for_an_idle_worker),
        LOBBY_TEST(test_lobby_bound_heavy_room_is_left_by_the_others),
        LOBBY_TEST(test_lobby_heavy_rooms_part_from_each_other),
        LOBBY_TEST(test_lobby_moved_room_rests),
        LOBBY_TEST(test_lobby_room_that_stays_may_be_closed),
        LOBBY_TEST(test_lobby_room_that_could_not_be_moved_is_tried_again),
        LOBBY_TEST(test_lobby_light_or_empty_room_stays),
        LOBBY_TEST(test_lobby_room_under_way_is_not_closed),
        LOBBY_TEST(test_lobby_room_under_way_counts_where_it_goes),
        LOBBY_TEST(test_lobby_next_walks_open_rooms),
        cmocka_unit_test(test_lobby_peer_has_a_limit_of_seats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
