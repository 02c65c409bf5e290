/* echo_pair.c - see echo_pair.h.
 *
 * A message "flood:N" is answered with N messages of FLOOD_BYTES; any other comes back as it is.
 */
#include "support/echo_pair.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "stream/listener.h"
#include "tls/crypto.h"
#include "tls/tls_context.h"

struct side {
    struct loop *loop;
    struct front *front;
    pthread_t thread;
    struct conn *conn; /* of this side's thread: the one upgraded or moved here last */
    bool has_unsent;   /* answers to questions */
    bool has_conn;
    _Atomic bool is_done; /* the question was answered */
    struct mail mail;
};

static struct side sides[2];
static struct front_shared shared;
static struct conn_profile profile_in_use;
static struct tls_context *tls;
static int listen_fd;
static uint16_t port;
static _Atomic uint32_t answered; /* moves that arrived or could not be */

static struct side *side_of(const struct conn *conn)
{
    return front_user(conn_front(conn));
}

static void on_request(struct conn *conn, const struct sk_http_request *request,
                       const uint8_t *body)
{
    (void)request;
    (void)body;
    if (conn_upgrade_kind(conn) != SK_WS_UPGRADE_OK) {
        conn_refuse_upgrade(conn);
        return;
    }
    side_of(conn)->conn = conn;
    conn_upgrade(conn, NULL);
}

static void flood(struct conn *conn, long count)
{
    static const uint8_t payload[ECHO_FLOOD_BYTES] = {0x5a};
    struct iovec parts[] = {{(void *)payload, 100},
                            {(void *)(payload + 100), sizeof(payload) - 100}};
    for (long i = 0; i < count; i++) {
        conn_send(conn, SK_WS_OP_BINARY, parts, 2);
    }
}

static void on_message(struct conn *conn, const struct conn_message *message)
{
    struct iovec part = {message->bytes, message->size};
    if (message->size > 6 && message->size < 20 && memcmp(message->bytes, "flood:", 6) == 0) {
        char number[20] = "";
        memcpy(number, message->bytes + 6, message->size - 6);
        flood(conn, strtol(number, NULL, 10));
        return;
    }
    if (message->size == 5 && memcmp(message->bytes, "admit", 5) == 0 && !conn_admit(conn)) {
        conn_close(conn, SK_REASON_ADDRESS_LIMIT);
        return;
    }
    conn_send(conn, message->is_text ? SK_WS_OP_TEXT : SK_WS_OP_BINARY, &part, 1);
}

static void on_moved(struct conn *conn)
{
    side_of(conn)->conn = conn;
    atomic_fetch_add(&answered, 1);
}

static void on_close(struct conn *conn, enum sk_reason reason)
{
    (void)reason;
    struct side *side = side_of(conn);
    if (side->conn == conn) {
        side->conn = NULL;
    }
}

static const struct conn_handler handler = {
    .on_request = on_request, .on_message = on_message, .on_moved = on_moved, .on_close = on_close};

static void *run(void *context)
{
    struct side *side = context;
    loop_run(side->loop);
    return NULL;
}

