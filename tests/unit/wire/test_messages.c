/* test_messages.c - every message survives a round trip, no hostile byte does, and an encoder
 * allocates nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/reason.h"
#include "wire/messages.h"

enum { BYTES_MAX = 4096 };

static size_t allocation_count;

/* The linker sends each allocation of this program's objects here (CMakeLists.txt). */
void *__real_malloc(size_t size);
void *__real__Znwm(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap__Znwm(size_t size);

void *__wrap_malloc(size_t size)
{
    allocation_count++;
    return __real_malloc(size);
}

void *__wrap__Znwm(size_t size)
{
    allocation_count++;
    return __real__Znwm(size);
}

static struct sk_text text(const char *words)
{
    return (struct sk_text){words, strlen(words)};
}

/* Decodes as a receiver does, from an aligned copy. */
static int decode_client(struct sk_bytes message, struct sk_client_message *got)
{
    static _Alignas(8) uint8_t aligned[BYTES_MAX];
    memcpy(aligned, message.bytes, message.size);
    return sk_client_message_decode(aligned, message.size, got);
}

static int decode_server(struct sk_bytes message, struct sk_server_message *got)
{
    static _Alignas(8) uint8_t aligned[SK_SEND_QUEUE_BYTES_MAX];
    memcpy(aligned, message.bytes, message.size);
    return sk_server_message_decode(aligned, message.size, got);
}

static void assert_text_equal(struct sk_text got, const char *want)
{
    assert_int_equal(got.size, strlen(want));
    assert_memory_equal(got.bytes, want, got.size);
}

static int setup(void **state)
{
    *state = sk_encoder_create(BYTES_MAX);
    return *state == NULL;
}

static int teardown(void **state)
{
    sk_encoder_destroy(*state);
    return 0;
}

static const struct sk_hello a_hello = {.version = SK_WIRE_VERSION,
                                        .ticket = {"a.ticket", 8},
                                        .layout_hash = 0x0123456789abcdef,
                                        .code_hash = 0xfedcba9876543210,
                                        .ordered = false};

static struct sk_inputs some_inputs(uint32_t count)
{
    struct sk_inputs inputs = {.tick = 1000, .count = count};
    for (uint32_t i = 0; i < count; i++) {
        inputs.inputs[i] = (struct sk_input){.buttons = 0x80000001u + i,
                                             .axes = {1, -2, 32767, -32768},
                                             .view_tick = 990 + i,
                                             .view_fraction = (uint8_t)(255 - i),
                                             .view_interval = (uint8_t)(3 + i)};
    }
    return inputs;
}

static struct sk_welcome a_welcome(void)
{
    return (struct sk_welcome){.version = 1,
                               .player = 3,
                               .players_max = 16,
                               .tick_hz = 60,
                               .snapshot_divisor = 3,
                               .seat_seconds = 30,
                               .tick = 12345,
                               .epoch = 1ull << 60,
                               .seed = 42,
                               .layout_hash = 43,
                               .code_hash = 44,
                               .content_hash = 45,
                               .options = {1, 2, 3, 4, 5, 6, 7, 0xffffffff},
                               .resumed = true,
                               .game = text("arena"),
                               .room = text("K3V9QZ"),
                               .content = text("/content/yard-12"),
                               .resume = text("resume.ticket")};
}

static const struct sk_seat some_seats[] = {
    {.player = 0, .state = SK_SEAT_HERE, .bot = false, .name = {"Ada", 3}},
    {.player = 7, .state = SK_SEAT_AWAY, .bot = true, .name = {"", 0}},
    {.player = 1023, .state = SK_SEAT_EMPTY, .bot = false, .name = {"\xc3\xa9", 2}},
};

static void test_messages_hello_round_trips(void **state)
{
    struct sk_client_message got;
    struct sk_bytes bytes = sk_encode_hello(*state, &a_hello);
    assert_int_equal(decode_client(bytes, &got), SK_OK);
    assert_int_equal(got.type, SK_CLIENT_HELLO);
    assert_int_equal(got.hello.version, SK_WIRE_VERSION);
    assert_text_equal(got.hello.ticket, "a.ticket");
    assert_true(got.hello.layout_hash == a_hello.layout_hash);
    assert_true(got.hello.code_hash == a_hello.code_hash);
    assert_false(got.hello.ordered);
}

static void test_messages_inputs_round_trip(void **state)
{
    for (uint32_t count = 1; count <= SK_INPUTS_A_MESSAGE_MAX; count++) {
        struct sk_client_message got;
        struct sk_inputs want = some_inputs(count);
        struct sk_received received = {.ack = 77, .applied = 0x80000005, .answered = 6};
        struct sk_bytes bytes = sk_encode_inputs(*state, &received, &want);
        assert_int_equal(decode_client(bytes, &got), SK_OK);
        assert_int_equal(got.type, SK_CLIENT_INPUTS);
        assert_int_equal(got.ack, 77);
        assert_int_equal(got.applied, 0x80000005);
        assert_int_equal(got.answered, 6);
        assert_int_equal(got.inputs.tick, want.tick);
        assert_int_equal(got.inputs.count, count);
        assert_memory_equal(got.inputs.inputs, want.inputs, count * sizeof(want.inputs[0]));
    }
}

/* Where order is kept nothing is told of older snapshots: the message is as long as before. */
static void test_messages_applied_takes_bytes_where_it_is_told_alone(void **state)
{
    enum { INPUTS_BYTES = 76, ACK_BYTES = 40 }; /* of version 2 */
    struct sk_inputs inputs = some_inputs(1);
    struct sk_received ordered = {.ack = 77};
    struct sk_received lossy = {.ack = 77, .applied = 1};
    assert_int_equal(sk_encode_inputs(*state, &ordered, &inputs).size, INPUTS_BYTES);
    assert_int_equal(sk_encode_ack(*state, &ordered).size, ACK_BYTES);
    assert_in_range(sk_encode_inputs(*state, &lossy, &inputs).size, INPUTS_BYTES + 1,
                    INPUTS_BYTES + 8);
    assert_in_range(sk_encode_ack(*state, &lossy).size, ACK_BYTES + 1, ACK_BYTES + 8);
}

static void test_messages_acks_requests_and_leave_round_trip(void **state)
{
    struct sk_client_message got;
    struct sk_received received = {.ack = 5, .applied = 3, .answered = 2};
    struct sk_bytes bytes = sk_encode_ack(*state, &received);
    assert_int_equal(decode_client(bytes, &got), SK_OK);
    assert_int_equal(got.type, SK_CLIENT_ACK);
    assert_int_equal(got.ack, 5);
    assert_int_equal(got.applied, 3);
    assert_int_equal(got.answered, 2);

    bytes = sk_encode_keyframe_request(*state, 6);
    assert_int_equal(decode_client(bytes, &got), SK_OK);
    assert_int_equal(got.type, SK_CLIENT_KEYFRAME_REQUEST);
    assert_int_equal(got.ack, 6);

    bytes = sk_encode_leave(*state);
    assert_int_equal(decode_client(bytes, &got), SK_OK);
    assert_int_equal(got.type, SK_CLIENT_LEAVE);
}

static void test_messages_command_round_trips(void **state)
{
    struct sk_client_message got;
    struct sk_command command = {.type = 9,
                                 .wants_answer = true,
                                 .number = 70000,
                                 .bytes = (const uint8_t *)"\0\1\2",
                                 .size = 3};
    struct sk_bytes bytes = sk_encode_command(*state, 69999, &command);
    assert_int_equal(decode_client(bytes, &got), SK_OK);
    assert_int_equal(got.type, SK_CLIENT_COMMAND);
    assert_int_equal(got.answered, 69999);
    assert_int_equal(got.command.number, 70000);
    assert_true(got.command.wants_answer);
    assert_int_equal(got.command.type, 9);
    assert_int_equal(got.command.size, 3);
    assert_memory_equal(got.command.bytes, "\0\1\2", 3);
}

/* A Probe is as empty as a Leave. */
static void test_messages_probe_and_probed_round_trip(void **state)
{
    struct sk_probed want = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, UINT32_MAX};
    struct sk_server_message got;
    assert_int_equal(decode_server(sk_encode_probed(*state, &want), &got), SK_OK);
    assert_int_equal(got.type, SK_SERVER_PROBED);
    assert_memory_equal(&got.probed, &want, sizeof(want));

    struct sk_client_message probe;
    struct sk_bytes leave = sk_encode_leave(*state);
    uint8_t bytes[64];
    assert_true(leave.size <= sizeof(bytes));
    bool is_probe = false;
    for (size_t i = 0; i < leave.size && !is_probe; i++) {
        memcpy(bytes, leave.bytes, leave.size);
        bytes[i] = bytes[i] == SK_CLIENT_LEAVE ? SK_CLIENT_PROBE : bytes[i];
        is_probe = decode_client((struct sk_bytes){bytes, leave.size}, &probe) == SK_OK &&
                   probe.type == SK_CLIENT_PROBE;
    }
    assert_true(is_probe);
}

