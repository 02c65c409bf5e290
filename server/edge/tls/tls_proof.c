/* tls_proof.c - see tls_proof.h.
 *
 *   client --to_server--> server --to_client--> client        until both are done, or a turn
 *                                                             too many
 */
#include "tls/tls_proof.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tls/tls_inner.h"

#define PIPE_BYTES (64 << 10) /* a chain and what goes with it */
#define TURNS_MAX  8

struct pipe {
    size_t put;
    size_t taken;
    uint8_t bytes[PIPE_BYTES];
};

struct proof {
    WOLFSSL_CTX *client_context;
    WOLFSSL *client;
    WOLFSSL *server;
    struct pipe to_server;
    struct pipe to_client;
};

static int take_from_pipe(WOLFSSL *ssl, char *to, int capacity, void *argument)
{
    (void)ssl;
    struct pipe *pipe = argument;
    size_t left = pipe->put - pipe->taken;
    size_t count = left < (size_t)capacity ? left : (size_t)capacity;
    memcpy(to, pipe->bytes + pipe->taken, count);
    pipe->taken += count;
    return count > 0 ? (int)count : WOLFSSL_CBIO_ERR_WANT_READ;
}

static int put_into_pipe(WOLFSSL *ssl, char *from, int size, void *argument)
{
    (void)ssl;
    struct pipe *pipe = argument;
    if ((size_t)size > PIPE_BYTES - pipe->put) {
        return WOLFSSL_CBIO_ERR_GENERAL;
    }
    memcpy(pipe->bytes + pipe->put, from, (size_t)size);
    pipe->put += (size_t)size;
    return size;
}

static void connect_end(WOLFSSL *ssl, struct pipe *in, struct pipe *out)
{
    wolfSSL_SSLSetIORecv(ssl, take_from_pipe);
    wolfSSL_SSLSetIOSend(ssl, put_into_pipe);
    wolfSSL_SetIOReadCtx(ssl, in);
    wolfSSL_SetIOWriteCtx(ssl, out);
}

static void proof_destroy(struct proof *proof)
{
    wolfSSL_free(proof->server);
    wolfSSL_free(proof->client);
    wolfSSL_CTX_free(proof->client_context);
    free(proof);
}

static struct proof *proof_create(WOLFSSL_CTX *server_context)
{
    struct proof *proof = calloc(1, sizeof(*proof));
    if (proof == NULL) {
        return NULL;
    }
    proof->client_context = wolfSSL_CTX_new(wolfTLSv1_3_client_method());
    if (proof->client_context == NULL) {
        goto fail;
    }
    wolfSSL_CTX_set_verify(proof->client_context, WOLFSSL_VERIFY_NONE, NULL);
    proof->client = wolfSSL_new(proof->client_context);
    proof->server = wolfSSL_new(server_context);
    if (proof->client == NULL || proof->server == NULL) {
        goto fail;
    }
    connect_end(proof->client, &proof->to_client, &proof->to_server);
    connect_end(proof->server, &proof->to_server, &proof->to_client);
    return proof;

fail:
    proof_destroy(proof);
    return NULL;
}

static bool handshake(struct proof *proof)
{
    for (int turn = 0; turn < TURNS_MAX; turn++) {
        bool client_done = wolfSSL_connect(proof->client) == WOLFSSL_SUCCESS;
        bool server_done = wolfSSL_accept(proof->server) == WOLFSSL_SUCCESS;
        if (client_done && server_done) {
            return true;
        }
    }
    return false;
}

bool tls_proof_connects(WOLFSSL_CTX *server_context)
{
    struct proof *proof = proof_create(server_context);
    if (proof == NULL) {
        return false;
    }
    bool connects = handshake(proof);
    proof_destroy(proof);
    tls_forget_errors();
    return connects;
}
