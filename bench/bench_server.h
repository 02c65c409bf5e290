/* bench_server.h - the process that a benchmark measures: ws-echo, or a raw echo as its reference.
 *
 * Its CPU time is the process's, its heap the anonymous memory that /proc/PID/smaps_rollup names.
 */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum bench_transport { BENCH_RAW, BENCH_WS, BENCH_WSS, BENCH_TRANSPORT_COUNT };

struct bench_server {
    enum bench_transport transport;
    pid_t pid;
    uint16_t port;
};

/* "raw", "ws" or "wss". */
const char *bench_transport_name(enum bench_transport transport);

/* Starts a server: for BENCH_RAW a fork with an epoll loop that answers an upgrade with fixed bytes
 * and sends back all else, otherwise the ws-echo that lies beside this program, for BENCH_WSS with
 * a certificate made by openssl(1).  Dies when it does not serve.  The server ends with this
 * process at the latest. */
void bench_server_start(struct bench_server *server, enum bench_transport transport);
/* Ends it and waits for that. */
void bench_server_stop(struct bench_server *server);
/* The anonymous memory that it uses now. */
uint64_t bench_server_heap_bytes(const struct bench_server *server);

#endif