static void test_messages_answer_round_trips(void **state)
{
    static const uint8_t bytes[SK_ANSWER_BYTES_MAX + 1] = {7};
    struct sk_server_message got;
    struct sk_command_answer answer = {70000, true, bytes, SK_ANSWER_BYTES_MAX};
    assert_int_equal(decode_server(sk_encode_answer(*state, &answer), &got), SK_OK);
    assert_int_equal(got.type, SK_SERVER_ANSWER);
    assert_int_equal(got.answer.number, 70000);
    assert_true(got.answer.is_refused);
    assert_int_equal(got.answer.size, SK_ANSWER_BYTES_MAX);
    assert_memory_equal(got.answer.bytes, bytes, SK_ANSWER_BYTES_MAX);
    answer.number = 0;
    assert_int_equal(decode_server(sk_encode_answer(*state, &answer), &got), SK_ERR_RANGE);
    answer = (struct sk_command_answer){.number = 1};
    assert_int_equal(decode_server(sk_encode_answer(*state, &answer), &got), SK_OK);
    assert_int_equal(got.answer.size, 0);
}

static void test_messages_welcome_round_trips(void **state)
{
    struct sk_server_message got;
    struct sk_welcome want = a_welcome();
    struct sk_bytes bytes = sk_encode_welcome(*state, &want);
    assert_int_equal(decode_server(bytes, &got), SK_OK);
    assert_int_equal(got.type, SK_SERVER_WELCOME);
    assert_memory_equal(&got.welcome, &want, offsetof(struct sk_welcome, resumed));
    assert_true(got.welcome.resumed);
    assert_text_equal(got.welcome.game, "arena");
    assert_text_equal(got.welcome.room, "K3V9QZ");
    assert_text_equal(got.welcome.content, "/content/yard-12");
    assert_text_equal(got.welcome.resume, "resume.ticket");
}

