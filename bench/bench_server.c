/* bench_server.c - see bench_server.h. */
#include "bench_server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "bench_child.h"

enum { READ_BYTES = 512 << 10, EVENTS_MAX = 512, LISTENER = 0 };

const char *bench_transport_name(enum bench_transport transport)
{
    static const char *const names[BENCH_TRANSPORT_COUNT] = {"raw", "ws", "wss"};
    return names[transport];
}

/* --- the raw echo --------------------------------------------------------------------------- */

static const char upgraded[] = "HTTP/1.1 101 Switching Protocols\r\n"
                               "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static void accept_all(int epoll_fd, int listen_fd)
{
    int fd = 0;
    while ((fd = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        bench_watch(epoll_fd, fd, (uint32_t)fd);
    }
}

static void send_raw(int fd, const void *bytes, size_t size)
{
    if (send(fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size) {
        bench_die("the raw echo cannot send");
    }
}

/* An upgrade is answered as ws-echo answers it, byte for byte as many, but nothing is read of it;
 * all else is sent back. */
static void answer(int fd, uint8_t *buffer)
{
    ssize_t bytes = recv(fd, buffer, READ_BYTES, 0);
    if (bytes <= 0) {
        close(fd);
    } else if (buffer[0] == 'G') {
        send_raw(fd, upgraded, sizeof(upgraded) - 1);
    } else {
        send_raw(fd, buffer, (size_t)bytes);
    }
}

static _Noreturn void run_raw_echo(int listen_fd)
{
    static uint8_t buffer[READ_BYTES];
    struct epoll_event events[EVENTS_MAX];
    int epoll_fd = bench_epoll();
    bench_watch(epoll_fd, listen_fd, LISTENER);
    for (;;) {
        int count = epoll_wait(epoll_fd, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.u32 == LISTENER) {
                accept_all(epoll_fd, listen_fd);
            } else {
                answer((int)events[i].data.u32, buffer);
            }
        }
    }
}

/* --- ws-echo -------------------------------------------------------------------------------- */

static _Noreturn void run_ws_echo(int stdout_fd, const struct bench_certificate *files)
{
    char path[4096];
    ssize_t bytes = readlink("/proc/self/exe", path, sizeof(path) - 16);
    path[bytes > 0 ? bytes : 0] = '\0';
    char *name = strrchr(path, '/');
    if (name == NULL || dup2(stdout_fd, STDOUT_FILENO) < 0) {
        bench_die("ws-echo cannot be found");
    }
    memcpy(name, "/ws-echo", sizeof("/ws-echo"));
    const char *arguments[] = {path, "--listen", "127.0.0.1:0", NULL, NULL, NULL, NULL, NULL};
    if (files != NULL) {
        arguments[3] = "--tls-cert";
        arguments[4] = files->cert;
        arguments[5] = "--tls-key";
        arguments[6] = files->key;
    }
    execv(path, (char *const *)arguments);
    bench_die("%s: %s", path, strerror(errno));
}

/* Reads the ready line and takes the port from its url. */
static uint16_t read_port(int fd)
{
    char line[512];
    FILE *file = fdopen(fd, "r");
    if (file == NULL || fgets(line, sizeof(line), file) == NULL) {
        bench_die("ws-echo says nothing");
    }
    const char *at = strstr(line, "127.0.0.1:");
    unsigned long port = at == NULL ? 0 : strtoul(at + strlen("127.0.0.1:"), NULL, 10);
    if (port == 0 || port > 65535) {
        bench_die("ws-echo says no port: %s", line);
    }
    fclose(file);
    return (uint16_t)port;
}

/* --- either --------------------------------------------------------------------------------- */

static pid_t fork_child(void)
{
    pid_t pid = fork();
    if (pid < 0) {
        bench_die("fork: %s", strerror(errno));
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    return pid;
}

static void start_raw(struct bench_server *server)
{
    int listen_fd = bench_listen(&server->port);
    server->pid = fork_child();
    if (server->pid == 0) {
        run_raw_echo(listen_fd);
    }
    close(listen_fd);
}

static void start_ws_echo(struct bench_server *server, const struct bench_certificate *files)
{
    int pipe_fds[2];
    if (pipe(pipe_fds) != 0) {
        bench_die("pipe: %s", strerror(errno));
    }
    server->pid = fork_child();
    if (server->pid == 0) {
        run_ws_echo(pipe_fds[1], files);
    }
    close(pipe_fds[1]);
    server->port = read_port(pipe_fds[0]);
}

void bench_server_start(struct bench_server *server, enum bench_transport transport)
{
    struct bench_certificate files;
    *server = (struct bench_server){.transport = transport};
    if (transport == BENCH_RAW) {
        start_raw(server);
    } else if (transport == BENCH_WS) {
        start_ws_echo(server, NULL);
    } else {
        bench_certificate_make(&files);
        start_ws_echo(server, &files);
        bench_certificate_remove(&files);
    }
}

void bench_server_stop(struct bench_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}

uint64_t bench_server_heap_bytes(const struct bench_server *server)
{
    char line[256];
    uint64_t kilobytes = 0;
    snprintf(line, sizeof(line), "/proc/%d/smaps_rollup", (int)server->pid);
    FILE *file = fopen(line, "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "Anonymous:", 10) == 0) {
            kilobytes = strtoull(line + 10, NULL, 10);
        }
    }
    if (kilobytes == 0) {
        bench_die("the memory of process %d cannot be read", (int)server->pid);
    }
    fclose(file);
    return kilobytes * 1024;
}
