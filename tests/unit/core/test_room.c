/* test_room.c - seats, messages and time of a match, through a transport that is an array. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "room_state.h"
#include "sim/legal_input.h"
#include "support/toy_room.h"

enum { TICK_US = 1000000 / 60, TEN_TICKS_US = 10000000 / 60, DIVISOR = 3, EARLY_TICKS = 60 };

static struct toy_room toy;

static int tear_down(void **state)
{
    (void)state;
    toy_room_close(&toy);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    toy_room_open(&toy, &(struct toy_room_config){0});
    return 0;
}

static int set_up_bots(void **state)
{
    (void)state;
    toy_room_open(&toy, &(struct toy_room_config){.players_max = 6, .bots_fill = 4});
    return 0;
}

static int set_up_crowd(void **state)
{
    (void)state;
    toy_room_open(&toy, &(struct toy_room_config){.players_max = 300, .bots_fill = 300});
    return 0;
}

static void assert_reason(enum sk_reason is, enum sk_reason want)
{
    assert_string_equal(sk_reason_word(is), sk_reason_word(want));
}

static void join_one(void)
{
    assert_reason(toy_room_join(&toy, 0, 0), SK_REASON_NONE);
}

/* --- admission -------------------------------------------------------------------------------- */

static void test_room_probe_tells_of_the_seat_and_the_room(void **state)
{
    struct sk_probed probed = {0};
    (void)state;
    join_one();
    toy_room_step(&toy, 2 * DIVISOR);
    room_probe(toy.room, 0, &probed);
    assert_int_equal(probed.tick, 2 * DIVISOR);
    assert_int_equal(probed.inputs_repeated, 2 * DIVISOR);
    assert_int_equal(probed.unacked, 2);
    toy.peers[0].has_unsent = true;
    toy_room_step(&toy, DIVISOR);
    toy.now_us += 10 * TEN_TICKS_US;
    room_step(toy.room, toy.now_us);
    room_probe(toy.room, 0, &probed);
    assert_int_equal(probed.snapshots_held, 1); /* the later one is thinned */
    assert_true(probed.dropped_ticks > 90);
}

static void test_room_client_that_predicts_by_other_code_is_refused(void **state)
{
    (void)state;
    toy.client_code_hash = toy_game.code_hash + 1;
    assert_reason(toy_room_join(&toy, 0, 0), SK_REASON_CODE);
    toy.client_code_hash = toy_game.code_hash;
    assert_reason(toy_room_join(&toy, 0, 0), SK_REASON_NONE);
    toy.client_code_hash = 0; /* it does not predict */
    assert_reason(toy_room_join(&toy, 1, 1), SK_REASON_NONE);
}

static void test_room_good_ticket_gets_welcome_and_roster(void **state)
{
    (void)state;
    join_one();
    assert_int_equal(toy.peers[0].welcome_count, 1);
    assert_int_equal(toy.peers[0].roster_messages, 1);
    assert_int_equal(toy.peers[0].roster_here, 1);
    assert_int_equal(toy.peers[0].player, 0);
    assert_false(toy.peers[0].is_resumed);
    assert_int_equal(toy.taken_count, 1);
    assert_int_equal(room_player_count(toy.room), 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->entity.alive, 1);
}

static void test_room_others_hear_of_a_newcomer(void **state)
{
    (void)state;
    join_one();
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[0].roster_messages, 2);
    toy_room_step(&toy, 5);
    assert_int_equal(toy.peers[0].roster_messages, 2);
    assert_reason(toy_room_join(&toy, 1, 1), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[0].roster_messages, 3);
}

static void test_room_block_keeps_how_it_was_opened(void **state)
{
    static const uint8_t hash[ROOM_PASSWORD_HASH_BYTES] = {1, 2, 3};
    const char *why = NULL;
    (void)state;
    struct room_config config = toy.room->config;
    config.is_public = true;
    memcpy(config.password_hash, hash, sizeof(hash));
    struct room *room = room_create(&config, &why);
    const struct match_opening *opening = &room->match.head->opening;
    assert_string_equal(opening->game, toy.plan.game->name);
    assert_string_equal(opening->code, "K3V9QZ");
    assert_int_equal(opening->is_public, 1);
    assert_memory_equal(opening->password_hash, hash, sizeof(hash));
    room_destroy(room);
}

static void test_room_ticket_nobody_holds_is_refused(void **state)
{
    struct ticket ticket = {.role = TICKET_JOIN, .seat = 3, .nonce = 5};
    (void)state;
    assert_reason(toy_room_show(&toy, 0, &ticket), SK_REASON_TICKET_USED);
    ticket.role = TICKET_RESUME;
    assert_reason(toy_room_show(&toy, 0, &ticket), SK_REASON_SEAT_GONE);
    ticket.seat = 16 + TOY_SPECTATORS;
    assert_reason(toy_room_show(&toy, 0, &ticket), SK_REASON_SEAT_GONE);
    assert_int_equal(toy.taken_count, 0);
}

static void hold_third(uint64_t nonce)
{
    room_hold(toy.room, 3, nonce, sk_text_of("Ada"), TOY_HOLD_MS);
}

static void test_room_hold_lasts_until_its_tick(void **state)
{
    struct ticket ticket = {.role = TICKET_JOIN, .seat = 3, .nonce = 5};
    (void)state;
    join_one();
    toy_room_step(&toy, 7);
    hold_third(5);
    toy_room_step(&toy, TOY_HOLD_TICKS - 1);
    assert_reason(toy_room_show(&toy, 1, &ticket), SK_REASON_NONE);
    toy_room_step(&toy, 2);
    assert_int_equal(room_player_count(toy.room), 2);
}

static void test_room_ticket_of_an_ended_hold_is_refused(void **state)
{
    struct ticket ticket = {.role = TICKET_JOIN, .seat = 3, .nonce = 5};
    (void)state;
    join_one();
    toy_room_step(&toy, 7);
    hold_third(5);
    toy_room_step(&toy, TOY_HOLD_TICKS);
    assert_reason(toy_room_show(&toy, 1, &ticket), SK_REASON_TICKET_USED);
    assert_int_equal(room_seat_name(toy.room, 3).size, 0);
}

static void test_room_hold_waits_while_the_clock_stands(void **state)
{
    struct ticket ticket = {.role = TICKET_JOIN, .seat = 3, .nonce = 5};
    (void)state;
    hold_third(5);
    toy_room_step(&toy, 3 * TOY_HOLD_TICKS);
    assert_int_equal(toy_room_tick(&toy), 0);
    assert_reason(toy_room_show(&toy, 1, &ticket), SK_REASON_NONE);
}