static void test_messages_roster_round_trips(void **state)
{
    struct sk_server_message got;
    struct sk_bytes bytes = sk_encode_roster(*state, some_seats, 3);
    assert_int_equal(decode_server(bytes, &got), SK_OK);
    assert_int_equal(got.type, SK_SERVER_ROSTER);
    assert_int_equal(got.roster.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        struct sk_seat seat = sk_roster_seat(&got, i);
        assert_int_equal(seat.player, some_seats[i].player);
        assert_int_equal(seat.state, some_seats[i].state);
        assert_int_equal(seat.bot, some_seats[i].bot);
        assert_int_equal(seat.name.size, some_seats[i].name.size);
        assert_memory_equal(seat.name.bytes, some_seats[i].name.bytes, seat.name.size);
    }
}

static void test_messages_roster_of_every_seat_round_trips(void **state)
{
    (void)state;
    static struct sk_seat seats[SK_PLAYERS_MAX];
    struct sk_encoder *encoder = sk_encoder_create(SK_SEND_QUEUE_BYTES_MAX);
    for (uint16_t i = 0; i < SK_PLAYERS_MAX; i++) {
        seats[i] = (struct sk_seat){i, SK_SEAT_HERE, false, {"0123456789abcdef", 16}};
    }
    struct sk_server_message got;
    struct sk_bytes bytes = sk_encode_roster(encoder, seats, SK_PLAYERS_MAX);
    assert_int_equal(decode_server(bytes, &got), SK_OK);
    assert_int_equal(got.roster.count, SK_PLAYERS_MAX);
    assert_int_equal(sk_roster_seat(&got, SK_PLAYERS_MAX - 1).player, SK_PLAYERS_MAX - 1);
    sk_encoder_destroy(encoder);
}

