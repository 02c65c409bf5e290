/* files.c - see files.h.
 *
 * Rows are sorted by path, so that look-up is a bisection.  NAME.br and NAME.gz are rows of their
 * own and also the variants of NAME.
 */
#include "web/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/hash.h"
#include "fault/fault.h"
#include "net/http_choice.h"
#include "net/http_path.h"

enum { PATH_BYTES = 256, DEPTH_MAX = 8 };

struct row {
    char *path; /* "/assets/x.js" */
    uint8_t *bytes;
    size_t size;
    uint64_t hash;
    const struct row *brotli; /* NULL: none */
    const struct row *gzip;
};

struct files {
    struct row *rows;
    uint32_t count;
    size_t total_bytes;
    const char *why; /* the first thing that went wrong */
};

/* --- reading the folder ----------------------------------------------------------------------- */

static uint8_t *bytes_create(int directory, const char *name, size_t size)
{
    uint8_t *bytes = malloc(size ? size : 1);
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    size_t at = 0;
    while (bytes && fd >= 0 && at < size) {
        ssize_t got = read(fd, bytes + at, size - at);
        if (got <= 0) {
            break;
        }
        at += (size_t)got;
    }
    if (fd >= 0) {
        close(fd);
    }
    if (fd < 0 || at < size) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

static void row_create(struct files *files, int directory, const char *name, const char *path,
                       size_t size)
{
    if (files->count == FILES_COUNT_MAX || size > FILES_BYTES_MAX - files->total_bytes) {
        files->why = "the page's folder is too large";
        return;
    }
    struct row *row = &files->rows[files->count];
    *row = (struct row){.path = strdup(path), .size = size};
    row->bytes = bytes_create(directory, name, size);
    files->count++;
    files->total_bytes += size;
    if (!row->path || !row->bytes) {
        files->why = fault_text("%s cannot be read", path);
        return;
    }
    row->hash = sk_hash(0, row->bytes, size);
}

/* A folder that is being walked, and those above it. */
struct folder {
    const struct folder *above; /* NULL: this is the page's */
    const char *path;           /* of its files */
    int fd;
    int depth;
    dev_t device;
    ino_t inode;
};

/* Whether a link led back to a folder that is being walked. */
static bool is_above_itself(const struct folder *folder)
{
    const struct folder *above = folder->above;
    while (above && (above->device != folder->device || above->inode != folder->inode)) {
        above = above->above;
    }
    return above != NULL;
}

/* walk() and visit() call each other: folders lie in folders. */
static void walk(struct files *files, struct folder *folder);

static void visit(struct files *files, const struct folder *above, const char *name)
{
    char path[PATH_BYTES];
    struct stat status;
    int size = snprintf(path, sizeof(path), "%s/%s", above->path, name);
    if (name[0] == '.' || size >= PATH_BYTES || fstatat(above->fd, name, &status, 0) != 0) {
        return;
    }
    if (S_ISREG(status.st_mode)) {
        row_create(files, above->fd, name, path, (size_t)status.st_size);
    } else if (S_ISDIR(status.st_mode) && above->depth < DEPTH_MAX) {
        struct folder folder = {.above = above, .path = path, .depth = above->depth + 1};
        folder.fd = openat(above->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        walk(files, &folder);
    }
}

/* Takes the folder's descriptor. */
static void walk(struct files *files, struct folder *folder)
{
    struct stat status;
    DIR *stream = folder->fd >= 0 ? fdopendir(folder->fd) : NULL;
    if (!stream || fstat(folder->fd, &status) != 0) {
        files->why = fault_text("%s cannot be read", folder->path[0] ? folder->path : "it");
        if (stream) {
            closedir(stream);
        } else if (folder->fd >= 0) {
            close(folder->fd);
        }
        return;
    }
    folder->device = status.st_dev;
    folder->inode = status.st_ino;
    struct dirent *entry = is_above_itself(folder) ? NULL : readdir(stream);
    while (entry && !files->why) {
        visit(files, folder, entry->d_name);
        entry = readdir(stream);
    }
    closedir(stream);
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *left = a;
    const struct row *right = b;
    return strcmp(left->path, right->path);
}

static const struct row *find(const struct files *files, const char *path)
{
    struct row key = {.path = (char *)(uintptr_t)path};
    return bsearch(&key, files->rows, files->count, sizeof(key), compare_rows);
}

static const struct row *find_variant(const struct files *files, const char *path,
                                      const char *ending)
{
    char name[PATH_BYTES + 4];
    (void)snprintf(name, sizeof(name), "%s%s", path, ending);
    return find(files, name);
}

static void finish(struct files *files)
{
    qsort(files->rows, files->count, sizeof(*files->rows), compare_rows);
    for (uint32_t i = 0; i < files->count; i++) {
        files->rows[i].brotli = find_variant(files, files->rows[i].path, ".br");
        files->rows[i].gzip = find_variant(files, files->rows[i].path, ".gz");
    }
    if (!find(files, "/index.html")) {
        files->why = "the page's folder has no index.html";
    }
}

struct files *files_create(const char *folder, const char **why)
{
    struct files *files = calloc(1, sizeof(*files));
    *why = "no memory for the page";
    if (!files) {
        return NULL;
    }
    files->rows = calloc(FILES_COUNT_MAX, sizeof(*files->rows));
    if (files->rows) {
        struct folder root = {.path = ""};
        root.fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        walk(files, &root);
    }
    if (files->rows && !files->why) {
        finish(files);
    }
    if (!files->rows || files->why) {
        *why = files->why ? files->why : *why;
        files_destroy(files);
        return NULL;
    }
    return files;
}

void files_destroy(struct files *files)
{
    if (!files) {
        return;
    }
    for (uint32_t i = 0; i < files->count; i++) {
        free(files->rows[i].path);
        free(files->rows[i].bytes);
    }
    free(files->rows);
    free(files);
}

/* --- answering -------------------------------------------------------------------------------- */

static const char *type_of(const char *path)
{
    static const struct {
        const char *ending;
        const char *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".wasm", "application/wasm"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".ogg", "audio/ogg"},
        {".mp3", "audio/mpeg"},
        {".txt", "text/plain; charset=utf-8"},
    };
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending && i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(ending, types[i].ending) == 0) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

static bool is_hash_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
}