static void test_room_newer_hold_takes_the_place_of_an_older(void **state)
{
    struct ticket older = {.role = TICKET_JOIN, .seat = 3, .nonce = 5};
    struct ticket newer = {.role = TICKET_JOIN, .seat = 3, .nonce = 6};
    (void)state;
    hold_third(5);
    hold_third(6);
    assert_reason(toy_room_show(&toy, 1, &older), SK_REASON_TICKET_USED);
    assert_reason(toy_room_show(&toy, 1, &newer), SK_REASON_NONE);
}

/* Both on their way to one seat, or the first without its Welcome. */
static void test_room_two_connections_racing_for_one_ticket_leave_one(void **state)
{
    struct ticket ticket = {.role = TICKET_JOIN, .seat = 3, .nonce = 5};
    (void)state;
    room_hold(toy.room, 3, 5, sk_text_of("Ada"), TOY_HOLD_MS);
    assert_reason(toy_room_show(&toy, 0, &ticket), SK_REASON_NONE);
    assert_reason(toy_room_show(&toy, 1, &ticket), SK_REASON_NONE);
    assert_reason(toy.peers[0].closed_for, SK_REASON_DISPLACED);
    assert_false(toy.peers[1].is_resumed);
    toy_room_play(&toy, DIVISOR, 0);
    assert_reason(toy_room_show(&toy, 2, &ticket), SK_REASON_TICKET_USED);
    assert_true(toy.peers[1].is_open);
    assert_int_equal(toy.peers[1].snapshot_count, 1);
    assert_int_equal(room_player_count(toy.room), 1);
    assert_int_equal(toy.taken_count, 1);
    assert_int_equal(toy.occupancy.claim_count, 1);
}

static void test_room_client_of_another_layout_is_refused(void **state)
{
    struct ticket ticket = {.role = TICKET_JOIN, .seat = 3, .nonce = 5};
    (void)state;
    room_hold(toy.room, 3, 5, sk_text_of("Ada"), TOY_HOLD_MS);
    toy.plan.layout_hash++; /* the test's copy: what the client says */
    assert_reason(toy_room_show(&toy, 0, &ticket), SK_REASON_LAYOUT);
    toy.plan.layout_hash = 0; /* it has none of its own */
    assert_reason(toy_room_show(&toy, 0, &ticket), SK_REASON_NONE);
}

static void test_room_spectator_sees_but_has_no_toy(void **state)
{
    (void)state;
    join_one();
    assert_reason(toy_room_join(&toy, 1, 16), SK_REASON_NONE);
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[1].player, SK_NO_OWNER);
    assert_int_equal(toy.peers[1].view_result, SK_OK);
    assert_false(toy.peers[1].view.own.has_player);
    assert_int_equal(room_player_count(toy.room), 1);
}

static void test_room_hold_of_a_seat_in_use_changes_nothing(void **state)
{
    (void)state;
    join_one();
    room_hold(toy.room, 0, 77, sk_text_of("Eve"), TOY_HOLD_MS);
    toy_room_step(&toy, TOY_HOLD_TICKS + 1);
    assert_int_equal(room_player_count(toy.room), 1);
    assert_true(toy.peers[0].is_open);
}

/* --- coming back ------------------------------------------------------------------------------ */

static void test_room_resume_with_the_old_connection_still_open(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, 30, TOY_PRESS);
    uint32_t presses = toy_of(room_world(toy.room), 0)->presses;
    struct ticket resume = toy.peers[0].resume;
    assert_reason(toy_room_show(&toy, 1, &resume), SK_REASON_NONE);
    assert_reason(toy.peers[0].closed_for, SK_REASON_DISPLACED);
    assert_reason(toy.peers[0].goodbye, SK_REASON_DISPLACED);
    toy_room_drop(&toy, 0, SK_REASON_DISPLACED); /* the worker hears of it later */
    assert_true(toy.peers[1].is_open);
    assert_true(toy.peers[1].is_resumed);
    assert_int_equal(toy.peers[1].player, 0);
    assert_true(presses > 0);
    assert_int_equal(toy_of(room_world(toy.room), 0)->presses, presses);
    toy_room_play(&toy, DIVISOR, 0);
    assert_int_equal(toy.peers[1].keyframe_count, 1);
    assert_int_equal(toy.peers[1].view_result, SK_OK);
    assert_int_equal(toy.taken_count, 1);
    assert_int_equal(toy.freed_count, 0);
}

static void test_room_resume_after_a_drop_returns_the_seat(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, 30, TOY_PRESS);
    uint32_t presses = toy_of(room_world(toy.room), 0)->presses;
    toy_room_drop(&toy, 0, SK_REASON_PEER_GONE);
    toy_room_step(&toy, 600);
    struct ticket resume = toy.peers[0].resume;
    assert_reason(toy_room_show(&toy, 1, &resume), SK_REASON_NONE);
    toy_room_play(&toy, 2 * DIVISOR, 0);
    assert_int_equal(toy.peers[1].keyframe_count, 1);
    assert_true(toy.peers[1].snapshot_count > 1);
    assert_in_range(toy_of(room_world(toy.room), 0)->presses, presses, presses + 1);
}

/* Which presses the peer's view has told, as bits: of player 0 and 1. */
static uint32_t take_presses(uint32_t peer)
{
    struct sk_event event;
    uint32_t told = 0;
    while (sk_view_take_event(&toy.peers[peer].view, toy_room_tick(&toy), &event)) {
        uint32_t bit = 1u << event.values[0];
        assert_int_equal(told & bit, 0);
        told |= bit;
    }
    return told;
}

static void press(uint32_t peer)
{
    struct sk_client_message message = toy_room_inputs(&toy, peer, TOY_PRESS);
    assert_reason(toy_room_send(&toy, peer, &message), SK_REASON_NONE);
    message.inputs.inputs[0].buttons = 0;
    message.inputs.tick++;
    assert_reason(toy_room_send(&toy, peer, &message), SK_REASON_NONE);
}

/* The keyframe repeats what is young: who was told up to a snapshot hears what came after it, and
 * none of what it knows. */
static void test_room_resume_tells_no_event_twice(void **state)
{
    (void)state;
    join_one();
    assert_reason(toy_room_join(&toy, 1, 1), SK_REASON_NONE);
    toy_room_play(&toy, 2 * DIVISOR, 0);
    press(0);
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(take_presses(0), 1);
    uint32_t told_tick = toy.peers[0].view.newest_tick;
    toy_room_drop(&toy, 0, SK_REASON_PEER_GONE);
    press(1);
    toy_room_step(&toy, 2);
    struct ticket resume = toy.peers[0].resume;
    assert_reason(toy_room_show(&toy, 2, &resume), SK_REASON_NONE);
    sk_view_resume(&toy.peers[2].view, told_tick);
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[2].keyframe_count, 1);
    assert_int_equal(take_presses(2), 2);
}

