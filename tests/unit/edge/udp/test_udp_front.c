/* test_udp_front.c - what a worker's socket takes, counts, and answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "aead/aead_wolfssl.h"
#include "base/limits.h"
#include "udp/udp_front.h"
#include "udp/udp_socket.h"

enum { SESSION = 0x00123400, OTHER_SESSION = 0x00123500 };

/* A front and one client of it, whose owner writes down what it is told. */
struct fixture {
    struct loop *loop;
    struct udp_front *front;
    const struct udp_counts *counts;
    struct address address; /* of the front */
    struct sk_sealed client;
    int client_fd;
    uint32_t slot;
    /* what the owner heard */
    uint32_t came;
    uint32_t ended;
    enum sk_reason reason;
    uint32_t batches;
    uint8_t last[SK_SEALED_PLAIN_BYTES_MAX];
    size_t last_bytes;
    enum udp_verdict verdict;
    bool closes;
    bool echoes;
};

static enum udp_verdict on_datagram(void *context, uint32_t slot, const uint8_t *plain,
                                    size_t bytes)
{
    struct fixture *fixture = context;
    fixture->came++;
    fixture->last_bytes = bytes;
    memcpy(fixture->last, plain, bytes);
    assert_int_equal(slot, fixture->slot);
    if (fixture->echoes) {
        assert_int_equal(udp_front_send(fixture->front, slot, plain, bytes), SK_OK);
    }
    if (fixture->closes) {
        udp_front_close(fixture->front, slot);
    }
    return fixture->verdict;
}

static void on_batch(void *context)
{
    ((struct fixture *)context)->batches++;
}

static void on_end(void *context, uint32_t slot, enum sk_reason reason)
{
    struct fixture *fixture = context;
    (void)slot;
    fixture->ended++;
    fixture->reason = reason;
}

static const struct udp_handler handler = {
    .on_datagram = on_datagram, .on_batch = on_batch, .on_end = on_end};

static struct sk_sealed_keys keys_of_client(void)
{
    struct sk_sealed_keys keys;
    memset(keys.send, 0x5a, sizeof(keys.send));
    memset(keys.receive, 0xa5, sizeof(keys.receive));
    return keys;
}

static struct sk_sealed_keys keys_of_server(void)
{
    struct sk_sealed_keys client = keys_of_client();
    struct sk_sealed_keys keys;
    memcpy(keys.send, client.receive, sizeof(keys.send));
    memcpy(keys.receive, client.send, sizeof(keys.receive));
    return keys;
}

/* A socket of the client's at another port than the one before. */
static void connect_client(struct fixture *fixture)
{
    struct sockaddr_storage storage;
    socklen_t bytes = address_to_socket(&fixture->address, &storage);
    int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&storage, bytes), 0);
    if (fixture->client_fd >= 0) {
        close(fixture->client_fd);
    }
    fixture->client_fd = fd;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct loop_config loop = {0};
    const char *why = NULL;
    int fd = -1;
    fixture->client_fd = -1;
    fixture->loop = loop_create(&loop, &why);
    struct udp_config config = {.loop = fixture->loop,
                                .handler = &handler,
                                .context = fixture,
                                .aead = sk_aead_wolfssl(),
                                .sessions_max = 4};
    fixture->front = udp_front_create(&config);
    fixture->counts = udp_front_counts(fixture->front);
    assert_int_equal(address_parse("127.0.0.1:0", &fixture->address), SK_OK);
    assert_int_equal(udp_socket_open(&fixture->address, &fd, 1, &why), SK_OK);
    assert_int_equal(udp_front_listen(fixture->front, fd), SK_OK);
    struct sk_sealed_keys keys = keys_of_server();
    assert_int_equal(udp_front_open(fixture->front, SESSION, &keys, &fixture->slot), SK_OK);
    keys = keys_of_client();
    sk_sealed_init(&fixture->client, sk_aead_wolfssl(), SESSION, SK_SEALED_TO_SERVER, &keys);
    connect_client(fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    close(fixture->client_fd);
    udp_front_destroy(fixture->front);
    loop_destroy(fixture->loop);
    free(fixture);
    return 0;
}

