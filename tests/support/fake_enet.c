/* fake_enet.c - see fake_enet.h. */
#include "fake_enet.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "client_tls.h"

enum { PEERS_MAX = 4, QUEUE = 64 };

static void *on_connect(void *context, uint32_t number, ENetPeer *peer)
{
    struct fake_enet *enet = context;
    (void)number;
    enet->peer = peer;
    return enet;
}

static void on_message(void *user, const uint8_t *bytes, size_t size)
{
    struct fake_enet *enet = user;
    fake_server_take_message(enet->server, bytes, size);
}

static void on_end(void *user, uint32_t data)
{
    struct fake_enet *enet = user;
    (void)data;
    enet->peer = NULL;
}

static void on_send(void *context, uint32_t number, const uint8_t *bytes, size_t size)
{
    struct fake_enet *enet = context;
    SK_ASSERT(enet->out_count < FAKE_ENET_DATAGRAMS);
    if (number == enet->session) {
        uint8_t *out = enet->out[enet->out_count];
        int sealed_bytes = sk_sealed_send(&enet->sealed, bytes, size, out);
        SK_ASSERT(sealed_bytes > 0);
        enet->out_bytes[enet->out_count] = (size_t)sealed_bytes;
        enet->out_count++;
    }
}

static const struct sk_enet_events events = {
    .on_connect = on_connect, .on_message = on_message, .on_end = on_end, .on_send = on_send};

/* The server's messages: snapshots may be lost. */
static void send_message(void *context, const void *bytes, size_t size)
{
    struct fake_enet *enet = context;
    struct sk_enet_message message = {
        .is_reliable = !sk_is_snapshot(bytes, size), .head = bytes, .head_bytes = size};
    if (enet->peer != NULL) {
        sk_enet_peer_send(enet->host, enet->peer, &message);
    }
}

void fake_enet_open(struct fake_enet *enet, struct fake_server *server)
{
    *enet = (struct fake_enet){.server = server, .aead = client_aead_create()};
    struct sk_enet_host_config config = {
        .peers_max = PEERS_MAX, .queue_count = QUEUE, .events = &events, .context = enet};
    int result = sk_enet_prepare();
    SK_ASSERT(result == SK_OK);
    enet->host = sk_enet_host_create(&config);
    SK_ASSERT(enet->host != NULL);
    SK_ASSERT(enet->aead != NULL);
    server->context = enet;
}

void fake_enet_close(struct fake_enet *enet)
{
    sk_enet_host_destroy(enet->host);
    sk_sealed_deinit(&enet->sealed);
    client_aead_destroy(enet->aead);
}

static void write_key(const uint8_t key[SK_AEAD_KEY_BYTES], char digits[2 * SK_AEAD_KEY_BYTES + 1])
{
    for (size_t i = 0; i < SK_AEAD_KEY_BYTES; i++) {
        (void)snprintf(digits + 2 * i, 3, "%02x", key[i]);
    }
}

void fake_enet_offer(struct fake_enet *enet, const char *address)
{
    char send_key[2 * SK_AEAD_KEY_BYTES + 1];
    char receive_key[2 * SK_AEAD_KEY_BYTES + 1];
    struct sk_sealed_keys keys;
    sk_enet_host_forget(enet->host, enet->session);
    enet->peer = NULL;
    enet->out_count = 0;
    enet->session++;
    memset(keys.send, (int)(2 * enet->session), sizeof(keys.send));
    memset(keys.receive, (int)(2 * enet->session + 1), sizeof(keys.receive));
    sk_sealed_init(&enet->sealed, enet->aead, enet->session, SK_SEALED_TO_CLIENT, &keys);
    write_key(keys.send, receive_key); /* the client has them the other way round */
    write_key(keys.receive, send_key);
    int bytes = snprintf(enet->offer, sizeof(enet->offer),
                         "{\"address\":\"%s\",\"session\":%u,\"send_key\":\"%s\","
                         "\"receive_key\":\"%s\"}",
                         address, enet->session, send_key, receive_key);
    SK_ASSERT((size_t)bytes < sizeof(enet->offer));
    enet->server->enet_offer = enet->offer;
}

void fake_enet_take(struct fake_enet *enet, const uint8_t *bytes, size_t size, uint64_t now_us)
{
    uint8_t plain[SK_SEALED_PLAIN_BYTES_MAX];
    struct sk_sealed_opened opened;
    if (sk_sealed_receive(&enet->sealed, bytes, size, plain, &opened) != SK_OK) {
        enet->refused++;
        return;
    }
    enet->taken++;
    enet->server->on_message = send_message;
    if (sk_enet_host_push(enet->host, enet->session, plain, opened.bytes)) {
        fake_enet_poll(enet, now_us);
    }
}

void fake_enet_poll(struct fake_enet *enet, uint64_t now_us)
{
    sk_enet_host_service(enet->host, (uint32_t)(now_us / 1000));
}
