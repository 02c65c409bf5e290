/* files.h - the page's files, read once and answered from memory.
 *
 * The folder is walked at the start, so a request is a look-up in a sorted table: it touches no
 * file system, and a path that is not in the table cannot reach anything.  Links are followed,
 * wherever they lead: who puts one there means it (a ConfigMap's files are links into "..data", a
 * Nix store's into other folders).  A file that stands beside its NAME.br or NAME.gz is sent
 * compressed to whoever prefers that.
 *
 * Memory   files_create() reads everything (what begins with a dot is passed over) up to
 *          FILES_BYTES_MAX; answers borrow it.
 * Threads  read-only after files_create().
 */
#ifndef FILES_H
#define FILES_H

#include "http/response.h"
#include "net/http_head.h"

enum { FILES_COUNT_MAX = 4096, FILES_BYTES_MAX = 256 << 20, FILES_HEADERS_BYTES = 640 };

struct files;

/* Reads the folder.  Returns an owned table, or NULL with *why, a text as of fault.h: it cannot be
 * read, has no index.html, or is over a limit. */
struct files *files_create(const char *folder, const char **why);
void files_destroy(struct files *files);

/* An answer, with the memory of its headers. */
struct files_answer {
    struct http_response response; /* its body is static */
    char headers[FILES_HEADERS_BYTES];
};

/* Answers a GET or HEAD: 200, 304 when the client has it already, 404, or 400 for a path that is
 * badly encoded or tries to leave the folder. */
void files_answer(const struct files *files, const struct sk_http_request *request,
                  struct files_answer *answer);

#endif