static void test_messages_resume_notice_goodbye_round_trip(void **state)
{
    struct sk_server_message got;
    struct sk_bytes bytes = sk_encode_resume(*state, text("next"));
    assert_int_equal(decode_server(bytes, &got), SK_OK);
    assert_int_equal(got.type, SK_SERVER_RESUME);
    assert_text_equal(got.resume, "next");

    struct sk_notice notice = {SK_NOTICE_STOPPING, 20, text("back soon")};
    bytes = sk_encode_notice(*state, &notice);
    assert_int_equal(decode_server(bytes, &got), SK_OK);
    assert_int_equal(got.type, SK_SERVER_NOTICE);
    assert_int_equal(got.notice.kind, SK_NOTICE_STOPPING);
    assert_int_equal(got.notice.seconds, 20);
    assert_text_equal(got.notice.text, "back soon");

    bytes = sk_encode_goodbye(*state, SK_REASON_DISPLACED);
    assert_int_equal(decode_server(bytes, &got), SK_OK);
    assert_int_equal(got.type, SK_SERVER_GOODBYE);
    assert_int_equal(got.goodbye.reason, SK_REASON_DISPLACED);
    assert_text_equal(got.goodbye.word, "displaced");
}

static void test_messages_are_told_from_snapshots_by_the_first_byte(void **state)
{
    struct sk_bytes bytes = sk_encode_hello(*state, &a_hello);
    assert_int_equal(bytes.bytes[0] & 3, 0);
    assert_false(sk_is_snapshot(bytes.bytes, bytes.size));
    assert_true(sk_is_snapshot((const uint8_t *)"\x05", 1));
    assert_false(sk_is_snapshot((const uint8_t *)"\x05", 0));
}

/* A page that ends where memory ends; what lies before the end is the caller's. */
static uint8_t *end_of_page(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *pages =
        mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    return pages + page;
}

/* `size` bytes of a message as close to the end as alignment lets them. */
static const uint8_t *at_end(uint8_t *end, const uint8_t *bytes, size_t size)
{
    return memcpy(end - ((size + 7) & ~(size_t)7), bytes, size);
}

/* Only padding may be missing. */
static void check_every_cut(struct sk_bytes message, bool from_client)
{
    uint8_t *end = end_of_page();
    for (size_t cut = 0; cut < message.size; cut++) {
        struct sk_client_message client;
        struct sk_server_message server;
        const uint8_t *bytes = at_end(end, message.bytes, cut);
        int result = from_client ? sk_client_message_decode(bytes, cut, &client)
                                 : sk_server_message_decode(bytes, cut, &server);
        if (result == SK_OK) {
            assert_true(message.size - cut < 8);
        } else {
            assert_int_equal(result, SK_ERR_PROTOCOL);
        }
    }
}

static void test_messages_cut_anywhere_are_refused(void **state)
{
    struct sk_inputs inputs = some_inputs(3);
    struct sk_welcome welcome = a_welcome();
    check_every_cut(sk_encode_hello(*state, &a_hello), true);
    check_every_cut(sk_encode_inputs(*state, &(struct sk_received){.ack = 1}, &inputs), true);
    check_every_cut(sk_encode_ack(*state, &(struct sk_received){.ack = 1}), true);
    check_every_cut(sk_encode_leave(*state), true);
    check_every_cut(sk_encode_welcome(*state, &welcome), false);
    check_every_cut(sk_encode_roster(*state, some_seats, 3), false);
    check_every_cut(sk_encode_goodbye(*state, SK_REASON_IDLE), false);
}

static void test_messages_with_any_byte_flipped_do_not_read_beyond_the_end(void **state)
{
    struct sk_welcome welcome = a_welcome();
    struct sk_bytes message = sk_encode_welcome(*state, &welcome);
    uint8_t *end = end_of_page();
    uint8_t *bytes = end - ((message.size + 7) & ~(size_t)7);
    for (size_t bit = 0; bit < 8 * message.size; bit++) {
        struct sk_server_message got;
        memcpy(bytes, message.bytes, message.size);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (sk_server_message_decode(bytes, message.size, &got) == SK_OK) {
            assert_true(got.type != SK_SERVER_WELCOME || got.welcome.game.size <= message.size);
        }
    }
}

static _Alignas(8) uint8_t changed[BYTES_MAX];

static void copy(struct sk_bytes message)
{
    assert_true(message.size > 0);
    memset(changed, 0, sizeof(changed));
    memcpy(changed, message.bytes, message.size);
}

