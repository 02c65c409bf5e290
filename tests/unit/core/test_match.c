/* test_match.c - the gate: the same entries give the same block, what does not fit changes nothing,
 * and a copy of the block goes on as the original does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "built_in.h"
#include "room_state.h"
#include "support/arena_match_kit.h"
#include "support/match_record.h"
#include "support/toy_room.h"

enum { PLAYERS = 16, SPECTATORS = 2, SEATS = PLAYERS + SPECTATORS, CHURN_STEPS = 4000 };
enum { TAKEN = 0, HELD = 1, AWAY = 2, BOT = 3, FREE = 4, SPECTATOR = PLAYERS };
enum { NONCE = 7, RESUME = 8, RANDOM_ENTRIES = 60000 };

#define COMMAND(kind, bytes_size, from)                                                            \
    {                                                                                              \
        .type = (kind), .number = 1, .bytes = (from), .size = (bytes_size)                         \
    }

static const char arena_map[] = "map Test\n"
                                "############\n"
                                "#S........S#\n"
                                "#..........#\n"
                                "#....##....#\n"
                                "#..........#\n"
                                "#H........R#\n"
                                "############\n";

static struct match_record record;
static struct block_match first;
static struct block_match second;
static struct sk_plan plan;
static uint64_t random_state;

static uint32_t draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

/* --- a match of the toy game, played through its room ----------------------------------------- */

static void note_of_room(void *context, const struct room *room, const struct match_entry *entry)
{
    (void)context;
    match_record_note(&record, &room->match, entry);
}

static void churn_connections(struct toy_room *toy)
{
    uint32_t peer = draw(TOY_PEERS);
    const struct toy_room *read = toy;
    if (read->peers[peer].is_open) {
        static const enum sk_reason reasons[] = {SK_REASON_LEFT, SK_REASON_PEER_GONE,
                                                 SK_REASON_PEER_GONE};
        toy_room_drop(toy, peer, reasons[draw(3)]);
    } else if (draw(2) == 0) {
        (void)toy_room_join(toy, peer, (uint16_t)draw(SEATS));
    } else {
        struct ticket resume = read->peers[draw(TOY_PEERS)].resume;
        (void)toy_room_show(toy, peer, &resume);
    }
}

static void churn_rest(struct toy_room *toy, uint64_t *nonce)
{
    uint8_t place[TOY_COMMAND_BYTES_MAX] = {(uint8_t)draw(256)};
    struct sk_client_message command = {
        .type = SK_CLIENT_COMMAND,
        .command = {.type = TOY_COMMAND_MOVE, .bytes = place, .size = draw(2)}};
    uint32_t peer = draw(TOY_PEERS);
    uint16_t seat = (uint16_t)draw(SEATS);
    if (toy->peers[peer].is_open && toy->peers[peer].resume.seat < PLAYERS) {
        (void)toy_room_send(toy, peer, &command);
    }
    if (draw(8) == 0) {
        room_hold(toy->room, seat, ++*nonce, sk_text_of("Bo"), draw(2) * TOY_HOLD_MS);
    }
}

static void play_toy(struct toy_room *toy)
{
    uint64_t nonce = 1u << 20;
    toy_room_open(toy, &(struct toy_room_config){
                           .bots_fill = 9, .seat_seconds = 1, .on_entry = note_of_room});
    for (uint32_t i = 0; i < CHURN_STEPS; i++) {
        if (draw(6) == 0) {
            churn_connections(toy);
        }
        churn_rest(toy, &nonce);
        toy_room_step(toy, 1 + draw(20) / 19 * 30);
    }
    room_close(toy->room, SK_REASON_ROOM_CLOSED);
}

static void assert_replays(const struct match *played)
{
    for (uint32_t i = 0; i < record.count; i++) {
        assert_true(match_hash(&second.match) == record.entries[i].hash_before);
        assert_int_not_equal(match_enter(&second.match, match_record_entry(&record, i)),
                             MATCH_UNFIT);
    }
    assert_true(match_hash(&second.match) == match_hash(played));
}

static void assert_every_kind_was_noted(void)
{
    for (uint32_t kind = 0; kind < MATCH_ENTRY_KINDS; kind++) {
        assert_true(record.kinds[kind] > 0);
    }
    assert_true(record.kinds[MATCH_FREE] > 20);
    assert_true(record.kinds[MATCH_TICK] > 1000);
}