static void send_raw(const struct fixture *fixture, const uint8_t *datagram, size_t bytes)
{
    assert_int_equal(send(fixture->client_fd, datagram, bytes, 0), bytes);
}

/* Seals and sends `bytes` bytes of `value`; returns the datagram's size. */
static size_t send_sealed(struct fixture *fixture, int value, size_t bytes,
                          uint8_t datagram[SK_SEALED_BYTES_MAX])
{
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    memset(plain, value, bytes);
    int size = sk_sealed_send(&fixture->client, plain, bytes, datagram);
    assert_true(size > 0);
    send_raw(fixture, datagram, (size_t)size);
    return (size_t)size;
}

static uint64_t refused(const struct fixture *fixture, enum udp_refusal why)
{
    return counter_read(&fixture->counts->refused[why]);
}

static uint64_t refused_in_all(const struct fixture *fixture)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < UDP_REFUSAL_COUNT; i++) {
        sum += counter_read(&fixture->counts->refused[i]);
    }
    return sum;
}

/* What the client gets: the size of the plain bytes, or -1 for nothing. */
static int receive(struct fixture *fixture, uint8_t *plain)
{
    uint8_t datagram[SK_SEALED_BYTES_MAX + 1];
    struct sk_sealed_opened opened;
    ssize_t bytes = recv(fixture->client_fd, datagram, sizeof(datagram), 0);
    if (bytes < 0) {
        return -1;
    }
    assert_int_equal(sk_sealed_receive(&fixture->client, datagram, (size_t)bytes, plain, &opened),
                     SK_OK);
    return (int)opened.bytes;
}

static void test_udp_front_good_datagram_is_given_and_answered(void **state)
{
    struct fixture *fixture = *state;
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    fixture->echoes = true;
    for (size_t bytes = 0; bytes <= SK_SEALED_PLAIN_BYTES_MAX; bytes += 147) {
        send_sealed(fixture, 7, bytes, datagram);
        loop_turn(fixture->loop, 0);
        assert_int_equal(fixture->last_bytes, bytes);
        assert_int_equal(receive(fixture, plain), bytes);
        assert_memory_equal(plain, fixture->last, bytes);
    }
    assert_int_equal(fixture->came, 9);
    assert_int_equal(fixture->batches, 9);
    assert_int_equal(counter_read(&fixture->counts->datagrams_in), 9);
    assert_int_equal(counter_read(&fixture->counts->datagrams_out), 9);
    assert_int_equal(counter_read(&fixture->counts->bytes_out),
                     counter_read(&fixture->counts->bytes_in));
    assert_int_equal(refused_in_all(fixture), 0);
}

/* Each row is a good datagram but for one fault: counted under its word, and not answered. */
static void test_udp_front_one_fault_is_counted_and_not_answered(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *fault;
        enum udp_refusal why;
        size_t at; /* of the byte that is changed; 0: none is */
        size_t bytes;
    } rows[] = {
        {"another session", UDP_REFUSED_UNKNOWN_SESSION, 1, 124},
        {"another sequence", UDP_REFUSED_FORGED, 7, 124},
        {"a sealed byte", UDP_REFUSED_FORGED, 50, 124},
        {"the tag", UDP_REFUSED_FORGED, 123, 124},
        {"one byte less", UDP_REFUSED_FORGED, 0, 123},
        {"no room for a tag", UDP_REFUSED_TRUNCATED, 0, 23},
        {"nothing", UDP_REFUSED_TRUNCATED, 0, 0},
        {"above 1,200 bytes", UDP_REFUSED_TRUNCATED, 0, 1201},
        {"far above", UDP_REFUSED_TRUNCATED, 0, 9000},
    };
    static const uint8_t nothing[100];
    uint8_t datagram[9000] = {0};
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    fixture->echoes = true;
    assert_int_equal(sk_sealed_send(&fixture->client, nothing, 100, datagram), 124);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  %s\n", rows[i].fault);
        uint64_t before = refused(fixture, rows[i].why);
        datagram[rows[i].at] ^= rows[i].at > 0 ? 0x80 : 0;
        send_raw(fixture, datagram, rows[i].bytes);
        datagram[rows[i].at] ^= rows[i].at > 0 ? 0x80 : 0;
        loop_turn(fixture->loop, 0);
        assert_int_equal(refused(fixture, rows[i].why), before + 1);
        assert_int_equal(refused_in_all(fixture), i + 1);
        assert_int_equal(receive(fixture, plain), -1);
    }
    assert_int_equal(fixture->came, 0);
    assert_int_equal(counter_read(&fixture->counts->datagrams_out), 0);
    send_raw(fixture, datagram, 124); /* without a fault it is good, once */
    send_raw(fixture, datagram, 124);
    loop_turn(fixture->loop, 0);
    assert_int_equal(fixture->came, 1);
    assert_int_equal(refused(fixture, UDP_REFUSED_REPLAYED), 1);
    assert_int_equal(receive(fixture, plain), 100);
    assert_int_equal(receive(fixture, plain), -1);
    assert_int_equal(counter_read(&fixture->counts->sessions), 1);
}