/* The union's tag is the only byte that differs between two bodies of one shape. */
static size_t find_tag(struct sk_encoder *encoder)
{
    copy(sk_encode_ack(encoder, &(struct sk_received){.ack = 0x55}));
    struct sk_bytes other = sk_encode_keyframe_request(encoder, 0x55);
    for (size_t i = 0; i < other.size; i++) {
        if (changed[i] != other.bytes[i]) {
            return i;
        }
    }
    fail_msg("the tag was not found");
    return 0;
}

static void test_messages_with_unknown_body_are_refused(void **state)
{
    struct sk_client_message got;
    size_t tag = find_tag(*state);
    struct sk_bytes message = sk_encode_ack(*state, &(struct sk_received){.ack = 1});
    copy(message);
    assert_int_equal(sk_client_message_decode(changed, message.size, &got), SK_OK);
    changed[tag] = SK_CLIENT_DIVERGED + 1;
    assert_int_equal(sk_client_message_decode(changed, message.size, &got), SK_ERR_PROTOCOL);
    changed[tag] = 0;
    assert_int_equal(sk_client_message_decode(changed, message.size, &got), SK_ERR_PROTOCOL);
}

/* Offset of the inputs' count, 32 bits in front of the first input. */
static size_t find_input_count(const struct sk_inputs *inputs)
{
    for (size_t at = 0; at + 8 < sizeof(changed); at += 4) {
        if (memcmp(changed + at, &inputs->inputs[0].buttons, 4) == 0) {
            return at - 4;
        }
    }
    fail_msg("the inputs were not found");
    return 0;
}

static void test_messages_with_no_or_too_many_inputs_are_refused(void **state)
{
    struct sk_client_message got;
    struct sk_inputs inputs = some_inputs(SK_INPUTS_A_MESSAGE_MAX);
    struct sk_bytes message = sk_encode_inputs(*state, &(struct sk_received){.ack = 1}, &inputs);
    copy(message);
    size_t size = message.size + sizeof(struct sk_input); /* room for one more */
    size_t at = find_input_count(&inputs);
    assert_int_equal(changed[at], SK_INPUTS_A_MESSAGE_MAX);
    assert_int_equal(sk_client_message_decode(changed, size, &got), SK_OK);
    changed[at] = SK_INPUTS_A_MESSAGE_MAX + 1;
    assert_int_equal(sk_client_message_decode(changed, size, &got), SK_ERR_RANGE);
    changed[at] = 0;
    assert_int_equal(sk_client_message_decode(changed, size, &got), SK_ERR_RANGE);
}

static const char long_words[512] = {0};

static void test_messages_client_text_over_its_limit_is_refused(void **state)
{
    struct sk_client_message got;
    struct sk_hello hello = a_hello;
    hello.ticket = (struct sk_text){long_words, SK_TICKET_BYTES_MAX};
    struct sk_bytes bytes = sk_encode_hello(*state, &hello);
    assert_int_equal(decode_client(bytes, &got), SK_OK);
    hello.ticket.size++;
    bytes = sk_encode_hello(*state, &hello);
    assert_int_equal(decode_client(bytes, &got), SK_ERR_RANGE);

    struct sk_command command = {
        .type = 1, .bytes = (const uint8_t *)long_words, .size = SK_COMMAND_BYTES_MAX};
    bytes = sk_encode_command(*state, 0, &command);
    assert_int_equal(decode_client(bytes, &got), SK_OK);
    command.size++;
    bytes = sk_encode_command(*state, 0, &command);
    assert_int_equal(decode_client(bytes, &got), SK_ERR_RANGE);
}

/* A row changes one number of a good Welcome. */
#define WELCOME_FAULTS(ROW)                                                                        \
    ROW("a player beyond the seats", player, 16)                                                   \
    ROW("no seats", players_max, 0)                                                                \
    ROW("too many seats", players_max, SK_PLAYERS_MAX + 1)                                         \
    ROW("no ticks", tick_hz, 0)                                                                    \
    ROW("too many ticks", tick_hz, SK_TICK_HZ_MAX + 1)                                             \
    ROW("no snapshots", snapshot_divisor, 0)                                                       \
    ROW("too few snapshots", snapshot_divisor, SK_SNAPSHOT_DIVISOR_MAX + 1)                        \
    ROW("a long game", game.size, SK_NAME_BYTES_MAX + 1)                                           \
    ROW("a long code", room.size, SK_CODE_BYTES + 1)                                               \
    ROW("a long path", content.size, SK_CONTENT_PATH_BYTES_MAX + 1)                                \
    ROW("a long ticket", resume.size, SK_TICKET_BYTES_MAX + 1)

