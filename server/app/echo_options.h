/* echo_options.h - the command line of ws-echo.
 *
 * Memory   paths are borrowed from argv.
 * Threads  one.
 */
#ifndef ECHO_OPTIONS_H
#define ECHO_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "address/address.h"
#include "base/result.h"
#include "native/settings.h"

enum { ECHO_WHY_BYTES = SK_SETTINGS_ERROR_BYTES_MAX };

struct echo_options {
    struct address listen;      /* 127.0.0.1:9001 */
    const char *tls_cert;       /* NULL: plain */
    const char *tls_key;        /* given exactly when tls_cert is */
    uint32_t message_bytes_max; /* 16 MiB */
    bool wants_help;
};

/* Reads the command line.  Returns SK_OK, or SK_ERR_CONFIG with `why` a line that names the fault.
 */
SK_MUST_CHECK int echo_options_read(struct echo_options *options, int argc, char **argv,
                                    char why[ECHO_WHY_BYTES]);
/* Prints what --help prints. */
void echo_options_print_help(FILE *file);

#endif
