/* ws_peer.c - see ws_peer.h. */
#include "support/ws_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/ssl.h>

#include "net/ws_frame.h"

enum { RECEIVE_TIMEOUT_S = 30 };

static void open_tls(struct ws_peer *peer)
{
    peer->ssl_context = SSL_CTX_new(TLS_client_method());
    assert_non_null(peer->ssl_context);
    peer->ssl = SSL_new(peer->ssl_context);
    assert_non_null(peer->ssl);
    assert_int_equal(SSL_set_fd(peer->ssl, peer->fd), 1);
    assert_int_equal(SSL_connect(peer->ssl), 1);
}

struct ws_peer ws_peer_open(uint16_t port, bool is_secure)
{
    int one = 1;
    struct timeval timeout = {.tv_sec = RECEIVE_TIMEOUT_S};
    struct ws_peer peer = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_true(peer.fd >= 0);
    assert_int_equal(setsockopt(peer.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)), 0);
    assert_int_equal(setsockopt(peer.fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)), 0);
    assert_int_equal(connect(peer.fd, (struct sockaddr *)&address, sizeof(address)), 0);
    if (is_secure) {
        open_tls(&peer);
    }
    return peer;
}

void ws_peer_send(struct ws_peer *peer, const void *bytes, size_t size)
{
    const uint8_t *from = bytes;
    while (size > 0) {
        ssize_t sent = peer->ssl != NULL ? SSL_write(peer->ssl, from, (int)size)
                                         : send(peer->fd, from, size, MSG_NOSIGNAL);
        assert_true(sent > 0);
        from += sent;
        size -= (size_t)sent;
    }
}

void ws_peer_read(struct ws_peer *peer, void *bytes, size_t size)
{
    uint8_t *to = bytes;
    while (size > 0) {
        ssize_t got =
            peer->ssl != NULL ? SSL_read(peer->ssl, to, (int)size) : recv(peer->fd, to, size, 0);
        assert_true(got > 0);
        to += got;
        size -= (size_t)got;
    }
}

void ws_peer_upgrade(struct ws_peer *peer)
{
    static const char request[] = "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                                  "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
                                 "connection: Upgrade\r\n"
                                 "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    char got[sizeof(answer)] = "";
    ws_peer_send(peer, request, sizeof(request) - 1);
    ws_peer_read(peer, got, sizeof(answer) - 1);
    assert_string_equal(got, answer);
}

void ws_peer_send_frame(struct ws_peer *peer, uint8_t first, const void *payload, size_t size)
{
    static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    uint8_t *bytes = malloc(SK_WS_HEAD_BYTES_MAX + size);
    assert_non_null(bytes);
    size_t head_bytes = sk_ws_head_write(bytes, first, size, mask);
    if (size > 0) {
        memcpy(bytes + head_bytes, payload, size);
    }
    sk_ws_mask(bytes + head_bytes, size, mask, 0);
    ws_peer_send(peer, bytes, head_bytes + size);
    free(bytes);
}

static size_t read_head(struct ws_peer *peer, uint8_t first)
{
    struct sk_ws_head head = {0};
    while (head.state != SK_WS_HEAD_DONE) {
        uint8_t byte = 0;
        ws_peer_read(peer, &byte, 1);
        assert_int_equal(sk_ws_head_parse(&head, SK_WS_CLIENT, &byte, 1), 1);
    }
    assert_int_equal(sk_ws_first((enum sk_ws_opcode)head.opcode, head.final), first);
    return (size_t)head.payload_bytes;
}

void ws_peer_expect(struct ws_peer *peer, uint8_t first, const void *payload, size_t size)
{
    assert_int_equal(read_head(peer, first), size);
    uint8_t *bytes = malloc(size + 1);
    assert_non_null(bytes);
    ws_peer_read(peer, bytes, size);
    assert_memory_equal(bytes, payload, size);
    free(bytes);
}

void ws_peer_expect_close(struct ws_peer *peer, uint16_t code, const char *reason)
{
    uint8_t payload[SK_WS_CONTROL_BYTES_MAX + 1] = {0};
    size_t size = read_head(peer, 0x88);
    assert_true(size >= 2);
    assert_true(size <= SK_WS_CONTROL_BYTES_MAX);
    ws_peer_read(peer, payload, size);
    assert_int_equal(payload[0] << 8 | payload[1], code);
    assert_string_equal((const char *)payload + 2, reason);
    uint8_t byte = 0;
    assert_int_equal(
        peer->ssl != NULL ? SSL_read(peer->ssl, &byte, 1) : (int)recv(peer->fd, &byte, 1, 0), 0);
}

void ws_peer_close(struct ws_peer *peer)
{
    if (peer->ssl != NULL) {
        SSL_free(peer->ssl);
        SSL_CTX_free(peer->ssl_context);
    }
    assert_int_equal(close(peer->fd), 0);
}
