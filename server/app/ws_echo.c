/* ws_echo.c - the front end alone, as an echo server: what conformance suites and benchmarks are
 * pointed at.
 *
 * One loop, one thread.  Text and binary messages come back as they are, on any path.  While more
 * than PAUSE_BYTES of a connection's echoes wait, nothing is read from it, so a peer that does not
 * read costs one message and no more.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/limits.h"
#include "echo_options.h"
#include "stream/listener.h"
#include "tls/crypto.h"
#include "tls/tls_context.h"
#include "transport/conn.h"

enum { PAUSE_BYTES = 256 << 10, EXIT_USAGE = 2 };

struct echo {
    struct loop_source signal_source; /* first: a source is its echo */
    int signal_fd;
    int listen_fd;
    struct loop *loop;
    struct front *front;
    struct front_shared *shared;
    struct tls_context *tls;
    struct conn_profile profile;
    struct echo_options options;
};

static void on_request(struct conn *conn, const struct sk_http_request *request,
                       const uint8_t *body)
{
    (void)request;
    (void)body;
    if (conn_upgrade_kind(conn) == SK_WS_UPGRADE_OK && conn_admit(conn)) {
        conn_upgrade(conn, NULL);
    } else {
        conn_refuse_upgrade(conn);
    }
}

static void on_message(struct conn *conn, const struct conn_message *message)
{
    struct iovec part = {message->bytes, message->size};
    conn_send(conn, message->is_text ? SK_WS_OP_TEXT : SK_WS_OP_BINARY, &part, 1);
}

static void on_close(struct conn *conn, enum sk_reason reason)
{
    (void)conn; /* nothing was kept beside it */
    (void)reason;
}

static const struct conn_handler handler = {
    .on_request = on_request,
    .on_message = on_message,
    .on_close = on_close,
};

static void on_signal(struct loop_source *source, uint32_t events)
{
    struct echo *echo = (struct echo *)source;
    (void)events;
    loop_stop(echo->loop);
}

static int complain(const char *what)
{
    fprintf(stderr, "ws-echo: %s\n", what);
    return SK_ERR_CONFIG;
}

static int open_signals(struct echo *echo)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0) {
        return SK_ERR_SYSTEM;
    }
    echo->signal_source.on_ready = on_signal;
    echo->signal_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    if (echo->signal_fd < 0) {
        return SK_ERR_SYSTEM;
    }
    return loop_add(echo->loop, echo->signal_fd, EPOLLIN, &echo->signal_source);
}

static int open_tls(struct echo *echo)
{
    const char *why = "";
    char tls_why[TLS_WHY_BYTES];
    if (crypto_start(&why) != SK_OK) {
        return complain(why);
    }
    if (echo->options.tls_cert == NULL) {
        return SK_OK;
    }
    echo->tls = tls_context_create(echo->options.tls_cert, echo->options.tls_key, tls_why);
    return echo->tls != NULL ? SK_OK : complain(tls_why);
}

static int open_loop(struct echo *echo)
{
    const char *why = "";
    struct loop_config config = {0};
    echo->loop = loop_create(&config, &why);
    if (echo->loop == NULL) {
        return complain(why);
    }
    struct front_config front = {.loop = echo->loop, .shared = echo->shared};
    echo->front = front_create(&front);
    return echo->front != NULL ? SK_OK : complain("out of memory");
}

static int open_listener(struct echo *echo)
{
    const char *why = "";
    echo->listen_fd = listener_open(&echo->options.listen, &why);
    if (echo->listen_fd < 0) {
        return complain(why);
    }
    echo->profile = (struct conn_profile){
        .handler = &handler,
        .tls = echo->tls,
        .message_bytes_max = echo->options.message_bytes_max,
        .text_allowed = true,
        .send_queue_bytes_max = 2 * SK_ECHO_MESSAGE_BYTES_MAX + PAUSE_BYTES,
        .read_pause_bytes = PAUSE_BYTES,
    };
    int result = front_listen(echo->front, echo->listen_fd, &echo->profile);
    return result == SK_OK ? SK_OK : complain("the system does not watch the socket");
}

static void say_ready(const struct echo *echo)
{
    char address[ADDRESS_TEXT_BYTES_MAX];
    const char *secure = echo->tls != NULL ? "s" : "";
    address_text(&echo->options.listen, address);
    printf("ready url=http%s://%s ws=ws%s://%s/ pid=%ld\n", secure, address, secure, address,
           (long)getpid());
    fflush(stdout);
}

static int open_echo(struct echo *echo)
{
    int result = open_tls(echo);
    result = result == SK_OK ? open_loop(echo) : result;
    result = result == SK_OK ? open_signals(echo) : result;
    return result == SK_OK ? open_listener(echo) : result;
}

static void close_fd(int fd)
{
    if (fd >= 0) {
        (void)close(fd); /* nothing was written to it */
    }
}

static void close_echo(struct echo *echo)
{
    if (echo->front != NULL) {
        front_destroy(echo->front);
    }
    close_fd(echo->listen_fd);
    close_fd(echo->signal_fd);
    if (echo->loop != NULL) {
        loop_destroy(echo->loop);
    }
    if (echo->tls != NULL) {
        tls_context_destroy(echo->tls);
    }
}

static int run(struct echo *echo)
{
    int result = open_echo(echo);
    if (result == SK_OK) {
        say_ready(echo);
        loop_run(echo->loop);
    }
    close_echo(echo);
    return result == SK_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static struct front_shared shared;
    static struct echo echo = {.signal_fd = -1, .listen_fd = -1, .shared = &shared};
    char why[ECHO_WHY_BYTES];
    if (echo_options_read(&echo.options, argc, argv, why) != SK_OK) {
        fprintf(stderr, "ws-echo: %s\n", why);
        return EXIT_USAGE;
    }
    if (echo.options.wants_help) {
        echo_options_print_help(stdout);
        return EXIT_SUCCESS;
    }
    return run(&echo);
}