static void test_room_resume_whose_welcome_was_lost_may_try_again(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, DIVISOR, 0);
    struct ticket first = toy.peers[0].resume;
    assert_reason(toy_room_show(&toy, 1, &first), SK_REASON_NONE);
    toy_room_drop(&toy, 1, SK_REASON_PEER_GONE);
    assert_reason(toy_room_show(&toy, 2, &first), SK_REASON_NONE);
    toy_room_play(&toy, 1, 0);
    assert_reason(toy_room_show(&toy, 3, &first), SK_REASON_TICKET_USED);
    assert_true(toy.peers[2].is_open);
}

static void test_room_resume_ticket_half_through_is_replaced(void **state)
{
    (void)state;
    join_one();
    struct ticket first = toy.peers[0].resume;
    toy.later_s = 12 * 3600 - 120;
    toy_room_play(&toy, 60 * 60, 0);
    assert_int_equal(toy.peers[0].resume_count, 0);
    toy_room_play(&toy, 60 * 60, 0);
    assert_int_equal(toy.peers[0].resume_count, 1);
    assert_int_equal(toy.peers[0].resume.expiry_s, first.expiry_s + 12 * 3600);
    toy_room_play(&toy, 2 * 60 * 60, 0);
    assert_int_equal(toy.peers[0].resume_count, 1);
}

static void test_room_resume_ticket_replaced_leaves_both_good(void **state)
{
    (void)state;
    join_one();
    struct ticket first = toy.peers[0].resume;
    toy.later_s = 12 * 3600;
    toy_room_play(&toy, 60 * 60, 0);
    struct ticket second = toy.peers[0].resume;
    assert_int_equal(toy.peers[0].resume_count, 1);
    toy_room_drop(&toy, 0, SK_REASON_PEER_GONE);
    assert_reason(toy_room_show(&toy, 1, &first), SK_REASON_NONE); /* the message was lost */
    toy_room_drop(&toy, 1, SK_REASON_PEER_GONE);
    assert_reason(toy_room_show(&toy, 2, &second), SK_REASON_NONE);
    toy_room_play(&toy, 1, 0);
    assert_reason(toy_room_show(&toy, 3, &second), SK_REASON_TICKET_USED);
}

static void test_room_away_seat_is_freed_after_its_seconds(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, 10, TOY_PRESS);
    struct ticket resume = toy.peers[0].resume;
    toy_room_drop(&toy, 0, SK_REASON_PEER_GONE);
    toy_room_step(&toy, 30 * 60 - 1);
    assert_int_equal(toy.freed_count, 0);
    assert_int_equal(room_player_count(toy.room), 1);
    toy_room_step(&toy, 1);
    assert_int_equal(toy.freed_count, 1);
    assert_int_equal(room_player_count(toy.room), 0);
    assert_int_equal(toy_of(room_world(toy.room), 0)->entity.alive, 0);
    assert_reason(toy_room_show(&toy, 1, &resume), SK_REASON_SEAT_GONE);
}

static void test_room_away_player_has_neutral_input(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, 10, TOY_PRESS);
    toy_room_drop(&toy, 0, SK_REASON_PEER_GONE);
    uint32_t presses = toy_of(room_world(toy.room), 0)->presses;
    toy_room_step(&toy, 60);
    assert_int_equal(toy_of(room_world(toy.room), 0)->presses, presses);
}

static void test_room_leaving_frees_the_seat_at_once(void **state)
{
    struct sk_client_message leave = {.type = SK_CLIENT_LEAVE};
    (void)state;
    join_one();
    assert_reason(toy_room_send(&toy, 0, &leave), SK_REASON_LEFT);
    toy_room_drop(&toy, 0, SK_REASON_LEFT);
    assert_int_equal(toy.freed_count, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->entity.alive, 0);
    assert_reason(toy_room_join(&toy, 1, 0), SK_REASON_NONE);
}

static void test_room_close_tells_everybody_why(void **state)
{
    (void)state;
    join_one();
    assert_reason(toy_room_join(&toy, 1, 1), SK_REASON_NONE);
    room_close(toy.room, SK_REASON_SERVER_STOPPING);
    for (uint32_t i = 0; i < 2; i++) {
        assert_reason(toy.peers[i].goodbye, SK_REASON_SERVER_STOPPING);
        assert_reason(toy.peers[i].closed_for, SK_REASON_SERVER_STOPPING);
        toy_room_drop(&toy, i, SK_REASON_SERVER_STOPPING);
    }
}

static void test_room_notice_reaches_everybody(void **state)
{
    struct sk_notice notice = {SK_NOTICE_STOPPING, 30, sk_text_of("the server stops")};
    (void)state;
    join_one();
    assert_reason(toy_room_join(&toy, 1, 16), SK_REASON_NONE);
    room_notice(toy.room, &notice);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(toy.peers[i].notice_count, 1);
        assert_int_equal(toy.peers[i].notice, SK_NOTICE_STOPPING);
    }
}

/* --- bots ------------------------------------------------------------------------------------- */

static void test_room_bots_fill_and_give_way(void **state)
{
    (void)state;
    assert_int_equal(room_bot_count(toy.room), 4);
    join_one();
    assert_int_equal(room_bot_count(toy.room), 3);
    for (uint16_t i = 1; i < 6; i++) {
        assert_reason(toy_room_join(&toy, i, i), SK_REASON_NONE);
    }
    assert_int_equal(room_bot_count(toy.room), 0);
    assert_int_equal(room_player_count(toy.room), 6);
    for (uint16_t i = 0; i < 5; i++) {
        toy_room_drop(&toy, i, SK_REASON_LEFT);
    }
    assert_int_equal(room_bot_count(toy.room), 3);
}

static void test_room_bot_gives_way_to_a_hold_and_returns(void **state)
{
    (void)state;
    join_one();
    room_hold(toy.room, 5, 9, sk_text_of("Ada"), TOY_HOLD_MS);
    assert_int_equal(room_bot_count(toy.room), 2);
    assert_int_equal(toy_of(room_world(toy.room), 5)->entity.alive, 0);
    toy_room_step(&toy, TOY_HOLD_TICKS);
    assert_int_equal(room_bot_count(toy.room), 3);
}