static void test_match_of_a_room_with_churn_replays_to_equal_hashes(void **state)
{
    static struct toy_room toy;
    (void)state;
    random_state = 1;
    play_toy(&toy);
    assert_every_kind_was_noted();
    block_match_open(&second, &toy.plan, NULL, TOY_SPECTATORS, NULL);
    assert_replays(&toy.room->match);
    block_match_close(&second);
    toy_room_close(&toy);
    match_record_end(&record);
}

/* --- a match of arena, made of entries that mostly do not fit --------------------------------- */

static void note(void *context, const struct match_entry *entry)
{
    (void)context;
    match_record_note(&record, &first.match, entry);
}

static const struct match_hooks noting = {.on_entry = note};

static struct match_opening opening_of(const struct sk_plan *of)
{
    struct match_opening opening = {.code = "K3V9QZ",
                                    .epoch = 3,
                                    .layout_hash = of->layout_hash,
                                    .code_hash = of->game->code_hash,
                                    .seed = 5,
                                    .secret_seed = 6,
                                    .players_max = PLAYERS,
                                    .spectators_max = SPECTATORS};
    memcpy(opening.game, of->game->name, strlen(of->game->name));
    memcpy(opening.options, of->options, sizeof(opening.options));
    return opening;
}

static void open_first(const void *content, const struct match_hooks *hooks)
{
    struct match_opening opening = opening_of(&plan);
    struct match_entry entry = {.kind = MATCH_OPEN, .opening = &opening};
    block_match_open(&first, &plan, content, SPECTATORS, hooks);
    assert_int_equal(match_enter(&first.match, &entry), MATCH_DONE);
}

static void open_arena(struct arena_content *content, const struct match_hooks *hooks)
{
    int bytes = arena_content_parse((const uint8_t *)arena_map, strlen(arena_map), content,
                                    sizeof(*content));
    assert_true(bytes > 0);
    assert_int_equal(sk_plan_init(&plan, &arena_game, PLAYERS, NULL), SK_OK);
    open_first(content, hooks);
}

/* Any input for a seat that is played, and now and then one where nobody is. */
static void draw_inputs(struct sk_input *inputs)
{
    memset(inputs, 0, PLAYERS * sizeof(*inputs));
    assert_true(match_think(&first.match, inputs));
    for (uint32_t i = 0; i < PLAYERS; i++) {
        if (match_seat(&first.match, i)->state == SEAT_TAKEN || draw(5000) == 0) {
            inputs[i] = (struct sk_input){.buttons = draw(8)};
            inputs[i].axes[draw(4)] = (int16_t)draw(65536);
        }
    }
}

static void draw_seat_entry(struct match_entry *entry)
{
    const struct seat *seat = match_seat(&first.match, entry->seat);
    if (entry->kind == MATCH_HOLD) {
        entry->hold.nonce = draw(9);
        entry->hold.name = (struct sk_text){"Ada", draw(4)};
        entry->hold.until_tick = match_tick(&first.match) + draw(100);
    } else if (entry->kind == MATCH_UNHOLD) {
        entry->unhold.nonce = seat->join_nonce;
    } else if (entry->kind == MATCH_CLAIM) {
        bool is_join = seat->state == SEAT_HELD;
        entry->claim.role = is_join ? TICKET_JOIN : TICKET_RESUME;
        entry->claim.nonce = is_join ? seat->join_nonce : seat->resume_nonce;
        entry->claim.resume_nonce = draw(1000);
    } else if (entry->kind == MATCH_DROP) {
        entry->drop.until_tick = match_tick(&first.match) + draw(100);
    } else if (entry->kind == MATCH_BOT) {
        entry->bot.is_bot = draw(2) != 0;
    }
}

/* Most of them are ticks that fit; the rest is what a fault of ours could make. */
static struct match_entry draw_entry(struct sk_input *inputs)
{
    static const uint8_t bytes[SK_COMMAND_BYTES_MAX];
    struct match_entry entry = {.kind = MATCH_TICK};
    if (draw(4) == 0) {
        entry.kind = (enum match_entry_kind)(MATCH_HOLD + draw(MATCH_TICK - MATCH_HOLD));
        entry.seat = (uint16_t)draw(SEATS);
    }
    if (entry.kind == MATCH_TICK) {
        draw_inputs(inputs);
        entry.tick.tick = match_tick(&first.match) + 1 - (draw(50) == 0);
        entry.tick.inputs = inputs;
    } else if (entry.kind == MATCH_COMMAND) {
        entry.command.type = (uint16_t)draw(4);
        entry.command.size = draw(12);
        entry.command.number = draw(1000000); /* below the last now and then */
        entry.command.bytes = bytes;
    } else {
        draw_seat_entry(&entry);
    }
    return entry;
}

