/* control_mail.c - see control_mail.h. */
#include "control_mail.h"

#include <stdlib.h>

struct worker_event *worker_event_create(enum worker_event_kind kind)
{
    struct worker_event *event = calloc(1, sizeof(*event));
    if (event) {
        event->kind = kind;
    }
    return event;
}

struct control_request *control_request_create(size_t body_bytes)
{
    struct control_request *request = calloc(1, sizeof(*request) + body_bytes);
    if (request) {
        request->size = body_bytes;
    }
    return request;
}

void control_mail_destroy(void *mail)
{
    free(mail);
}