static void test_room_tells_who_has_its_seats(void **state)
{
    (void)state;
    join_one();
    assert_int_equal(toy.told_count, 2); /* the hold sent a bot away, the claim took the seat */
    assert_true(room_occupancy_has(&toy.occupancy, 0));
    assert_int_equal(toy.occupancy.claim_count, 1);
    assert_int_equal(toy.occupancy.bot_count, 3);
    toy_room_step(&toy, 5);
    toy_room_drop(&toy, 0, SK_REASON_PEER_GONE);
    assert_reason(toy_room_show(&toy, 1, &toy.peers[0].resume), SK_REASON_NONE);
    assert_int_equal(toy.told_count, 2); /* it was in use all the time */
    toy_room_drop(&toy, 1, SK_REASON_LEFT);
    assert_int_equal(toy.told_count, 3);
    assert_false(room_occupancy_has(&toy.occupancy, 0));
    assert_int_equal(toy.occupancy.claim_count, 1);
    assert_int_equal(toy.occupancy.bot_count, 4);
}

static void test_room_tells_of_a_seat_that_time_freed(void **state)
{
    (void)state;
    join_one();
    assert_reason(toy_room_join(&toy, 1, 1), SK_REASON_NONE);
    toy_room_drop(&toy, 1, SK_REASON_PEER_GONE);
    assert_true(room_occupancy_has(&toy.occupancy, 1));
    toy_room_step(&toy, 30 * TOY_HOLD_TICKS);
    assert_false(room_occupancy_has(&toy.occupancy, 1));
    assert_int_equal(toy.occupancy.bot_count, 3);
}

static void test_room_bot_plays_what_it_thinks(void **state)
{
    (void)state;
    join_one();
    toy_room_step(&toy, 10);
    assert_int_equal(toy_of(room_world(toy.room), 5)->bot_ticks, 10);
    assert_int_equal(toy_of(room_world(toy.room), 1)->entity.alive, 0);
}

static void test_room_roster_of_a_crowd_comes_in_parts(void **state)
{
    (void)state;
    assert_reason(toy_room_join(&toy, 0, 7), SK_REASON_NONE);
    assert_int_equal(toy.peers[0].roster_messages, 3);
    assert_int_equal(toy.peers[0].roster_rows_max, 128);
    assert_int_equal(toy.peers[0].roster_here, 300);
}

/* --- inputs ----------------------------------------------------------------------------------- */

static void test_room_input_counts_in_its_tick(void **state)
{
    (void)state;
    join_one();
    struct sk_client_message message = toy_room_inputs(&toy, 0, TOY_PRESS);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->presses, 0);
    toy_room_step(&toy, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->presses, 1);
}

static void test_room_input_missing_is_repeated_then_neutral(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, 2, TOY_PRESS);
    toy_room_step(&toy, 60);
    assert_int_equal(toy_of(room_world(toy.room), 0)->presses,
                     2 + SK_INPUT_REPEAT_MS_MAX * 60 / 1000);
}

static void test_room_late_press_counts_once(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, 4, 0);
    struct sk_client_message message = toy_room_inputs(&toy, 0, TOY_TAP);
    toy_room_step(&toy, 2);
    assert_int_equal(toy_room_tick(&toy), message.inputs.tick);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    assert_int_equal(toy_of(room_world(toy.room), 0)->taps, 0);
    toy_room_step(&toy, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->taps, 1);
    assert_int_equal(toy.room->links[0].repeated & 1, 1); /* not as its client predicted */
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_play(&toy, 4, 0);
    assert_int_equal(toy_of(room_world(toy.room), 0)->taps, 1);
}

/* What the game does not have never reaches it, nor the journal. */
static void test_room_input_is_made_legal(void **state)
{
    (void)state;
    join_one();
    struct sk_client_message message = toy_room_inputs(&toy, 0, UINT32_MAX);
    message.inputs.tick = toy_room_tick(&toy) + 1;
    message.inputs.inputs[0].axes[0] = INT16_MIN;
    message.inputs.inputs[0].axes[1] = INT16_MAX;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    assert_int_equal(toy.room->inputs[0].buttons, toy_game.buttons);
    assert_int_equal(toy.room->inputs[0].axes[0], toy_game.axes[0].min);
    assert_int_equal(toy.room->inputs[0].axes[1], 0);
}

/* It is read in the wake of its tick, a moment after the tick was due, and is used. */
static void test_room_input_that_is_used_has_no_negative_margin(void **state)
{
    (void)state;
    join_one();
    toy_room_step(&toy, 1);
    struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
    message.inputs.tick = toy_room_tick(&toy) + 1;
    toy.now_us = room_due_us(toy.room) + 3000;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[0].view.own.margin_sixteenths, 0);
    assert_int_equal(room_counts(toy.room).inputs_dropped, 0);
}

static void test_room_input_is_acked_with_its_margin(void **state)
{
    (void)state;
    join_one();
    toy_room_step(&toy, DIVISOR);
    struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[0].view.own.input_tick, DIVISOR + 2);
    assert_int_equal(toy.peers[0].view.own.margin_sixteenths, 32);
    message.inputs.tick = toy_room_tick(&toy);
    toy.now_us = room_due_us(toy.room) - 1;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[0].view.own.margin_sixteenths, -16);
    assert_int_equal(toy.peers[0].view.own.newest_sixteenths, -16);
    assert_int_equal(toy.peers[0].view.own.input_tick, 2 * DIVISOR);
}

/* Three of four come late when the newest is just in time. */
static void test_room_margin_is_of_the_oldest_input(void **state)
{
    (void)state;
    join_one();
    toy_room_step(&toy, 2 * DIVISOR);
    struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
    message.inputs.count = 4;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, DIVISOR);
    const struct sk_own_part *own = &toy.peers[0].view.own;
    assert_int_equal(own->newest_sixteenths, 32);
    assert_int_equal(own->margin_sixteenths, -16);
    assert_int_equal(room_counts(toy.room).inputs_dropped, 2);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE); /* copies, too late by now */
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(own->newest_sixteenths, 32);
    assert_int_equal(own->margin_sixteenths, 32);
}

/* Over a line that reorders: what is newer came before, and the older one is none the less used. */
static void test_room_overtaken_inputs_move_no_margin(void **state)
{
    (void)state;
    join_one();
    toy_room_step(&toy, DIVISOR);
    struct sk_client_message older = toy_room_inputs(&toy, 0, TOY_TAP);
    struct sk_client_message newer = toy_room_inputs(&toy, 0, 0);
    newer.inputs.tick = older.inputs.tick + 2;
    assert_reason(toy_room_send(&toy, 0, &newer), SK_REASON_NONE);
    assert_reason(toy_room_send(&toy, 0, &older), SK_REASON_NONE);
    assert_reason(toy_room_send(&toy, 0, &older), SK_REASON_NONE); /* a copy */
    toy_room_step(&toy, DIVISOR);
    assert_reason(toy_room_send(&toy, 0, &older), SK_REASON_NONE); /* one that was used */
    assert_int_equal(toy.peers[0].view.own.input_tick, newer.inputs.tick);
    assert_int_equal(toy.peers[0].view.own.newest_sixteenths, 4 * 16);
    assert_int_equal(toy.peers[0].view.own.margin_sixteenths, 4 * 16);
    assert_int_equal(room_counts(toy.room).inputs_kept, 2);
    assert_int_equal(room_counts(toy.room).inputs_copied, 2);
    assert_int_equal(room_counts(toy.room).inputs_dropped, 0);
    assert_int_equal(toy_of(room_world(toy.room), 0)->taps, 1);
}

