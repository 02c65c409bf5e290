/* no_rto_min.c - preloaded into server and bots by loss.sh: a kernel that does not know
 * TCP_RTO_MIN_US, so that both can be measured on one that does.
 */
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { RTO_MIN_US = 45 }; /* TCP_RTO_MIN_US of linux/tcp.h */

int setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    int (*real)(int, int, int, const void *, socklen_t);
    if (level == IPPROTO_TCP && name == RTO_MIN_US) {
        errno = ENOPROTOOPT;
        return -1;
    }
    *(void **)&real = dlsym(RTLD_NEXT, "setsockopt");
    return real(fd, level, name, value, size);
}
