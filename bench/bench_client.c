/* bench_client.c - see bench_client.h. */
#include "bench_client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#include "bench.h"

enum { FRAME_BYTES_MAX = 26, READ_BYTES = 64 << 10 };

static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                              "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/* A masked binary frame of twenty bytes; raw sends the same 26 bytes. */
static const uint8_t question[FRAME_BYTES_MAX] = {0x82, 0x80 | BENCH_PAYLOAD_BYTES,
                                                  'm',  'a',
                                                  's',  'k',
                                                  1,    2,
                                                  3,    4,
                                                  5,    6,
                                                  7,    8,
                                                  9,    10,
                                                  11,   12,
                                                  13,   14,
                                                  15,   16,
                                                  17,   18,
                                                  19,   20};

static size_t make_answer(enum bench_transport transport, uint8_t answer[FRAME_BYTES_MAX])
{
    if (transport == BENCH_RAW) {
        memcpy(answer, question, FRAME_BYTES_MAX);
        return FRAME_BYTES_MAX;
    }
    answer[0] = 0x82;
    answer[1] = BENCH_PAYLOAD_BYTES;
    for (size_t i = 0; i < BENCH_PAYLOAD_BYTES; i++) {
        answer[2 + i] = question[6 + i] ^ question[2 + i % 4];
    }
    return 2 + BENCH_PAYLOAD_BYTES;
}

static void write_all(struct bench_client *client, const void *bytes, size_t size)
{
    ssize_t sent = client->ssl != NULL ? SSL_write(client->ssl, bytes, (int)size)
                                       : send(client->fd, bytes, size, MSG_NOSIGNAL);
    if (sent != (ssize_t)size) {
        bench_die("a %s client cannot send", bench_transport_name(client->transport));
    }
}

/* Returns the bytes read, 0 when there are none now. */
static size_t read_some(struct bench_client *client, uint8_t *to, size_t capacity)
{
    if (client->ssl == NULL) {
        ssize_t bytes = recv(client->fd, to, capacity, 0);
        if (bytes == 0 || (bytes < 0 && errno != EAGAIN)) {
            bench_die("the server closed a %s connection", bench_transport_name(client->transport));
        }
        return bytes > 0 ? (size_t)bytes : 0;
    }
    int bytes = SSL_read(client->ssl, to, (int)capacity);
    if (bytes <= 0 && SSL_get_error(client->ssl, bytes) != SSL_ERROR_WANT_READ) {
        bench_die("the server closed a wss connection");
    }
    return bytes > 0 ? (size_t)bytes : 0;
}

/* The socket still blocks.  Reads to the end of the answer's head and not further. */
static void upgrade(struct bench_client *client)
{
    char head[2048];
    size_t bytes = 0;
    write_all(client, request, sizeof(request) - 1);
    do {
        if (bytes == sizeof(head) - 1) {
            bench_die("the answer to the upgrade has no end");
        }
        bytes += read_some(client, (uint8_t *)head + bytes, sizeof(head) - 1 - bytes);
        head[bytes] = '\0';
    } while (strstr(head, "\r\n\r\n") == NULL);
    if (strncmp(head, "HTTP/1.1 101 ", 13) != 0) {
        bench_die("the upgrade was refused: %.60s", head);
    }
}

static void shake_tls(struct bench_client *client, SSL_CTX *ssl_context)
{
    client->ssl = SSL_new(ssl_context);
    if (client->ssl == NULL || SSL_set_fd(client->ssl, client->fd) != 1 ||
        SSL_connect(client->ssl) != 1) {
        bench_die("TLS handshake: %s", ERR_error_string(ERR_peek_error(), NULL));
    }
}

SSL_CTX *bench_client_context(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL) {
        bench_die("OpenSSL gives no context");
    }
    SSL_CTX_set_read_ahead(context, 1);
    return context;
}

void bench_client_open(struct bench_client *client, const struct bench_server *server,
                       SSL_CTX *ssl_context)
{
    *client =
        (struct bench_client){.transport = server->transport, .fd = bench_connect(server->port)};
    if (client->transport == BENCH_WSS) {
        shake_tls(client, ssl_context);
    }
    upgrade(client);
    bench_unblock(client->fd);
}

void bench_client_close(struct bench_client *client)
{
    SSL_free(client->ssl);
    close(client->fd);
}

void bench_client_send(struct bench_client *client, size_t count)
{
    uint8_t frames[BENCH_DEPTH_MAX * FRAME_BYTES_MAX];
    if (count > BENCH_DEPTH_MAX) {
        bench_die("%zu messages in flight are too many", count);
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(frames + i * FRAME_BYTES_MAX, question, FRAME_BYTES_MAX);
    }
    write_all(client, frames, count * FRAME_BYTES_MAX);
}

/* Compares with the frame that is expected again and again. */
static size_t check(struct bench_client *client, const uint8_t *bytes, size_t size)
{
    uint8_t answer[FRAME_BYTES_MAX];
    size_t answer_bytes = make_answer(client->transport, answer);
    size_t replies = 0;
    while (size > 0) {
        size_t part = answer_bytes - client->at < size ? answer_bytes - client->at : size;
        if (memcmp(bytes, answer + client->at, part) != 0) {
            bench_die("a %s answer is no echo", bench_transport_name(client->transport));
        }
        client->at = (client->at + part) % answer_bytes;
        replies += client->at == 0;
        bytes += part;
        size -= part;
    }
    return replies;
}

size_t bench_client_take(struct bench_client *client)
{
    uint8_t bytes[READ_BYTES];
    size_t replies = 0;
    size_t size = 0;
    do {
        size = read_some(client, bytes, sizeof(bytes));
        replies += check(client, bytes, size);
    } while (size > 0 && client->ssl != NULL && SSL_has_pending(client->ssl));
    return replies;
}
