/* notify.c - see notify.h. */
#include "notify/notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int notify_send(const char *path, const char *state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL) {
        return SK_OK;
    }
    size_t path_bytes = strlen(path);
    if (path_bytes < 2 || path_bytes >= sizeof(address.sun_path) ||
        (path[0] != '/' && path[0] != '@')) {
        return SK_ERR_CONFIG;
    }
    memcpy(address.sun_path, path, path_bytes);
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return SK_ERR_SYSTEM;
    }
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path_bytes);
    ssize_t sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
                          (const struct sockaddr *)&address, size);
    (void)close(fd);
    return sent == (ssize_t)strlen(state) ? SK_OK : SK_ERR_SYSTEM;
}
