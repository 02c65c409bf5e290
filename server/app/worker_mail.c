/* worker_mail.c - see worker_mail.h. */
#include "worker_mail.h"

#include <stdlib.h>

struct worker_command *worker_command_create(enum worker_command_kind kind)
{
    struct worker_command *command = calloc(1, sizeof(*command));
    if (command) {
        command->kind = kind;
    }
    return command;
}

struct control_response *control_response_create(size_t body_bytes)
{
    struct control_response *response = calloc(1, sizeof(*response) + body_bytes);
    if (response) {
        response->size = body_bytes;
    }
    return response;
}

void worker_mail_destroy(void *mail)
{
    free(mail);
}
