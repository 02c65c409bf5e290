/* client_url.h - where a server is: http, https, ws or wss, host, port and path.
 *
 * Memory   the caller's struct; texts are copied into it.
 * Threads  any; no state.
 */
#ifndef CLIENT_URL_H
#define CLIENT_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

enum { CLIENT_HOST_BYTES_MAX = 253, CLIENT_PATH_BYTES_MAX = 127 };

struct client_url {
    bool tls;
    uint16_t port; /* 80 or 443 when the text has none */
    char host[CLIENT_HOST_BYTES_MAX + 1];
    char path[CLIENT_PATH_BYTES_MAX + 1]; /* begins with '/' */
};

/* Reads SCHEME://HOST[:PORT][/PATH]; an IPv6 address stands in brackets, which are taken off.
 * Returns SK_OK, SK_ERR_PROTOCOL for another shape, SK_ERR_TOO_BIG for a part that does not fit. */
SK_MUST_CHECK int client_url_parse(struct client_url *url, const char *text);

/* Writes HOST:PORT as a Host header has it, terminated.  Returns false when it does not fit. */
bool client_url_host(const struct client_url *url, char *out, size_t capacity);

#endif
