/* secrets.c - see secrets.h.  A new file is written whole beside its place and then renamed, so
 * that a crash leaves no half a key. */
#include "store/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "fault/fault.h"
#include "tls/crypto.h"

static const char name[] = "ticket-keys";
static const char name_new[] = "ticket-keys.new";
static const uint8_t head[5] = {'S', 'K', 'T', 'K', 1};

enum { RECORD_BYTES = 1 + TICKET_KEY_BYTES };
enum { FILE_BYTES = sizeof(head) + TICKET_KEYS * RECORD_BYTES };

/* The second key has the id 0, which no ticket carries, until there is one to rotate to. */
static int make_keys(struct ticket_keys *keys, const char **why)
{
    *why = "the system gives no random bytes";
    keys->ids[0] = 1;
    keys->ids[1] = 0;
    return crypto_random(keys->keys, sizeof(keys->keys));
}

static void to_bytes(const struct ticket_keys *keys, uint8_t bytes[FILE_BYTES])
{
    memcpy(bytes, head, sizeof(head));
    for (size_t i = 0; i < TICKET_KEYS; i++) {
        uint8_t *record = bytes + sizeof(head) + i * RECORD_BYTES;
        record[0] = keys->ids[i];
        memcpy(record + 1, keys->keys[i], TICKET_KEY_BYTES);
    }
}

static void from_bytes(struct ticket_keys *keys, const uint8_t bytes[FILE_BYTES])
{
    for (size_t i = 0; i < TICKET_KEYS; i++) {
        const uint8_t *record = bytes + sizeof(head) + i * RECORD_BYTES;
        keys->ids[i] = record[0];
        memcpy(keys->keys[i], record + 1, TICKET_KEY_BYTES);
    }
}

static int write_file(int directory, const struct ticket_keys *keys, const char **why)
{
    uint8_t bytes[FILE_BYTES];
    int fd = openat(directory, name_new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        *why = fault_text("%s cannot be made", name_new);
        return SK_ERR_SYSTEM;
    }
    to_bytes(keys, bytes);
    errno = 0; /* a disk that takes half of it sets none */
    bool is_written = write(fd, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes) && fsync(fd) == 0;
    sk_secret_wipe(bytes, sizeof(bytes));
    bool is_closed = close(fd) == 0;
    bool is_placed = is_written && is_closed && renameat(directory, name_new, directory, name) == 0;
    if (!is_placed || fsync(directory) != 0) {
        *why = fault_text("%s cannot be written", name);
        return SK_ERR_SYSTEM;
    }
    return SK_OK;
}

static int read_file(int fd, struct ticket_keys *keys, const char **why)
{
    uint8_t bytes[FILE_BYTES + 1];
    struct stat status;
    if (fstat(fd, &status) != 0 || (status.st_mode & 077) != 0) {
        *why = "others may read the ticket keys: chmod 600";
        return SK_ERR_CONFIG;
    }
    ssize_t size = read(fd, bytes, sizeof(bytes));
    bool is_ours = size == FILE_BYTES && memcmp(bytes, head, sizeof(head)) == 0;
    if (is_ours) {
        from_bytes(keys, bytes);
    }
    sk_secret_wipe(bytes, sizeof(bytes));
    *why = "the file of ticket keys is not one of this version";
    return is_ours ? SK_OK : SK_ERR_CONFIG;
}

static int load_or_make(int directory, struct ticket_keys *keys, const char **why)
{
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno != ENOENT) {
            *why = fault_text("%s cannot be read", name);
            return SK_ERR_SYSTEM;
        }
        int result = make_keys(keys, why);
        return result == SK_OK ? write_file(directory, keys, why) : result;
    }
    int result = read_file(fd, keys, why);
    close(fd);
    return result;
}

static int lock(struct secrets *secrets, int directory, const char **why)
{
    secrets->lock_fd = openat(directory, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (secrets->lock_fd < 0) {
        *why = fault_text("it cannot be written");
        return SK_ERR_SYSTEM;
    }
    *why = "another server uses it";
    return flock(secrets->lock_fd, LOCK_EX | LOCK_NB) == 0 ? SK_OK : SK_ERR_CONFIG;
}

int secrets_open(struct secrets *secrets, const char *directory, struct ticket_keys *keys,
                 const char **why)
{
    secrets->lock_fd = -1;
    if (!directory) {
        return make_keys(keys, why);
    }
    if (mkdir(directory, 0700) != 0 && errno != EEXIST) {
        *why = fault_text("it cannot be made");
        return SK_ERR_SYSTEM;
    }
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        *why = fault_text("it cannot be opened");
        return SK_ERR_SYSTEM;
    }
    int result = lock(secrets, fd, why);
    if (result == SK_OK) {
        result = load_or_make(fd, keys, why);
    }
    close(fd);
    return result;
}

void secrets_close(struct secrets *secrets)
{
    if (secrets->lock_fd >= 0) {
        close(secrets->lock_fd);
        secrets->lock_fd = -1;
    }
}
