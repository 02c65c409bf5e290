/* fuzz_client_bytes.c - a hostile server: any bytes as the join call's answer, and any bytes after
 * a good answer to the upgrade.  The first byte chooses. */
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "client.h"
#include "support/dots.h"
#include "support/fake_server.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { BYTES_MAX = 4096 };

static struct client *new_client(const struct sk_game *const *games)
{
    const char *why = "";
    struct client_config config = {
        .url = "http://127.0.0.1:7777", .name = "Ada", .games = games, .game_count = 1};
    struct client *client = client_create(&config, &why);
    SK_ASSERT(client != NULL);
    return client;
}

/* Lets the client talk with the good server until the WebSocket is open, or just the call made. */
static void lead_on(struct client *client, struct fake_server *server, bool until_open)
{
    for (uint32_t i = 0; i < 8 && !server->upgraded; i++) {
        uint8_t sent[FAKE_SERVER_BYTES];
        size_t size;
        if (client_poll(client, 1) == CLIENT_OPEN) {
            fake_server_connect(server);
            client_on_open(client, 1);
        }
        const uint8_t *output = client_output(client, &size);
        memcpy(sent, output, size);
        client_on_sent(client, size);
        if (!until_open) {
            return;
        }
        fake_server_take(server, sent, size);
        client_on_bytes(client, server->out, server->out_bytes, 1);
        server->out_bytes = 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint8_t copy[BYTES_MAX];
    if (size < 1 || size > sizeof(copy)) {
        return 0;
    }
    struct fake_server server;
    const struct sk_game *games[1] = {dots_game()};
    struct client *client = new_client(games);
    fake_server_open(&server);
    lead_on(client, &server, (bytes[0] & 1) != 0);
    memcpy(copy, bytes + 1, size - 1);
    client_on_bytes(client, copy, (size - 1) / 2, 2);
    client_on_bytes(client, copy + (size - 1) / 2, size - 1 - (size - 1) / 2, 3);
    while (client_poll(client, 4) == CLIENT_CLOSE) {
    }
    client_destroy(client);
    fake_server_close(&server);
    return 0;
}