static void assert_equal_blocks(const struct match *a, const struct match *b)
{
    size_t a_bytes = 0;
    size_t b_bytes = 0;
    const void *a_block = match_block(a, &a_bytes);
    const void *b_block = match_block(b, &b_bytes);
    assert_int_equal(a_bytes, b_bytes);
    assert_int_equal(memcmp(a_block, b_block, a_bytes), 0);
}

static void test_match_of_random_entries_replays_to_equal_hashes(void **state)
{
    static struct arena_content content;
    struct sk_input inputs[PLAYERS];
    uint32_t unfit_count = 0;
    (void)state;
    random_state = 2;
    open_arena(&content, &noting);
    for (uint32_t i = 0; i < RANDOM_ENTRIES / 4; i++) {
        uint64_t before = match_hash(&first.match);
        struct match_entry entry = draw_entry(inputs);
        if (match_enter(&first.match, &entry) == MATCH_UNFIT) {
            unfit_count++;
            assert_true(match_hash(&first.match) == before);
        }
        assert_true(match_is_sound(&first.match));
    }
    assert_true(unfit_count > 1000);
    assert_true(record.kinds[MATCH_CLAIM] > 50);
    assert_true(record.kinds[MATCH_BOT] > 50);
    block_match_open(&second, &plan, &content, SPECTATORS, NULL);
    assert_replays(&first.match);
    block_match_close(&second);
    block_match_close(&first);
    match_record_end(&record);
}

static void test_match_copy_of_the_block_goes_on_equally(void **state)
{
    static struct arena_content content;
    struct sk_input inputs[PLAYERS];
    (void)state;
    random_state = 3;
    open_arena(&content, NULL);
    for (uint32_t i = 0; i < RANDOM_ENTRIES / 8; i++) {
        struct match_entry entry = draw_entry(inputs);
        (void)!match_enter(&first.match, &entry);
    }
    assert_int_equal(block_match_copy(&second, &first.match), SK_OK);
    for (uint32_t i = 0; i < RANDOM_ENTRIES / 8; i++) {
        struct match_entry entry = draw_entry(inputs);
        assert_int_equal(match_enter(&first.match, &entry), match_enter(&second.match, &entry));
        assert_equal_blocks(&first.match, &second.match);
    }
    block_match_close(&second);
    block_match_close(&first);
}

/* --- one fault each ----------------------------------------------------------------------------
 */

static void enter(const struct match_entry *entry)
{
    assert_int_equal(match_enter(&first.match, entry), MATCH_DONE);
}

static void take_seat(uint16_t seat)
{
    enter(&(struct match_entry){.kind = MATCH_HOLD, .seat = seat, .hold = {NONCE, {"Ada", 3}, 90}});
    enter(&(struct match_entry){
        .kind = MATCH_CLAIM, .seat = seat, .claim = {TICKET_JOIN, NONCE, RESUME}});
    enter(&(struct match_entry){.kind = MATCH_CONFIRM, .seat = seat});
}

/* Seats 0 to 4 are TAKEN, HELD, AWAY, a bot's and FREE, a spectator watches, three ticks are made.
 */
static int open_states(void **state)
{
    static const struct sk_input neutral[PLAYERS];
    (void)state;
    assert_int_equal(sk_plan_init(&plan, &toy_game, PLAYERS, NULL), SK_OK);
    open_first(NULL, NULL);
    for (uint32_t tick = 1; tick <= 3; tick++) {
        enter(&(struct match_entry){.kind = MATCH_TICK, .tick = {tick, neutral}});
    }
    take_seat(TAKEN);
    take_seat(AWAY);
    take_seat(SPECTATOR);
    enter(&(struct match_entry){.kind = MATCH_DROP, .seat = AWAY, .drop = {90}});
    enter(&(struct match_entry){.kind = MATCH_HOLD, .seat = HELD, .hold = {NONCE, {"Ada", 3}, 90}});
    enter(&(struct match_entry){.kind = MATCH_BOT, .seat = BOT, .bot = {true}});
    return 0;
}

static int close_first(void **state)
{
    (void)state;
    block_match_close(&first);
    return 0;
}

static void assert_refused(const struct match_entry *entry)
{
    struct block_match before;
    assert_int_equal(block_match_copy(&before, &first.match), SK_OK);
    assert_int_equal(match_enter(&first.match, entry), MATCH_UNFIT);
    assert_equal_blocks(&first.match, &before.match);
    block_match_close(&before);
}