static void check_welcome(struct sk_encoder *encoder, const struct sk_welcome *welcome, int want)
{
    struct sk_server_message got;
    struct sk_bytes bytes = sk_encode_welcome(encoder, welcome);
    assert_int_equal(decode_server(bytes, &got), want);
}

static void test_messages_welcome_with_one_fault_is_refused(void **state)
{
    struct sk_welcome good = a_welcome();
    good.game.bytes = good.room.bytes = good.content.bytes = good.resume.bytes = long_words;
    check_welcome(*state, &good, SK_OK);
#define CHECK_FAULT(fault, member, value)                                                          \
    {                                                                                              \
        print_message("  %s\n", fault);                                                            \
        struct sk_welcome bad = good;                                                              \
        bad.member = (value);                                                                      \
        check_welcome(*state, &bad, SK_ERR_RANGE);                                                 \
    }
    WELCOME_FAULTS(CHECK_FAULT)
    good.player = SK_SPECTATOR;
    check_welcome(*state, &good, SK_OK);
}

static void check_roster(struct sk_encoder *encoder, struct sk_seat seat, int want)
{
    struct sk_server_message got;
    struct sk_bytes bytes = sk_encode_roster(encoder, &seat, 1);
    assert_int_equal(decode_server(bytes, &got), want);
}

static void test_messages_roster_with_one_fault_is_refused(void **state)
{
    struct sk_seat seat = {1, SK_SEAT_HERE, false, {long_words, SK_NAME_BYTES_MAX}};
    check_roster(*state, seat, SK_OK);
    seat.name.size++;
    check_roster(*state, seat, SK_ERR_RANGE);
    seat.name.size--;
    seat.player = SK_PLAYERS_MAX;
    check_roster(*state, seat, SK_ERR_RANGE);
}

static void test_messages_notice_with_one_fault_is_refused(void **state)
{
    struct sk_server_message got;
    struct sk_notice notice = {SK_NOTICE_TEXT, 0, {long_words, SK_NOTICE_BYTES_MAX}};
    struct sk_bytes bytes = sk_encode_notice(*state, &notice);
    assert_int_equal(decode_server(bytes, &got), SK_OK);
    notice.text.size++;
    bytes = sk_encode_notice(*state, &notice);
    assert_int_equal(decode_server(bytes, &got), SK_ERR_RANGE);
    notice.text.size--;
    notice.kind = (enum sk_notice_kind)SK_NOTICE_KINDS;
    bytes = sk_encode_notice(*state, &notice);
    assert_int_equal(decode_server(bytes, &got), SK_ERR_RANGE);
}

/* The offset of the vector of a roster of three is followed by three offsets; many offsets that
 * name one seat are the cheapest way to make a verifier walk. */
static void test_messages_verifier_stops_counting_tables(void **state)
{
    enum { SEATS = SK_PLAYERS_MAX + 16 };
    static _Alignas(8) uint8_t hostile[4 * SEATS + 256];
    struct sk_server_message got;
    struct sk_seat seat = {0x1ff, SK_SEAT_HERE, false, {"x", 1}};
    struct sk_bytes small = sk_encode_roster(*state, &seat, 1);
    uint32_t one[2];
    for (size_t at = 0; at + 8 <= small.size; at += 4) {
        memcpy(one, small.bytes + at, 8);
        if (one[0] != 1 || at + 4 + one[1] >= small.size) {
            continue;
        }
        /* Everything up to the count stays; offsets are from their own place. */
        memcpy(hostile, small.bytes, at);
        uint32_t count = SEATS;
        memcpy(hostile + at, &count, 4);
        for (uint32_t i = 0; i < SEATS; i++) {
            uint32_t offset = one[1] + 4 * (SEATS - 1 - i);
            memcpy(hostile + at + 4 + 4 * i, &offset, 4);
        }
        memcpy(hostile + at + 4 + 4 * SEATS, small.bytes + at + 8, small.size - at - 8);
        assert_int_equal(sk_server_message_decode(hostile, small.size + 4 * (SEATS - 1), &got),
                         SK_ERR_PROTOCOL);
        count = 2; /* the same bytes with few tables are sound */
        memcpy(hostile + at, &count, 4);
        assert_int_equal(sk_server_message_decode(hostile, small.size + 4 * (SEATS - 1), &got),
                         SK_OK);
        return;
    }
    fail_msg("the vector was not found");
}