static void make_certificate(void)
{
    char folder[] = "/tmp/skirmish-pair-XXXXXX";
    char command[512];
    char cert[64];
    char key[64];
    char why[TLS_WHY_BYTES] = "";
    assert_non_null(mkdtemp(folder));
    (void)snprintf(cert, sizeof(cert), "%s/cert.pem", folder);
    (void)snprintf(key, sizeof(key), "%s/key.pem", folder);
    (void)snprintf(command, sizeof(command),
                   "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                   "-keyout %s -out %s -days 2 -subj /CN=localhost 2>/dev/null",
                   key, cert);
    assert_int_equal(system(command), 0);
    tls = tls_context_create(cert, key, why);
    assert_string_equal(why, "");
    assert_non_null(tls);
    assert_int_equal(unlink(cert), 0);
    assert_int_equal(unlink(key), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void start_side(struct side *side, uint32_t connections_max)
{
    const char *why = "";
    struct loop_config config = {0};
    *side = (struct side){0};
    side->loop = loop_create(&config, &why);
    assert_non_null(side->loop);
    struct front_config front = {
        .loop = side->loop, .shared = &shared, .connections_max = connections_max, .user = side};
    side->front = front_create(&front);
    assert_non_null(side->front);
}

void echo_pair_start(const struct conn_profile *profile, bool is_secure, uint32_t connections_max)
{
    const char *why = "";
    struct address address;
    assert_int_equal(crypto_start(&why), SK_OK);
    tls = NULL;
    if (is_secure) {
        make_certificate();
    }
    profile_in_use = *profile;
    profile_in_use.handler = &handler;
    profile_in_use.tls = tls;
    start_side(&sides[0], connections_max);
    start_side(&sides[1], connections_max);
    assert_int_equal(address_parse("127.0.0.1:0", &address), SK_OK);
    listen_fd = listener_open(&address, &why);
    assert_true(listen_fd >= 0);
    port = address.port;
    assert_int_equal(front_listen(sides[0].front, listen_fd, &profile_in_use), SK_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&sides[i].thread, NULL, run, &sides[i]), 0);
    }
}

void echo_pair_stop(void)
{
    for (int i = 0; i < 2; i++) {
        loop_stop(sides[i].loop);
        assert_int_equal(pthread_join(sides[i].thread, NULL), 0);
    }
    for (int i = 0; i < 2; i++) {
        loop_turn(sides[i].loop, 0); /* connections that were moving arrive */
    }
    for (int i = 0; i < 2; i++) {
        front_destroy(sides[i].front);
        loop_destroy(sides[i].loop);
    }
    if (tls != NULL) {
        tls_context_destroy(tls);
    }
    assert_int_equal(close(listen_fd), 0);
}

uint16_t echo_pair_port(void)
{
    return port;
}

static struct side *of_mail(struct mail *mail)
{
    return (struct side *)((char *)mail - offsetof(struct side, mail));
}

static void nap(void)
{
    struct timespec time = {.tv_nsec = 100000};
    (void)nanosleep(&time, NULL);
}

/* Has a function run in the side's thread, and waits for it. */
static void ask(int index, void (*question)(struct mail *mail, void *receiver))
{
    struct side *side = &sides[index];
    atomic_store(&side->is_done, false);
    side->mail.deliver = question;
    loop_post(side->loop, &side->mail);
    while (!atomic_load(&side->is_done)) {
        nap();
    }
}

static void answer_move(struct mail *mail, void *receiver)
{
    struct side *side = of_mail(mail);
    (void)receiver;
    if (side->conn != NULL) {
        conn_move(side->conn, sides[side == &sides[0]].front);
        side->conn = NULL;
    } else {
        atomic_fetch_add(&answered, 1);
    }
    atomic_store(&side->is_done, true);
}

static void answer_has_conn(struct mail *mail, void *receiver)
{
    struct side *side = of_mail(mail);
    (void)receiver;
    side->has_conn = side->conn != NULL;
    atomic_store(&side->is_done, true);
}

static void answer_unsent(struct mail *mail, void *receiver)
{
    struct side *side = of_mail(mail);
    (void)receiver;
    side->has_unsent = side->conn != NULL && conn_has_unsent(side->conn);
    atomic_store(&side->is_done, true);
}

void echo_pair_move(void)
{
    uint32_t before = atomic_load(&answered);
    ask(0, answer_has_conn);
    int from = sides[0].has_conn ? 0 : 1;
    ask(from, answer_move);
    while (atomic_load(&answered) == before) {
        nap();
    }
}

const struct front_counts *echo_pair_counts(int side)
{
    return front_counts(sides[side].front);
}

void echo_pair_wait(const struct counter *counter, uint64_t value)
{
    while (counter_read(counter) < value) {
        nap();
    }
}

bool echo_pair_has_unsent(int side)
{
    ask(side, answer_unsent);
    return sides[side].has_unsent;
}