/* Who is far ahead hears of it, and is dropped by nobody in its first second. */
static void test_room_early_input_is_told(void **state)
{
    (void)state;
    join_one();
    toy_room_step(&toy, DIVISOR);
    struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
    message.inputs.tick = toy_room_tick(&toy) + 100;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[0].view.own.input_tick, DIVISOR + 100);
    assert_int_equal(toy.peers[0].view.own.newest_sixteenths, 1600);
    assert_int_equal(room_counts(toy.room).inputs_dropped, 1);
}

/* Each snapshot tells of the ticks since the one that this client was sent before it. */
static void test_room_repeats_go_back_to_the_snapshot_before(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, 4 * DIVISOR, 0);
    assert_int_equal(toy.peers[0].view.own.repeated, 0);
    toy.peers[0].has_unsent = true;
    toy_room_step(&toy, 4 * DIVISOR);
    toy.peers[0].has_unsent = false;
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[0].view.own.repeated, 0x3fff); /* one of 15 was there */
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[0].view.own.repeated, 7);
}

static void test_room_input_of_any_tick_is_survived(void **state)
{
    static const uint32_t ticks[] = {0, 1, 7, 0x7fffffff, 0x80000000, 0x80000004, UINT32_MAX};
    (void)state;
    join_one();
    toy_room_step(&toy, DIVISOR);
    for (size_t i = 0; i < sizeof(ticks) / sizeof(ticks[0]); i++) {
        struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
        message.inputs.tick = ticks[i];
        message.inputs.count = SK_INPUTS_A_MESSAGE_MAX;
        assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
        toy_room_step(&toy, DIVISOR);
        assert_int_equal(toy.peers[0].view_result, SK_OK);
    }
}

static void test_room_input_from_the_far_future_ends_a_settled_connection(void **state)
{
    (void)state;
    join_one();
    struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
    message.inputs.tick = 1 + EARLY_TICKS;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_play(&toy, 62, 0);
    message.inputs.tick = toy_room_tick(&toy) + EARLY_TICKS;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    message.inputs.tick = toy_room_tick(&toy) + 1 + EARLY_TICKS;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_INPUT_FUTURE);
}

/* What was sent before its sender could know of lost time counts in the tick that it was meant for;
 * what waits in the inbox too. */
static void test_room_dropped_time_moves_every_client(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, 62, 0);
    struct sk_client_message message = toy_room_inputs(&toy, 0, TOY_PRESS);
    message.inputs.tick = toy_room_tick(&toy) + 3 + 40;
    message.inputs.count = 1;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE); /* before it stood */
    toy.now_us = room_due_us(toy.room) + 41 * TICK_US + 100;         /* 42 are due, 39 lost */
    message.inputs.tick += 1;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE); /* in the wake after it */
    room_step(toy.room, toy.now_us);
    assert_int_equal(room_counts(toy.room).ticks_dropped, 39);
    assert_int_equal(toy_of(room_world(toy.room), 0)->presses, 0);
    toy_room_step(&toy, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->presses, 1);
    toy_room_step(&toy, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->presses, 2);
    assert_true(toy.peers[0].view.own.tells_dropped);
    assert_int_equal(toy.peers[0].view.own.dropped_ticks, 39);
    assert_int_equal(toy.peers[0].view.own.input_tick, 67);
}

/* It is told until it is known, and who comes later hears nothing of it. */
static void test_room_dropped_time_is_told_until_acked(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, 2 * DIVISOR, 0);
    const struct sk_own_part *own = &toy.peers[0].view.own;
    assert_false(own->tells_dropped);
    toy.now_us = room_due_us(toy.room) + 12 * TICK_US + 100;
    room_step(toy.room, toy.now_us);
    toy_room_step(&toy, 2 * DIVISOR);
    assert_int_equal(own->dropped_ticks, 10);
    toy_room_play(&toy, 2 * DIVISOR, 0);
    assert_false(own->tells_dropped);
    assert_reason(toy_room_join(&toy, 1, 1), SK_REASON_NONE);
    toy_room_play(&toy, DIVISOR, 0);
    assert_false(toy.peers[1].view.own.tells_dropped);
}

/* Too far ahead even so, and nobody is closed for it who cannot know. */
static void test_room_early_input_before_dropped_time_is_known_is_forgiven(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, 62, 0);
    struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
    toy.now_us = room_due_us(toy.room) + 3000000;
    room_step(toy.room, toy.now_us);
    message.inputs.tick += 178 + EARLY_TICKS;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_play(&toy, DIVISOR, 0);
    message.ack = toy.peers[0].view.newest_tick;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_INPUT_FUTURE);
}

static void test_room_view_of_a_tick_to_come_is_out_of_range(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, DIVISOR, 0);
    struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
    message.inputs.inputs[0].view_tick = DIVISOR;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    message.inputs.inputs[0].view_tick = DIVISOR + 1;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_INPUT_RANGE);
}

/* Each view is one that the seat may tell of but for one fault. */
static void test_room_view_not_sent_to_the_seat_is_refused(void **state)
{
    static const struct sk_input faults[] = {
        {.view_tick = 8 * DIVISOR, .view_interval = DIVISOR},     /* the newer is above the ack */
        {.view_tick = 5 * DIVISOR, .view_interval = DIVISOR},     /* held back: never sent */
        {.view_tick = 6 * DIVISOR, .view_interval = DIVISOR},     /* the older was not sent */
        {.view_tick = 3 * DIVISOR, .view_interval = 3 * DIVISOR}, /* nor was one of tick 0 */
        {.view_tick = 3 * DIVISOR, .view_interval = DIVISOR - 1}, /* nor one in between */
        {.view_tick = 3 * DIVISOR, .view_fraction = 1},           {.view_interval = DIVISOR},
    };
    (void)state;
    for (uint32_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        tear_down(state);
        set_up(state);
        join_one();
        toy_room_play(&toy, 4 * DIVISOR, 0);
        toy.peers[0].has_unsent = true;
        toy_room_play(&toy, DIVISOR, 0);
        toy.peers[0].has_unsent = false;
        toy_room_play(&toy, 3 * DIVISOR, 0);
        struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
        message.ack = 7 * DIVISOR;
        message.inputs.inputs[0] = (struct sk_input){
            .view_tick = 6 * DIVISOR, .view_interval = 2 * DIVISOR, .view_fraction = 9};
        assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
        message.inputs.inputs[0] = faults[i];
        assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_INPUT_RANGE);
    }
}

