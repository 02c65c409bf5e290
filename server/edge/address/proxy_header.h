/* proxy_header.h - the PROXY protocol's header, which a proxy that passes a connection through puts
 * in front of it: whose connection it is.
 *
 * Both forms are read (the protocol's text, "The PROXY protocol", versions 1 and 2): version 1 is a
 * line, version 2 is binary.  Anything else is refused: a listener that expects the header must not
 * guess.
 *
 * Memory   none.
 * Threads  any; no state.
 */
#ifndef PROXY_HEADER_H
#define PROXY_HEADER_H

#include <stddef.h>
#include <stdint.h>

#include "address/address.h"

enum { PROXY_HEADER_BYTES_MAX = 536 }; /* 16, two addresses, and what a proxy may add behind them */

/* Reads a header at the start of `bytes`.  Returns its size, > 0; SK_ERR_AGAIN when it is not
 * whole; SK_ERR_PROTOCOL when it is none or too long.  *address becomes the client's, with its
 * port; it is unchanged when the header names none (the proxy's own checks). */
SK_MUST_CHECK int proxy_header_parse(const uint8_t *bytes, size_t size, struct address *address);

#endif