static void test_match_entry_that_does_not_fit_changes_nothing(void **state)
{
    static const uint8_t bytes[SK_COMMAND_BYTES_MAX];
    static const struct sk_input inputs[PLAYERS] = {{.buttons = 1}, [BOT] = {.buttons = 1}};
    static const struct sk_input held[PLAYERS] = {[HELD] = {.buttons = 1}};
    static const struct sk_input away[PLAYERS] = {[AWAY] = {.buttons = 1}};
    static const struct sk_input empty[PLAYERS] = {[FREE] = {.view_fraction = 1}};
    static const char name[SK_NAME_BYTES_MAX + 1] = "A";
    struct match_opening opening = opening_of(&plan);
    const struct match_entry faults[] = {
        {.kind = MATCH_OPEN, .opening = &opening},
        {.kind = MATCH_HOLD, .seat = SEATS, .hold = {1, {"A", 1}, 90}},
        {.kind = MATCH_HOLD, .seat = TAKEN, .hold = {1, {"A", 1}, 90}},
        {.kind = MATCH_HOLD, .seat = AWAY, .hold = {1, {"A", 1}, 90}},
        {.kind = MATCH_HOLD, .seat = BOT, .hold = {1, {"A", 1}, 90}},
        {.kind = MATCH_HOLD, .seat = FREE, .hold = {0, {"A", 1}, 90}},
        {.kind = MATCH_HOLD, .seat = FREE, .hold = {1, {name, sizeof(name)}, 90}},
        {.kind = MATCH_HOLD, .seat = FREE, .hold = {1, {"A", 1}, 2}},
        {.kind = MATCH_UNHOLD, .seat = HELD, .unhold = {NONCE + 1}},
        {.kind = MATCH_UNHOLD, .seat = FREE, .unhold = {0}},
        {.kind = MATCH_UNHOLD, .seat = SEATS, .unhold = {NONCE}},
        {.kind = MATCH_CLAIM, .seat = HELD, .claim = {TICKET_JOIN, NONCE + 1, 9}},
        {.kind = MATCH_CLAIM, .seat = HELD, .claim = {TICKET_RESUME, NONCE, 9}},
        {.kind = MATCH_CLAIM, .seat = HELD, .claim = {TICKET_JOIN, NONCE, 0}},
        {.kind = MATCH_CLAIM, .seat = TAKEN, .claim = {TICKET_JOIN, NONCE, 9}},
        {.kind = MATCH_CLAIM, .seat = AWAY, .claim = {TICKET_RESUME, RESUME + 1, 9}},
        {.kind = MATCH_CLAIM, .seat = AWAY, .claim = {TICKET_RESUME, RESUME, RESUME}},
        {.kind = MATCH_CLAIM, .seat = FREE, .claim = {TICKET_JOIN, 0, 9}},
        {.kind = MATCH_CLAIM, .seat = SEATS, .claim = {TICKET_JOIN, NONCE, 9}},
        {.kind = MATCH_CONFIRM, .seat = TAKEN},
        {.kind = MATCH_CONFIRM, .seat = AWAY},
        {.kind = MATCH_CONFIRM, .seat = SEATS},
        {.kind = MATCH_DROP, .seat = TAKEN, .drop = {2}},
        {.kind = MATCH_DROP, .seat = AWAY, .drop = {90}},
        {.kind = MATCH_DROP, .seat = FREE, .drop = {90}},
        {.kind = MATCH_DROP, .seat = SEATS, .drop = {90}},
        {.kind = MATCH_FREE, .seat = FREE},
        {.kind = MATCH_FREE, .seat = HELD},
        {.kind = MATCH_FREE, .seat = BOT},
        {.kind = MATCH_FREE, .seat = SEATS},
        {.kind = MATCH_BOT, .seat = BOT, .bot = {true}},
        {.kind = MATCH_BOT, .seat = FREE, .bot = {false}},
        {.kind = MATCH_BOT, .seat = TAKEN, .bot = {true}},
        {.kind = MATCH_BOT, .seat = AWAY, .bot = {true}},
        {.kind = MATCH_BOT, .seat = HELD, .bot = {true}},
        {.kind = MATCH_BOT, .seat = SPECTATOR + 1, .bot = {true}},
        {.kind = MATCH_BOT, .seat = SEATS, .bot = {true}},
        {.kind = MATCH_COMMAND, .seat = FREE, .command = COMMAND(TOY_COMMAND_MOVE, 1, bytes)},
        {.kind = MATCH_COMMAND, .seat = HELD, .command = COMMAND(TOY_COMMAND_MOVE, 1, bytes)},
        {.kind = MATCH_COMMAND, .seat = BOT, .command = COMMAND(TOY_COMMAND_MOVE, 1, bytes)},
        {.kind = MATCH_COMMAND, .seat = SPECTATOR, .command = COMMAND(TOY_COMMAND_MOVE, 1, bytes)},
        {.kind = MATCH_COMMAND, .seat = TAKEN, .command = COMMAND(TOY_COMMAND_ECHO + 1, 1, bytes)},
        {.kind = MATCH_COMMAND,
         .seat = TAKEN,
         .command = COMMAND(TOY_COMMAND_MOVE, TOY_COMMAND_BYTES_MAX + 1, bytes)},
        {.kind = MATCH_COMMAND, .seat = TAKEN, .command = {.bytes = bytes, .size = 1}},
        {.kind = MATCH_COMMAND, .seat = SEATS, .command = COMMAND(TOY_COMMAND_MOVE, 1, bytes)},
        {.kind = MATCH_TICK, .tick = {3, inputs}},
        {.kind = MATCH_TICK, .tick = {5, inputs}},
        {.kind = MATCH_TICK, .tick = {4, held}},
        {.kind = MATCH_TICK, .tick = {4, away}},
        {.kind = MATCH_TICK, .tick = {4, empty}},
        {.kind = MATCH_ENTRY_KINDS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        assert_refused(&faults[i]);
    }
    enter(&(struct match_entry){.kind = MATCH_TICK, .tick = {4, inputs}});
}

static void test_match_closed_takes_no_entry(void **state)
{
    static const struct sk_input inputs[PLAYERS];
    (void)state;
    enter(&(struct match_entry){.kind = MATCH_CLOSE});
    assert_refused(&(struct match_entry){.kind = MATCH_CLOSE});
    assert_refused(&(struct match_entry){.kind = MATCH_TICK, .tick = {4, inputs}});
    assert_refused(&(struct match_entry){.kind = MATCH_FREE, .seat = TAKEN});
}

static void assert_opening_refused(const struct match_opening *opening)
{
    struct match_entry entry = {.kind = MATCH_OPEN, .opening = opening};
    uint64_t before = match_hash(&second.match);
    assert_int_equal(match_enter(&second.match, &entry), MATCH_UNFIT);
    assert_true(match_hash(&second.match) == before);
}

static void test_match_opening_of_another_plan_is_refused(void **state)
{
    struct match_opening good = opening_of(&plan);
    struct match_opening faults[] = {good, good, good, good, good, good, good, good};
    (void)state;
    faults[0].game[0]++;
    faults[1].game[3] = 's';
    faults[2].code[SK_CODE_BYTES] = 'A';
    faults[3].layout_hash++;
    faults[4].code_hash++;
    faults[5].options[0]++;
    faults[6].players_max--;
    faults[7].spectators_max++;
    block_match_open(&second, &plan, NULL, SPECTATORS, NULL);
    assert_int_equal(match_enter(&second.match, &(struct match_entry){.kind = MATCH_CLOSE}),
                     MATCH_UNFIT);
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        assert_opening_refused(&faults[i]);
    }
    struct match_entry entry = {.kind = MATCH_OPEN, .opening = &good};
    assert_int_equal(match_enter(&second.match, &entry), MATCH_DONE);
    block_match_close(&second);
}

