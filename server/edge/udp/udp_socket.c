/* udp_socket.c - see udp_socket.h. */
#include "udp/udp_socket.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/limits.h"

static const char *bind_fault(int error)
{
    switch (error) {
    case EADDRINUSE:
        return "the UDP port is taken by another program";
    case EADDRNOTAVAIL:
        return "this machine does not have that address";
    case EACCES:
        return "the UDP port needs more rights";
    default: /* any errno may come here */
        return "the system refused a UDP socket there";
    }
}

static bool set_option(int fd, int level, int name, int value)
{
    return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

/* A burst of all players waits here while a tick is made.  The system may give less, which costs
 * datagrams and nothing else. */
static void widen(int fd)
{
    (void)set_option(fd, SOL_SOCKET, SO_RCVBUF, SK_UDP_SOCKET_BYTES);
    (void)set_option(fd, SOL_SOCKET, SO_SNDBUF, SK_UDP_SOCKET_BYTES);
}

/* Binds the first socket alone, or another one beside those that are bound. */
static int open_one(const struct address *address, bool is_first, const char **why)
{
    struct sockaddr_storage storage;
    socklen_t bytes = address_to_socket(address, &storage);
    int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    *why = "the system gave no UDP socket";
    if (fd < 0) {
        return SK_ERR_SYSTEM;
    }
    bool is_v6 = storage.ss_family == AF_INET6;
    bool is_done = (!is_v6 || set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0)) &&
                   (is_first || set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1)) &&
                   bind(fd, (const struct sockaddr *)&storage, bytes) == 0 &&
                   (!is_first || set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1));
    if (!is_done) {
        *why = bind_fault(errno);
        (void)close(fd); /* nothing was written to it */
        return SK_ERR_SYSTEM;
    }
    widen(fd);
    return fd;
}

static int read_port(int fd, struct address *address, const char **why)
{
    struct sockaddr_storage storage;
    socklen_t bytes = sizeof(storage);
    if (getsockname(fd, (struct sockaddr *)&storage, &bytes) != 0 ||
        address_from_socket(&storage, address) != SK_OK) {
        *why = "the system does not say which UDP port it chose";
        return SK_ERR_SYSTEM;
    }
    return SK_OK;
}

/* The index of a datagram's socket is its first byte.  Where there is no such socket, or no byte,
 * the kernel takes any: there the session is not known. */
static int steer(int fd, const char **why)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
        BPF_STMT(BPF_RET | BPF_A, 0),
    };
    struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof(program)) != 0) {
        *why = "the system does not steer datagrams";
        return SK_ERR_SYSTEM;
    }
    return SK_OK;
}

int udp_socket_open(struct address *address, int *fds, uint32_t count, const char **why)
{
    uint32_t opened = 0;
    int result = SK_OK;
    SK_ASSERT(count > 0);
    while (result == SK_OK && opened < count) {
        fds[opened] = open_one(address, opened == 0, why);
        result = fds[opened] < 0 ? SK_ERR_SYSTEM : SK_OK;
        opened += result == SK_OK ? 1 : 0;
        if (result == SK_OK && opened == 1) {
            result = read_port(fds[0], address, why);
        }
    }
    if (result == SK_OK && count > 1) { /* one alone is no group, and gets all */
        result = steer(fds[0], why);
    }
    while (result != SK_OK && opened > 0) {
        (void)close(fds[--opened]); /* nothing was written to it */
    }
    return result;
}
