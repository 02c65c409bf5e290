/* named_messages.c - the seeds of single messages are read as what they are called.
 *
 *   named_messages CORPUS_DIR
 *
 * A message that the wire has and no seed shows is missed too.
 */
#include <stdio.h>
#include <stdlib.h>

#include "wire/messages.h"

enum { MESSAGE_BYTES_MAX = 4096 };

static const struct name {
    const char *name;
    int type;
} client_names[] = {{"hello", SK_CLIENT_HELLO}, {"inputs", SK_CLIENT_INPUTS},
                    {"ack", SK_CLIENT_ACK},     {"command", SK_CLIENT_COMMAND},
                    {"leave", SK_CLIENT_LEAVE}, {"keyframe_request", SK_CLIENT_KEYFRAME_REQUEST},
                    {"probe", SK_CLIENT_PROBE}, {"diverged", SK_CLIENT_DIVERGED}},
  server_names[] = {{"welcome", SK_SERVER_WELCOME}, {"roster", SK_SERVER_ROSTER},
                    {"resume", SK_SERVER_RESUME},   {"notice", SK_SERVER_NOTICE},
                    {"goodbye", SK_SERVER_GOODBYE}, {"answer", SK_SERVER_ANSWER},
                    {"probed", SK_SERVER_PROBED}};

static _Alignas(8) uint8_t bytes[MESSAGE_BYTES_MAX];

/* The message's bytes, 0 when there is no such file. */
static size_t read_seed(const char *corpus, const char *target, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s/%s.bin", corpus, target, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        return 0;
    }
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    return size;
}

static int client_type(size_t size)
{
    struct sk_client_message message;
    return sk_client_message_decode(bytes, size, &message) == SK_OK ? (int)message.type : -1;
}

static int server_type(size_t size)
{
    struct sk_server_message message;
    return sk_server_message_decode(bytes, size, &message) == SK_OK ? (int)message.type : -1;
}

static int count_faults(const char *corpus, const char *target, const struct name *names,
                        size_t count)
{
    int faults = 0;
    int (*type_of)(size_t size) = names == client_names ? client_type : server_type;
    for (size_t i = 0; i < count; i++) {
        size_t size = read_seed(corpus, target, names[i].name);
        if (type_of(size) != names[i].type) {
            printf("%s/%s.bin is no such message\n", target, names[i].name);
            faults++;
        }
    }
    return faults;
}

int main(int argument_count, char **arguments)
{
    if (argument_count != 2) {
        return EXIT_FAILURE;
    }
    int faults = count_faults(arguments[1], "client_message", client_names,
                              sizeof(client_names) / sizeof(client_names[0])) +
                 count_faults(arguments[1], "server_message", server_names,
                              sizeof(server_names) / sizeof(server_names[0]));
    return faults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