static void test_udp_front_what_the_owner_does_not_take_is_filtered(void **state)
{
    struct fixture *fixture = *state;
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    fixture->verdict = UDP_FILTERED;
    send_sealed(fixture, 7, 100, datagram);
    loop_turn(fixture->loop, 0);
    assert_int_equal(fixture->came, 1);
    assert_int_equal(refused(fixture, UDP_REFUSED_FILTERED), 1);
    assert_int_equal(refused(fixture, UDP_REFUSED_CROWDED), 0);
}

static void test_udp_front_what_the_owner_has_no_room_for_is_crowded(void **state)
{
    struct fixture *fixture = *state;
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    fixture->verdict = UDP_CROWDED;
    send_sealed(fixture, 7, 100, datagram);
    loop_turn(fixture->loop, 0);
    assert_int_equal(fixture->came, 1);
    assert_int_equal(refused(fixture, UDP_REFUSED_CROWDED), 1);
    assert_int_equal(refused(fixture, UDP_REFUSED_FILTERED), 0);
}

static void test_udp_front_closed_session_is_unknown(void **state)
{
    struct fixture *fixture = *state;
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    struct sk_sealed_keys keys = keys_of_server();
    fixture->closes = true;
    send_sealed(fixture, 7, 100, datagram);
    send_sealed(fixture, 7, 100, datagram);
    loop_turn(fixture->loop, 0);
    assert_int_equal(fixture->came, 1);
    assert_int_equal(refused(fixture, UDP_REFUSED_UNKNOWN_SESSION), 1);
    assert_int_equal(counter_read(&fixture->counts->sessions), 0);
    assert_int_equal(udp_front_open(fixture->front, OTHER_SESSION, &keys, &fixture->slot), SK_OK);
    assert_int_equal(counter_read(&fixture->counts->sessions), 1);
}

static void test_udp_front_budget_ends_with_admission(void **state)
{
    struct fixture *fixture = *state;
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX] = {0};
    assert_int_equal(udp_front_send(fixture->front, fixture->slot, plain, 1), SK_ERR_FULL);
    send_sealed(fixture, 7, 100, datagram);
    loop_turn(fixture->loop, 0);
    assert_int_equal(udp_front_send(fixture->front, fixture->slot, plain, 101), SK_ERR_FULL);
    assert_int_equal(udp_front_send(fixture->front, fixture->slot, plain, 100), SK_OK);
    assert_int_equal(udp_front_send(fixture->front, fixture->slot, plain, 0), SK_ERR_FULL);
    assert_int_equal(refused(fixture, UDP_REFUSED_BUDGET), 3);
    udp_front_admit(fixture->front, fixture->slot);
    assert_int_equal(udp_front_send(fixture->front, fixture->slot, plain, 1000), SK_OK);
    loop_turn(fixture->loop, 0);
    assert_int_equal(receive(fixture, plain), 100);
    assert_int_equal(receive(fixture, plain), 1000);
    assert_int_equal(receive(fixture, plain), -1);
}

