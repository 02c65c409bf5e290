/* client_url.c - see client_url.h. */
#include "client_url.h"

#include <stdio.h>
#include <string.h>

#include "net/text.h"

/*      scheme      tls    port                                                                  */
static const struct {
    const char *text;
    bool tls;
    uint16_t port;
} schemes[] = {
    {"http://", false, 80},
    {"https://", true, 443},
    {"ws://", false, 80},
    {"wss://", true, 443},
};

static const char *after_scheme(struct client_url *url, const char *text)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t bytes = strlen(schemes[i].text);
        if (strncmp(text, schemes[i].text, bytes) == 0) {
            url->tls = schemes[i].tls;
            url->port = schemes[i].port;
            return text + bytes;
        }
    }
    return NULL;
}

/* Copies what is safe inside a request's head: no blanks, no control characters. */
static int copy_part(char *out, size_t bytes_max, const char *from, size_t size)
{
    if (size > bytes_max) {
        return SK_ERR_TOO_BIG;
    }
    for (size_t i = 0; i < size; i++) {
        if ((uint8_t)from[i] <= ' ' || (uint8_t)from[i] >= 0x7f) {
            return SK_ERR_PROTOCOL;
        }
        out[i] = from[i];
    }
    out[size] = '\0';
    return SK_OK;
}

static int read_port(struct client_url *url, const char *text, size_t size)
{
    unsigned long long number;
    if (!sk_text_number((struct sk_text){text, size}, &number) || number < 1 || number > 65535) {
        return SK_ERR_PROTOCOL;
    }
    url->port = (uint16_t)number;
    return SK_OK;
}

/* Where the host's bytes end in [text, end): at the bracket of an IPv6 address, else at a colon. */
static const char *host_end(const char *text, const char *end)
{
    const char *found = memchr(text, *text == '[' ? ']' : ':', (size_t)(end - text));
    return found == NULL ? end : found;
}

static int read_authority(struct client_url *url, const char *text, const char *end)
{
    if (text == end) {
        return SK_ERR_PROTOCOL;
    }
    const char *stop = host_end(text, end);
    bool bracketed = *text == '[';
    if (bracketed && stop == end) {
        return SK_ERR_PROTOCOL;
    }
    const char *start = text + (bracketed ? 1 : 0);
    const char *rest = stop + (bracketed ? 1 : 0);
    if (start == stop || (rest != end && *rest != ':')) {
        return SK_ERR_PROTOCOL;
    }
    int result = copy_part(url->host, CLIENT_HOST_BYTES_MAX, start, (size_t)(stop - start));
    if (result == SK_OK && rest != end) {
        result = read_port(url, rest + 1, (size_t)(end - rest - 1));
    }
    return result;
}

int client_url_parse(struct client_url *url, const char *text)
{
    *url = (struct client_url){0};
    const char *authority = after_scheme(url, text);
    if (authority == NULL) {
        return SK_ERR_PROTOCOL;
    }
    const char *path = authority + strcspn(authority, "/?#");
    int result = read_authority(url, authority, path);
    if (result != SK_OK) {
        return result;
    }
    size_t path_bytes = strcspn(path, "#");
    if (path_bytes == 0 || *path != '/') {
        return copy_part(url->path, CLIENT_PATH_BYTES_MAX, "/", 1);
    }
    return copy_part(url->path, CLIENT_PATH_BYTES_MAX, path, path_bytes);
}

bool client_url_host(const struct client_url *url, char *out, size_t capacity)
{
    const char *shape = strchr(url->host, ':') == NULL ? "%s:%u" : "[%s]:%u";
    int bytes = snprintf(out, capacity, shape, url->host, url->port);
    return bytes > 0 && (size_t)bytes < capacity;
}