static void test_messages_too_big_for_the_encoder_have_size_0(void **state)
{
    (void)state;
    struct sk_inputs inputs = some_inputs(SK_INPUTS_A_MESSAGE_MAX);
    struct sk_welcome welcome = a_welcome();
    for (size_t bytes_max = 0; bytes_max < 512; bytes_max++) {
        struct sk_encoder *encoder = sk_encoder_create(bytes_max);
        assert_true(sk_encode_inputs(encoder, &(struct sk_received){.ack = 1}, &inputs).size <=
                    bytes_max);
        assert_true(sk_encode_welcome(encoder, &welcome).size <= bytes_max);
        assert_true(sk_encode_roster(encoder, some_seats, 3).size <= bytes_max);
        assert_true(sk_encode_hello(encoder, &a_hello).size <= bytes_max);
        sk_encoder_destroy(encoder);
    }
}

static void test_messages_that_just_fit_are_encoded(void **state)
{
    struct sk_welcome welcome = a_welcome();
    size_t size = sk_encode_welcome(*state, &welcome).size;
    struct sk_encoder *exact = sk_encoder_create(size);
    struct sk_encoder *small = sk_encoder_create(size - 1);
    assert_int_equal(sk_encode_welcome(exact, &welcome).size, size);
    assert_int_equal(sk_encode_welcome(small, &welcome).size, 0);
    sk_encoder_destroy(exact);
    sk_encoder_destroy(small);
}

static void test_messages_encoding_and_decoding_allocate_nothing(void **state)
{
    struct sk_inputs inputs = some_inputs(SK_INPUTS_A_MESSAGE_MAX);
    struct sk_welcome welcome = a_welcome();
    struct sk_client_message client;
    struct sk_server_message server;
    size_t before = allocation_count;
    assert_true(before > 0); /* the counter sees what setup() made */
    for (int i = 0; i < 100; i++) {
        struct sk_bytes bytes = sk_encode_inputs(*state, &(struct sk_received){.ack = 1}, &inputs);
        assert_int_equal(decode_client(bytes, &client), SK_OK);
        bytes = sk_encode_welcome(*state, &welcome);
        assert_int_equal(decode_server(bytes, &server), SK_OK);
        bytes = sk_encode_roster(*state, some_seats, 3);
        assert_int_equal(decode_server(bytes, &server), SK_OK);
    }
    assert_int_equal(allocation_count, before);
}

#define WITH_ENCODER(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ENCODER(test_messages_hello_round_trips),
        WITH_ENCODER(test_messages_inputs_round_trip),
        WITH_ENCODER(test_messages_acks_requests_and_leave_round_trip),
        WITH_ENCODER(test_messages_applied_takes_bytes_where_it_is_told_alone),
        WITH_ENCODER(test_messages_command_round_trips),
        WITH_ENCODER(test_messages_answer_round_trips),
        WITH_ENCODER(test_messages_probe_and_probed_round_trip),
        WITH_ENCODER(test_messages_welcome_round_trips),
        WITH_ENCODER(test_messages_roster_round_trips),
        cmocka_unit_test(test_messages_roster_of_every_seat_round_trips),
        WITH_ENCODER(test_messages_resume_notice_goodbye_round_trip),
        WITH_ENCODER(test_messages_are_told_from_snapshots_by_the_first_byte),
        WITH_ENCODER(test_messages_cut_anywhere_are_refused),
        WITH_ENCODER(test_messages_with_any_byte_flipped_do_not_read_beyond_the_end),
        WITH_ENCODER(test_messages_with_unknown_body_are_refused),
        WITH_ENCODER(test_messages_with_no_or_too_many_inputs_are_refused),
        WITH_ENCODER(test_messages_client_text_over_its_limit_is_refused),
        WITH_ENCODER(test_messages_welcome_with_one_fault_is_refused),
        WITH_ENCODER(test_messages_roster_with_one_fault_is_refused),
        WITH_ENCODER(test_messages_notice_with_one_fault_is_refused),
        WITH_ENCODER(test_messages_verifier_stops_counting_tables),
        cmocka_unit_test(test_messages_too_big_for_the_encoder_have_size_0),
        WITH_ENCODER(test_messages_that_just_fit_are_encoded),
        WITH_ENCODER(test_messages_encoding_and_decoding_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