/* One who names a moment of long ago and the newest in turn is judged at what one clock shows, give
 * or take an interval. */
static void test_room_view_clock_cannot_be_chosen(void **state)
{
    int32_t before = 0;
    (void)state;
    join_one();
    toy_room_play(&toy, 60, 0);
    for (uint32_t i = 0; i < 120; i++) {
        struct sk_client_message message = toy_room_inputs(&toy, 0, TOY_PRESS);
        uint32_t newest = toy.peers[0].view.newest_tick;
        message.inputs.inputs[0].view_tick = i % 2 == 0 ? newest : newest - 8 * DIVISOR;
        assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
        toy_room_step(&toy, 1);
        int32_t age = (int32_t)(toy_room_tick(&toy) - toy.room->inputs[0].view_tick);
        assert_true(i < 2 || (age - before >= -3 * DIVISOR && age - before <= 3 * DIVISOR));
        before = age;
    }
    struct room_counts counts = room_counts(toy.room);
    assert_in_range(room_counts_views_clamped(&counts), 50, 120);
}

/* --- who cheats ------------------------------------------------------------------------------- */

static struct toy_room honest;

static void send_cheats(uint32_t i)
{
    struct sk_client_message message = toy_room_inputs(&toy, 0, i * 2654435761u);
    struct sk_input *input = &message.inputs.inputs[0];
    uint32_t newest = toy.peers[0].view.newest_tick;
    uint32_t dice = sk_random(11, i, 0, 0);
    for (uint32_t axis = 0; axis < SK_AXES; axis++) {
        input->axes[axis] = axis % 2 == i % 2 ? INT16_MIN : INT16_MAX; /* as fast as can be */
    }
    input->view_tick = newest - dice % 7 * DIVISOR; /* any moment that he likes */
    input->view_interval = DIVISOR;
    input->view_fraction = (uint8_t)(dice >> 8);
    message.ack -= dice >> 30 == 0 ? DIVISOR : 0; /* with acks held back */
    input->view_tick -= dice >> 30 == 0 ? DIVISOR : 0;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    input->axes[0] = 7; /* another for the same tick, one for a tick to come, one of long ago */
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    message.inputs.tick += (dice >> 17) % 40;
    *input = (struct sk_input){.buttons = input->buttons, .axes = {INT16_MAX}};
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    message.inputs.tick = toy_room_tick(&toy) - 20;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
}

/* Plays in time what the cheater's room entered, as it came out, with acks as late as his. */
static void send_honestly(const struct sk_input *entered)
{
    const struct seat_link *cheater = &toy.room->links[0];
    struct sk_client_message message = toy_room_inputs(&honest, 0, 0);
    bool has_view = (cheater->repeated & 1) == 0 && cheater->inbox.held.view_tick != 0;
    message.ack = has_view ? cheater->inbox.taken_ack : cheater->sent.acked_tick;
    message.inputs.tick = toy_room_tick(&honest) + 1;
    message.inputs.inputs[0] = *entered;
    message.inputs.inputs[0].view_limit = SK_VIEW_FREE;
    assert_reason(toy_room_send(&honest, 0, &message), SK_REASON_NONE);
}

/* Speed, unknown buttons, ticks to come and gone, doubled inputs, chosen views, held acks: all of
 * it buys the world that clamped honest play makes. */
static void test_room_cheater_ends_where_honest_play_does(void **state)
{
    (void)state;
    toy_room_open(&honest, &(struct toy_room_config){0});
    join_one();
    assert_reason(toy_room_join(&honest, 0, 0), SK_REASON_NONE);
    toy_room_play(&toy, 60, 0);
    toy_room_play(&honest, 60, 0);
    toy_room_step(&toy, 1); /* its input is under way */
    toy_room_step(&honest, 1);
    for (uint32_t i = 0; i < 600; i++) {
        send_cheats(i);
        toy_room_step(&toy, 1);
        send_honestly(&toy.room->inputs[0]);
        toy_room_step(&honest, 1);
        struct sk_input legal = toy.room->inputs[0];
        sk_input_legalise(&toy_game, &legal);
        assert_memory_equal(&legal, &toy.room->inputs[0], sizeof(legal));
    }
    uint64_t cheated = sk_world_hash(&toy.plan, room_world(toy.room));
    uint64_t played = sk_world_hash(&honest.plan, room_world(honest.room));
    print_message("  cheated %016" PRIx64 ", honest %016" PRIx64 "\n", cheated, played);
    assert_int_equal(cheated, played);
    assert_true(toy_of(room_world(toy.room), 0)->presses > 100);
    struct room_counts counts = room_counts(toy.room);
    assert_true(room_counts_views_clamped(&counts) > 100);
    toy_room_close(&honest);
}

static struct sk_audit told_shot;

static void note_shot(void *context, const struct room *room, const struct sk_audit *shot)
{
    (void)context;
    (void)room;
    told_shot = *shot;
}

static void test_room_tells_its_host_how_a_shot_was_judged(void **state)
{
    (void)state;
    tear_down(state);
    toy_room_open(&toy, &(struct toy_room_config){.on_shot = note_shot});
    join_one();
    toy_room_play(&toy, 60, 0);
    struct sk_client_message message = toy_room_inputs(&toy, 0, TOY_FEEL);
    message.inputs.inputs[0].view_tick = 60 - 12 * DIVISOR; /* too old */
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, 2);
    assert_int_equal(told_shot.tick, 62);
    assert_int_equal(told_shot.shooter, 0);
    assert_int_equal(told_shot.limit, SK_VIEW_OLD);
    assert_int_equal(told_shot.moment.tick, 33); /* half a second ago is 32 */
}

static void test_room_input_of_a_spectator_is_refused(void **state)
{
    (void)state;
    assert_reason(toy_room_join(&toy, 0, 16), SK_REASON_NONE);
    struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_INPUT_RANGE);
}

static void test_room_ack_never_sent_is_refused(void **state)
{
    (void)state;
    join_one();
    toy_room_play(&toy, DIVISOR, 0);
    struct sk_client_message message = {.type = SK_CLIENT_ACK, .ack = 2 * DIVISOR};
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_ACK_UNKNOWN);
    message.type = SK_CLIENT_KEYFRAME_REQUEST;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_ACK_UNKNOWN);
    message = toy_room_inputs(&toy, 0, 0);
    message.ack = 2 * DIVISOR;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_ACK_UNKNOWN);
}

