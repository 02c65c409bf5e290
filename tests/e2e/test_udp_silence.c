/* test_udp_silence.c - how long a session of datagrams lasts that does not go on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "aead/aead_wolfssl.h"
#include "native/clock.h"
#include "udp/udp_front.h"
#include "udp/udp_socket.h"

enum { SESSION = 0x1200, UNUSED_MS = 300, IDLE_MS = 1000, ADMIT_MS = 1800, LATE_MS = 700 };
enum { NEVER_MS = 2600, STEP_NS = 20000000 };

struct fixture {
    struct loop *loop;
    struct udp_front *front;
    struct sk_sealed client;
    int fd;
    uint32_t slot;
    bool has_ended;
    enum sk_reason reason;
};

static enum udp_verdict on_datagram(void *context, uint32_t slot, const uint8_t *plain,
                                    size_t bytes)
{
    (void)context;
    (void)slot;
    (void)plain;
    (void)bytes;
    return UDP_TAKEN;
}

static void on_end(void *context, uint32_t slot, enum sk_reason reason)
{
    struct fixture *fixture = context;
    assert_int_equal(slot, fixture->slot);
    fixture->has_ended = true;
    fixture->reason = reason;
}

static const struct udp_handler handler = {.on_datagram = on_datagram, .on_end = on_end};

static void set_up(struct fixture *fixture)
{
    const char *why = NULL;
    int fd = -1;
    struct sockaddr_storage storage;
    struct address address;
    struct loop_config loop = {0};
    struct sk_sealed_keys keys;
    memset(&keys, 0x77, sizeof(keys));
    memset(fixture, 0, sizeof(*fixture));
    fixture->loop = loop_create(&loop, &why);
    struct udp_config config = {.loop = fixture->loop,
                                .handler = &handler,
                                .context = fixture,
                                .aead = sk_aead_wolfssl(),
                                .unused_timeout_ms = UNUSED_MS,
                                .idle_timeout_ms = IDLE_MS,
                                .admit_timeout_ms = ADMIT_MS};
    fixture->front = udp_front_create(&config);
    assert_int_equal(address_parse("127.0.0.1:0", &address), SK_OK);
    assert_int_equal(udp_socket_open(&address, &fd, 1, &why), SK_OK);
    assert_int_equal(udp_front_listen(fixture->front, fd), SK_OK);
    assert_int_equal(udp_front_open(fixture->front, SESSION, &keys, &fixture->slot), SK_OK);
    sk_sealed_init(&fixture->client, sk_aead_wolfssl(), SESSION, SK_SEALED_TO_SERVER, &keys);
    fixture->fd = socket(AF_INET, SOCK_DGRAM, 0);
    socklen_t bytes = address_to_socket(&address, &storage);
    assert_int_equal(connect(fixture->fd, (const struct sockaddr *)&storage, bytes), 0);
}

static void tear_down(struct fixture *fixture)
{
    close(fixture->fd);
    udp_front_destroy(fixture->front);
    loop_destroy(fixture->loop);
}

static void send_one(struct fixture *fixture)
{
    uint8_t datagram[SK_SEALED_BYTES_MAX];
    int size = sk_sealed_send(&fixture->client, NULL, 0, datagram);
    assert_int_equal(send(fixture->fd, datagram, (size_t)size, 0), size);
}

/* Runs until the session has ended, sending all the time if it is to; in which millisecond that
 * was, NEVER_MS for not at all. */
static uint64_t run(struct fixture *fixture, bool sends)
{
    uint64_t begin_ms = sk_clock_ms();
    while (!fixture->has_ended && sk_clock_ms() - begin_ms < NEVER_MS) {
        if (sends) {
            send_one(fixture);
        }
        loop_turn(fixture->loop, STEP_NS);
        usleep(STEP_NS / 1000);
    }
    return fixture->has_ended ? sk_clock_ms() - begin_ms : NEVER_MS;
}

static void test_udp_silence_nothing_came_for_its_time(void **state)
{
    struct fixture fixture;
    (void)state;
    set_up(&fixture);
    uint64_t took_ms = run(&fixture, false);
    assert_in_range(took_ms, UNUSED_MS, UNUSED_MS + LATE_MS);
    assert_int_equal(fixture.reason, SK_REASON_HELLO_EXPECTED);
    assert_int_equal(counter_read(&udp_front_counts(fixture.front)->sessions), 0);
    tear_down(&fixture);
}

static void test_udp_silence_of_one_that_was_heard(void **state)
{
    struct fixture fixture;
    (void)state;
    set_up(&fixture);
    send_one(&fixture);
    uint64_t took_ms = run(&fixture, false);
    assert_in_range(took_ms, IDLE_MS, IDLE_MS + LATE_MS);
    assert_int_equal(fixture.reason, SK_REASON_IDLE);
    tear_down(&fixture);
}

static void test_udp_silence_who_talks_and_is_never_admitted_ends(void **state)
{
    struct fixture fixture;
    (void)state;
    set_up(&fixture);
    uint64_t took_ms = run(&fixture, true);
    assert_in_range(took_ms, ADMIT_MS, ADMIT_MS + LATE_MS);
    assert_int_equal(fixture.reason, SK_REASON_HEAD_TIMEOUT);
    tear_down(&fixture);
}

static void test_udp_silence_who_talks_and_is_admitted_stays(void **state)
{
    struct fixture fixture;
    (void)state;
    set_up(&fixture);
    udp_front_admit(fixture.front, fixture.slot);
    assert_int_equal(run(&fixture, true), NEVER_MS);
    uint64_t took_ms = run(&fixture, false);
    assert_in_range(took_ms, IDLE_MS / 2, IDLE_MS + LATE_MS); /* since the last */
    assert_int_equal(fixture.reason, SK_REASON_IDLE);
    tear_down(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_udp_silence_nothing_came_for_its_time),
        cmocka_unit_test(test_udp_silence_of_one_that_was_heard),
        cmocka_unit_test(test_udp_silence_who_talks_and_is_never_admitted_ends),
        cmocka_unit_test(test_udp_silence_who_talks_and_is_admitted_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