static void assert_block_refused(void *member, size_t bytes)
{
    uint8_t kept[8];
    struct block_match copy;
    memcpy(kept, member, bytes);
    memset(member, 0x5a, bytes);
    assert_int_equal(block_match_copy(&copy, &first.match), SK_ERR_MISMATCH);
    block_match_close(&copy);
    memcpy(member, kept, bytes);
}

static void test_match_block_that_is_broken_is_not_opened(void **state)
{
    struct match_head *head = first.match.head;
    struct sk_world *world = first.match.world;
    struct seat *seat = &first.match.seats[TAKEN];
    (void)state;
    assert_block_refused(&head->version, sizeof(head->version));
    assert_block_refused(&head->state, sizeof(head->state));
    assert_block_refused(&head->opening.layout_hash, 8);
    assert_block_refused(&head->opening.code_hash, 8);
    assert_block_refused(&world->world_bytes, sizeof(world->world_bytes));
    assert_block_refused(&world->players_max, sizeof(world->players_max));
    assert_block_refused(&seat->state, 1);
    assert_block_refused(&seat->name_bytes, 1);
    assert_block_refused(&seat->is_spectator, 1);
    assert_int_equal(block_match_copy(&second, &first.match), SK_OK);
    block_match_close(&second);
}

/* --- a game whose check fails ------------------------------------------------------------------
 */