static void test_room_second_hello_is_refused(void **state)
{
    struct sk_client_message message = {.type = SK_CLIENT_HELLO};
    (void)state;
    join_one();
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_HELLO_TWICE);
}

static void test_room_message_after_the_close_is_not_taken(void **state)
{
    (void)state;
    join_one();
    struct sk_client_message message = toy_room_inputs(&toy, 0, TOY_PRESS);
    room_close(toy.room, SK_REASON_ROOM_CLOSED);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_DISPLACED);
    toy_room_drop(&toy, 0, SK_REASON_LEFT);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_DISPLACED);
}

/* --- time ------------------------------------------------------------------------------------- */

static void test_room_tick_is_made_when_due_not_before(void **state)
{
    (void)state;
    join_one();
    assert_int_equal(room_due_us(toy.room), TICK_US);
    room_step(toy.room, TICK_US - 1);
    assert_int_equal(toy_room_tick(&toy), 0);
    room_step(toy.room, TICK_US);
    assert_int_equal(toy_room_tick(&toy), 1);
    room_step(toy.room, TICK_US);
    assert_int_equal(toy_room_tick(&toy), 1);
}

/* An empty room's clock stands still and goes on in its phase, with no time to make good. */
static void test_room_empty_makes_no_tick_until_somebody_comes(void **state)
{
    (void)state;
    enum { INTERVAL_US = DIVISOR * 1000000 / 60 };
    room_step(toy.room, TEN_TICKS_US);
    assert_int_equal(toy_room_tick(&toy), 0);
    assert_true(room_due_us(toy.room) == UINT64_MAX);
    toy.now_us = 1000 * INTERVAL_US + 7;
    join_one();
    assert_int_equal(room_due_us(toy.room), 1000 * INTERVAL_US + TICK_US);
    toy_room_step(&toy, 5);
    assert_int_equal(toy_room_tick(&toy), 5);
    toy_room_drop(&toy, 0, SK_REASON_LEFT);
    toy_room_step(&toy, 5);
    assert_int_equal(toy_room_tick(&toy), 5);
    assert_true(room_due_us(toy.room) == UINT64_MAX);
    assert_int_equal(room_counts(toy.room).ticks_dropped, 0);
}

static char phases[256];

static void on_phase(void *context, const struct room *room, enum room_phase phase, uint32_t tick)
{
    (void)context;
    (void)room;
    (void)tick;
    if (phase != ROOM_PHASE_NONE) {
        strncat(phases, room_phase_word(phase), sizeof(phases) - strlen(phases) - 1);
        strncat(phases, " ", sizeof(phases) - strlen(phases) - 1);
    }
}

/* SESSION.md, "Order within a tick". */
static void test_room_tick_has_its_order(void **state)
{
    uint8_t place = 100;
    struct sk_client_message message = {
        .type = SK_CLIENT_COMMAND,
        .command = {.type = TOY_COMMAND_MOVE, .bytes = &place, .size = 1}};
    struct toy_room ordered;
    (void)state;
    toy_room_open(&ordered, &(struct toy_room_config){.seat_seconds = 1, .on_phase = on_phase});
    for (uint16_t i = 0; i < 2; i++) {
        assert_reason(toy_room_join(&ordered, i, i), SK_REASON_NONE);
    }
    toy_room_drop(&ordered, 1, SK_REASON_PEER_GONE);
    toy_room_step(&ordered, 59);
    assert_reason(toy_room_send(&ordered, 0, &message), SK_REASON_NONE);
    phases[0] = '\0';
    toy_room_step(&ordered, 1);
    assert_string_equal(phases, "command think step leave send ");
    toy_room_close(&ordered);
}

static void test_room_fault_of_the_peer_frees_its_seat(void **state)
{
    (void)state;
    join_one();
    toy_room_drop(&toy, 0, SK_REASON_MALFORMED);
    assert_int_equal(toy.freed_count, 1);
    join_one();
    toy_room_drop(&toy, 0, SK_REASON_INPUT_FUTURE); /* a stall of the server's can bring it about */
    assert_int_equal(toy.freed_count, 1);
}

/* It answers pings and never acks: it gets what may be under way, and its word after 45 s. */
static void test_room_client_that_never_acks_is_slow_reader(void **state)
{
    (void)state;
    join_one();
    assert_reason(toy_room_join(&toy, 1, 1), SK_REASON_NONE);
    for (uint32_t i = 0; i < 47 * 60; i++) {
        struct sk_client_message ack = {.type = SK_CLIENT_ACK,
                                        .ack = toy.peers[1].view.newest_tick};
        assert_reason(toy_room_send(&toy, 1, &ack), SK_REASON_NONE);
        toy_room_step(&toy, 1);
        assert_true(i > 45 * 60 || toy.peers[0].is_open);
    }
    assert_false(toy.peers[0].is_open);
    assert_reason(toy.peers[0].closed_for, SK_REASON_SLOW_READER);
    assert_reason(toy.peers[0].goodbye, SK_REASON_SLOW_READER);
    assert_true(toy.peers[1].is_open);
}

static void test_room_late_makes_three_ticks_and_drops_the_rest(void **state)
{
    (void)state;
    join_one();
    room_step(toy.room, TEN_TICKS_US + 5);
    assert_int_equal(toy_room_tick(&toy), SK_CATCH_UP_TICKS_MAX);
    assert_int_equal(room_counts(toy.room).ticks_dropped, 10 - SK_CATCH_UP_TICKS_MAX);
    assert_in_range(room_due_us(toy.room), TEN_TICKS_US + TICK_US - 1, TEN_TICKS_US + TICK_US + 1);
}

/* A room that is late at every wake: half of the snapshots still go out, whatever the phase. */
static void test_room_late_for_ever_thins_snapshots_but_never_stops(void **state)
{
    (void)state;
    join_one();
    toy_room_drop(&toy, 0, SK_REASON_PEER_GONE); /* the seat is kept, and time goes on */
    for (uint32_t phase = 1; phase <= DIVISOR; phase++) {
        toy_room_step(&toy, 1);
        assert_reason(toy_room_join(&toy, phase, (uint16_t)phase), SK_REASON_NONE);
        for (uint32_t wake = 0; wake < 60; wake++) {
            struct sk_client_message ack = {.type = SK_CLIENT_ACK,
                                            .ack = toy.peers[phase].view.newest_tick};
            toy.now_us = room_due_us(toy.room) + 2 * TICK_US + 2;
            assert_reason(toy_room_send(&toy, phase, &ack), SK_REASON_NONE);
            room_step(toy.room, toy.now_us);
        }
        assert_in_range(toy.peers[phase].snapshot_count, 28, 31);
        toy_room_drop(&toy, phase, SK_REASON_LEFT);
    }
    assert_int_equal(room_counts(toy.room).ticks_dropped, 0);
}