/* Under /assets/, the bundler puts eight characters of a hash before the ending: NAME-XXXXXXXX.js
 * never changes, so it need not be asked for again. */
static bool is_hashed(const char *path)
{
    const char *dot = strrchr(path, '.');
    if (strncmp(path, "/assets/", 8) != 0 || !dot || dot - path < 8 + 9 || dot[-9] != '-') {
        return false;
    }
    for (int i = 1; i <= 8; i++) {
        if (!is_hash_character(dot[-i])) {
            return false;
        }
    }
    return true;
}

static void say(struct files_answer *answer, uint16_t status, const char *sentence)
{
    answer->response = (struct http_response){.status = status,
                                              .type = "text/plain; charset=utf-8",
                                              .body = (const uint8_t *)sentence,
                                              .body_bytes = strlen(sentence),
                                              .body_is_static = true};
}

static const struct row *choose(const struct row *row, const struct sk_http_request *request,
                                const char **encoding)
{
    const struct sk_http_headers *headers = &request->headers;
    uint32_t brotli = row->brotli ? sk_http_coding_weight(headers, "br") : 0;
    uint32_t gzip = row->gzip ? sk_http_coding_weight(headers, "gzip") : 0;
    uint32_t identity = sk_http_coding_weight(headers, "identity");
    if (brotli > 0 && brotli >= gzip && brotli >= identity) {
        *encoding = "content-encoding: br\r\n";
        return row->brotli;
    }
    if (gzip > 0 && gzip >= identity) {
        *encoding = "content-encoding: gzip\r\n";
        return row->gzip;
    }
    *encoding = "";
    return row;
}

static const char policy[] =
    "content-security-policy: default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "connect-src 'self' ws: wss:; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'self'\r\n";

static void send_row(const struct row *row, const struct sk_http_request *request,
                     struct files_answer *answer)
{
    char etag[24];
    const char *encoding = "";
    const struct row *sent = choose(row, request, &encoding);
    const char *type = type_of(row->path);
    (void)snprintf(etag, sizeof(etag), "\"%016llx\"", (unsigned long long)sent->hash);
    int size =
        snprintf(answer->headers, sizeof(answer->headers),
                 "etag: %s\r\ncache-control: %s\r\n%svary: accept-encoding\r\n"
                 "x-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\n%s",
                 etag, is_hashed(row->path) ? "public, max-age=31536000, immutable" : "no-cache",
                 encoding, strncmp(type, "text/html", 9) == 0 ? policy : "");
    SK_ASSERT(size > 0 && (size_t)size < sizeof(answer->headers));
    bool is_known = sk_http_has_etag(&request->headers, etag);
    answer->response = (struct http_response){.status = is_known ? 304 : 200,
                                              .type = is_known ? NULL : type,
                                              .headers = answer->headers,
                                              .body = is_known ? NULL : sent->bytes,
                                              .body_bytes = is_known ? 0 : sent->size,
                                              .body_is_static = true};
}

void files_answer(const struct files *files, const struct sk_http_request *request,
                  struct files_answer *answer)
{
    char path[PATH_BYTES + sizeof("index.html")];
    int result = sk_http_path_decode(request->path, path, PATH_BYTES);
    if (result == SK_ERR_TOO_BIG) {
        say(answer, 404, "There is no such page.\n");
        return;
    }
    if (result != SK_OK) {
        say(answer, 400, "That path cannot be read.\n");
        return;
    }
    size_t size = strlen(path);
    if (path[size - 1] == '/') {
        memcpy(path + size, "index.html", sizeof("index.html"));
    }
    const struct row *row = find(files, path);
    if (row) {
        send_row(row, request, answer);
    } else {
        say(answer, 404, "There is no such page.\n");
    }
}