static uint32_t calls_until_failure;
static enum room_phase phase_noted;

static bool fail_in_time(void (*run)(void *argument), void *argument)
{
    if (calls_until_failure == 0) {
        return false;
    }
    calls_until_failure--;
    run(argument);
    return true;
}

static void note_phase(void *context, enum room_phase phase, uint32_t tick)
{
    (void)context;
    (void)tick;
    phase_noted = phase;
}

static void test_match_whose_game_fails_takes_nothing_more(void **state)
{
    static const uint8_t place[1] = {9};
    static const struct sk_input inputs[PLAYERS];
    const struct match_entry calls[] = {
        {.kind = MATCH_FREE, .seat = TAKEN},
        {.kind = MATCH_BOT, .seat = FREE, .bot = {true}},
        {.kind = MATCH_BOT, .seat = BOT, .bot = {false}},
        {.kind = MATCH_CLAIM, .seat = HELD, .claim = {TICKET_JOIN, NONCE, 9}},
        {.kind = MATCH_COMMAND, .seat = TAKEN, .command = COMMAND(TOY_COMMAND_MOVE, 1, place)},
        {.kind = MATCH_TICK, .tick = {4, inputs}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        assert_int_equal(block_match_copy(&second, &first.match), SK_OK);
        second.match.hooks = (struct match_hooks){.trap = fail_in_time, .on_phase = note_phase};
        calls_until_failure = 0;
        phase_noted = ROOM_PHASE_STEP;
        assert_int_equal(match_enter(&second.match, &calls[i]), MATCH_FAILED);
        assert_int_equal(phase_noted, ROOM_PHASE_NONE);
        calls_until_failure = 9;
        assert_int_equal(match_enter(&second.match, &calls[0]), MATCH_FAILED);
        assert_false(match_think(&second.match, NULL));
        block_match_close(&second);
    }
}

static void test_match_command_that_the_game_declines_is_told(void **state)
{
    struct match_entry entry = {
        .kind = MATCH_COMMAND, .seat = TAKEN, .command = COMMAND(TOY_COMMAND_MOVE, 0, NULL)};
    (void)state;
    assert_int_equal(match_enter(&first.match, &entry), MATCH_DECLINED);
    assert_int_equal(match_seat(&first.match, TAKEN)->command_number, 1);
    assert_int_equal(match_enter(&first.match, &entry), MATCH_UNFIT); /* it was taken */
}

/* Whichever call into the game it is, the room fails once and says why. */
static void test_match_whose_game_fails_fails_its_room(void **state)
{
    static struct toy_room toy;
    (void)state;
    calls_until_failure = 3; /* start, join, think */
    toy_room_open(&toy, &(struct toy_room_config){.trap = fail_in_time});
    assert_int_equal(toy_room_join(&toy, 0, 0), SK_REASON_NONE);
    assert_null(room_failure(toy.room));
    toy_room_step(&toy, 1);
    assert_string_equal(room_failure(toy.room), "a check of the game failed");
    assert_true(room_due_us(toy.room) == UINT64_MAX);
    assert_int_equal(toy_room_join(&toy, 1, 1), SK_REASON_ROOM_FAILED);
    assert_int_equal(toy.freed_count, 0);
    toy_room_close(&toy);
    assert_int_equal(toy.peers[0].goodbye, SK_REASON_ROOM_CLOSED);
}

#define STATES_TEST(name) cmocka_unit_test_setup_teardown(name, open_states, close_first)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match_of_a_room_with_churn_replays_to_equal_hashes),
        cmocka_unit_test(test_match_of_random_entries_replays_to_equal_hashes),
        cmocka_unit_test(test_match_copy_of_the_block_goes_on_equally),
        STATES_TEST(test_match_entry_that_does_not_fit_changes_nothing),
        STATES_TEST(test_match_closed_takes_no_entry),
        STATES_TEST(test_match_opening_of_another_plan_is_refused),
        STATES_TEST(test_match_block_that_is_broken_is_not_opened),
        STATES_TEST(test_match_whose_game_fails_takes_nothing_more),
        STATES_TEST(test_match_command_that_the_game_declines_is_told),
        cmocka_unit_test(test_match_whose_game_fails_fails_its_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
