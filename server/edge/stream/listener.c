/* listener.c - see listener.h.
 *
 *   WATCHING --EMFILE--> PAUSED (timer armed) --timer--> WATCHING
 */
#include "stream/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/limits.h"

enum { ACCEPTS_A_WAKE = 16, BACKLOG = 4096 };

static const char *bind_fault(int error)
{
    switch (error) {
    case EADDRINUSE:
        return "the port is taken by another program";
    case EADDRNOTAVAIL:
        return "this machine does not have that address";
    case EACCES:
        return "the port needs more rights";
    default: /* any errno may come here */
        return "the system refused to listen there";
    }
}

static int bind_and_listen(int fd, struct address *address, const char **why)
{
    int one = 1;
    struct sockaddr_storage storage;
    socklen_t bytes = address_to_socket(address, &storage);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
        bind(fd, (const struct sockaddr *)&storage, bytes) != 0 || listen(fd, BACKLOG) != 0) {
        *why = bind_fault(errno);
        return SK_ERR_SYSTEM;
    }
    bytes = sizeof(storage);
    if (getsockname(fd, (struct sockaddr *)&storage, &bytes) != 0 ||
        address_from_socket(&storage, address) != SK_OK) {
        *why = "the system does not say which port it chose";
        return SK_ERR_SYSTEM;
    }
    return SK_OK;
}

int listener_open(struct address *address, const char **why)
{
    int family = address_is_v4(address) ? AF_INET : AF_INET6;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        *why = "the system gave no socket";
        return SK_ERR_SYSTEM;
    }
    int result = bind_and_listen(fd, address, why);
    if (result != SK_OK) {
        (void)close(fd); /* nothing was written to it */
        return result;
    }
    return fd;
}

static struct listener *of_timer(struct wheel_timer *timer)
{
    return (struct listener *)((char *)timer - offsetof(struct listener, timer));
}

static void pause_accepting(struct listener *listener)
{
    listener->owner->on_full(listener, ACCEPTS_A_WAKE);
    listener_stop(listener);
    loop_arm(listener->loop, &listener->timer, loop_now_ms(listener->loop) + SK_ACCEPT_PAUSE_MS);
}

static void on_pause_over(struct wheel_timer *timer)
{
    struct listener *listener = of_timer(timer);
    if (listener_start(listener) != SK_OK) {
        pause_accepting(listener);
    }
}

/* Accepts one connection.  Returns SK_OK, SK_ERR_AGAIN when none waits, SK_ERR_FULL when the system
 * has nothing left for it. */
static int accept_one(struct listener *listener)
{
    struct sockaddr_storage storage;
    struct address address;
    socklen_t bytes = sizeof(storage);
    int fd =
        accept4(listener->fd, (struct sockaddr *)&storage, &bytes, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        bool is_full = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        bool is_empty = errno == EAGAIN;
        return is_full ? SK_ERR_FULL : is_empty ? SK_ERR_AGAIN : SK_OK; /* else: it has gone */
    }
    if (address_from_socket(&storage, &address) != SK_OK) {
        memset(&address, 0, sizeof(address));
    }
    listener->owner->on_accepted(listener, fd, &address);
    return SK_OK;
}

static void on_ready(struct loop_source *source, uint32_t events)
{
    struct listener *listener = (struct listener *)source;
    int result = SK_OK;
    (void)events;
    for (int i = 0; i < ACCEPTS_A_WAKE && result == SK_OK; i++) {
        result = accept_one(listener);
    }
    if (result == SK_ERR_FULL) {
        pause_accepting(listener);
    }
}

int listener_start(struct listener *listener)
{
    listener->source.on_ready = on_ready;
    listener->timer.on_due = on_pause_over;
    int result =
        loop_add(listener->loop, listener->fd, EPOLLIN | EPOLLEXCLUSIVE, &listener->source);
    listener->is_watching = result == SK_OK;
    return result;
}

void listener_stop(struct listener *listener)
{
    wheel_disarm(&listener->timer);
    if (listener->is_watching) {
        loop_remove(listener->loop, listener->fd, &listener->source);
        listener->is_watching = false;
    }
}