static void test_udp_front_follows_the_client_to_another_port(void **state)
{
    struct fixture *fixture = *state;
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    struct address before;
    struct address after;
    fixture->echoes = true;
    send_sealed(fixture, 7, 100, datagram);
    loop_turn(fixture->loop, 0);
    udp_front_address(fixture->front, fixture->slot, &before);
    connect_client(fixture);
    send_sealed(fixture, 8, 100, datagram);
    loop_turn(fixture->loop, 0);
    udp_front_address(fixture->front, fixture->slot, &after);
    assert_true(address_is_loopback(&after));
    assert_int_not_equal(after.port, before.port);
    assert_int_equal(receive(fixture, plain), 100);
}

/* Of four slots one is in use: keys that nobody uses give way, the oldest first. */
static void test_udp_front_full_takes_the_slot_of_the_oldest_unused(void **state)
{
    struct fixture *fixture = *state;
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    struct sk_sealed_keys keys = keys_of_server();
    uint32_t slots[3];
    uint32_t slot = 0;
    send_sealed(fixture, 7, 100, datagram);
    loop_turn(fixture->loop, 0);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(udp_front_open(fixture->front, OTHER_SESSION + (i << 8), &keys, &slots[i]),
                         SK_OK);
        assert_int_equal(fixture->ended, 0);
        usleep(2000); /* the next one is younger */
        loop_turn(fixture->loop, 0);
    }
    assert_int_equal(udp_front_open(fixture->front, OTHER_SESSION + 0x300, &keys, &slot), SK_OK);
    assert_int_equal(slot, slots[0]);
    assert_int_equal(fixture->ended, 1);
    assert_int_equal(fixture->reason, SK_REASON_SERVER_FULL);
    assert_int_equal(counter_read(&fixture->counts->sessions), 4);
    assert_int_equal(udp_front_open(fixture->front, OTHER_SESSION + 0x400, &keys, &slot), SK_OK);
    assert_int_equal(slot, slots[1]);
    send_sealed(fixture, 7, 100, datagram); /* the one in use still is */
    loop_turn(fixture->loop, 0);
    assert_int_equal(fixture->came, 2);
}

/* No more than 256 in a turn, however many wait; the rest comes in the next. */
static void test_udp_front_flood_leaves_the_turn_to_others(void **state)
{
    struct fixture *fixture = *state;
    uint8_t datagram[64] = {0};
    uint64_t taken = 0;
    for (uint32_t i = 0; i < 300; i++) {
        send_raw(fixture, datagram, sizeof(datagram));
    }
    loop_turn(fixture->loop, 0);
    taken = counter_read(&fixture->counts->datagrams_in);
    assert_int_equal(taken, SK_UDP_DATAGRAMS_A_WAKE);
    assert_int_equal(fixture->batches, 1);
    loop_turn(fixture->loop, 0);
    assert_int_equal(counter_read(&fixture->counts->datagrams_in), 300);
    assert_int_equal(refused(fixture, UDP_REFUSED_UNKNOWN_SESSION), 300);
}

/* More than a batch, sent in one turn. */
static void test_udp_front_sends_all_of_a_turn(void **state)
{
    struct fixture *fixture = *state;
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX] = {0};
    send_sealed(fixture, 7, 100, datagram);
    loop_turn(fixture->loop, 0);
    udp_front_admit(fixture->front, fixture->slot);
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(udp_front_send(fixture->front, fixture->slot, plain, i), SK_OK);
    }
    loop_turn(fixture->loop, 0);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(receive(fixture, plain), i);
    }
    assert_int_equal(counter_read(&fixture->counts->unsent), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_udp_front_good_datagram_is_given_and_answered),
        TEST(test_udp_front_one_fault_is_counted_and_not_answered),
        TEST(test_udp_front_what_the_owner_does_not_take_is_filtered),
        TEST(test_udp_front_what_the_owner_has_no_room_for_is_crowded),
        TEST(test_udp_front_closed_session_is_unknown),
        TEST(test_udp_front_budget_ends_with_admission),
        TEST(test_udp_front_follows_the_client_to_another_port),
        TEST(test_udp_front_full_takes_the_slot_of_the_oldest_unused),
        TEST(test_udp_front_flood_leaves_the_turn_to_others),
        TEST(test_udp_front_sends_all_of_a_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