static void test_room_same_calls_give_the_same_world(void **state)
{
    uint64_t hashes[2];
    (void)state;
    for (uint32_t run = 0; run < 2; run++) {
        struct toy_room again;
        toy_room_open(&again, &(struct toy_room_config){.bots_fill = 8});
        for (uint16_t i = 0; i < 6; i++) {
            assert_reason(toy_room_join(&again, i, i), SK_REASON_NONE);
            toy_room_play(&again, 20, i & 1);
        }
        toy_room_drop(&again, 2, SK_REASON_LEFT);
        toy_room_play(&again, 100, TOY_PRESS);
        hashes[run] = sk_world_hash(&again.plan, room_world(again.room));
        toy_room_close(&again);
    }
    assert_int_equal(hashes[0], hashes[1]);
}

static void *allocate_nothing(void *context, size_t bytes)
{
    (void)context;
    (void)bytes;
    return NULL;
}

static void test_room_create_without_memory_says_so(void **state)
{
    struct room_config config = {.plan = &toy.plan, .allocator = {.allocate = allocate_nothing}};
    const char *why = NULL;
    (void)state;
    assert_null(room_create(&config, &why));
    assert_non_null(why);
}

#define ROOM_TEST(name)  cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define BOT_TEST(name)   cmocka_unit_test_setup_teardown(name, set_up_bots, tear_down)
#define CROWD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_crowd, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_room_good_ticket_gets_welcome_and_roster),
        ROOM_TEST(test_room_client_that_predicts_by_other_code_is_refused),
        ROOM_TEST(test_room_probe_tells_of_the_seat_and_the_room),
        ROOM_TEST(test_room_others_hear_of_a_newcomer),
        ROOM_TEST(test_room_block_keeps_how_it_was_opened),
        ROOM_TEST(test_room_ticket_nobody_holds_is_refused),
        ROOM_TEST(test_room_hold_lasts_until_its_tick),
        ROOM_TEST(test_room_ticket_of_an_ended_hold_is_refused),
        ROOM_TEST(test_room_hold_waits_while_the_clock_stands),
        ROOM_TEST(test_room_newer_hold_takes_the_place_of_an_older),
        ROOM_TEST(test_room_two_connections_racing_for_one_ticket_leave_one),
        ROOM_TEST(test_room_client_of_another_layout_is_refused),
        ROOM_TEST(test_room_spectator_sees_but_has_no_toy),
        ROOM_TEST(test_room_hold_of_a_seat_in_use_changes_nothing),
        ROOM_TEST(test_room_resume_with_the_old_connection_still_open),
        ROOM_TEST(test_room_resume_after_a_drop_returns_the_seat),
        ROOM_TEST(test_room_resume_tells_no_event_twice),
        ROOM_TEST(test_room_resume_whose_welcome_was_lost_may_try_again),
        ROOM_TEST(test_room_resume_ticket_half_through_is_replaced),
        ROOM_TEST(test_room_resume_ticket_replaced_leaves_both_good),
        ROOM_TEST(test_room_away_seat_is_freed_after_its_seconds),
        ROOM_TEST(test_room_away_player_has_neutral_input),
        ROOM_TEST(test_room_leaving_frees_the_seat_at_once),
        ROOM_TEST(test_room_close_tells_everybody_why),
        ROOM_TEST(test_room_notice_reaches_everybody),
        BOT_TEST(test_room_bots_fill_and_give_way),
        BOT_TEST(test_room_tells_who_has_its_seats),
        BOT_TEST(test_room_tells_of_a_seat_that_time_freed),
        BOT_TEST(test_room_bot_gives_way_to_a_hold_and_returns),
        BOT_TEST(test_room_bot_plays_what_it_thinks),
        CROWD_TEST(test_room_roster_of_a_crowd_comes_in_parts),
        ROOM_TEST(test_room_input_counts_in_its_tick),
        ROOM_TEST(test_room_input_missing_is_repeated_then_neutral),
        ROOM_TEST(test_room_late_press_counts_once),
        ROOM_TEST(test_room_input_is_made_legal),
        ROOM_TEST(test_room_input_that_is_used_has_no_negative_margin),
        ROOM_TEST(test_room_input_is_acked_with_its_margin),
        ROOM_TEST(test_room_margin_is_of_the_oldest_input),
        ROOM_TEST(test_room_overtaken_inputs_move_no_margin),
        ROOM_TEST(test_room_early_input_is_told),
        ROOM_TEST(test_room_repeats_go_back_to_the_snapshot_before),
        ROOM_TEST(test_room_input_of_any_tick_is_survived),
        ROOM_TEST(test_room_input_from_the_far_future_ends_a_settled_connection),
        ROOM_TEST(test_room_dropped_time_moves_every_client),
        ROOM_TEST(test_room_dropped_time_is_told_until_acked),
        ROOM_TEST(test_room_early_input_before_dropped_time_is_known_is_forgiven),
        ROOM_TEST(test_room_view_of_a_tick_to_come_is_out_of_range),
        ROOM_TEST(test_room_view_not_sent_to_the_seat_is_refused),
        ROOM_TEST(test_room_view_clock_cannot_be_chosen),
        ROOM_TEST(test_room_cheater_ends_where_honest_play_does),
        ROOM_TEST(test_room_tells_its_host_how_a_shot_was_judged),
        ROOM_TEST(test_room_input_of_a_spectator_is_refused),
        ROOM_TEST(test_room_ack_never_sent_is_refused),
        ROOM_TEST(test_room_second_hello_is_refused),
        ROOM_TEST(test_room_message_after_the_close_is_not_taken),
        ROOM_TEST(test_room_tick_is_made_when_due_not_before),
        ROOM_TEST(test_room_empty_makes_no_tick_until_somebody_comes),
        ROOM_TEST(test_room_tick_has_its_order),
        ROOM_TEST(test_room_fault_of_the_peer_frees_its_seat),
        ROOM_TEST(test_room_client_that_never_acks_is_slow_reader),
        ROOM_TEST(test_room_late_makes_three_ticks_and_drops_the_rest),
        ROOM_TEST(test_room_late_for_ever_thins_snapshots_but_never_stops),
        ROOM_TEST(test_room_same_calls_give_the_same_world),
        ROOM_TEST(test_room_create_without_memory_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
