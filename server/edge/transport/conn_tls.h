/* conn_tls.h - a connection's TLS: begin and unseal.
 *
 * Threads  the front's.
 */
#ifndef CONN_TLS_H
#define CONN_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conn;

/* Looks at the first bytes of a connection of a TLS listener and makes the session.  Returns
 * whether it stands; else the bytes are kept, or the connection is lost (`tls`, `server_full`). */
bool conn_begin_tls(struct conn *conn, const uint8_t *bytes, size_t size);
/* Unseals `sealed_bytes` of the front's receive buffer behind the *plain_bytes of its plain buffer,
 * and adds to them.  Returns SK_ERR_AGAIN when all is unsealed, or sk_tls_receive()'s final answer.
 */
int conn_unseal(struct conn *conn, size_t sealed_bytes, size_t *plain_bytes);

#endif
