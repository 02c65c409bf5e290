/* control_mail.c - see control_mail.h. */
#include "control_mail.h"

#include <stdlib.h>

#include "http/response.h"
#include "worker_mail.h"

struct control_request *control_request_create(size_t body_bytes)
{
    struct control_request *request = calloc(1, sizeof(*request) + body_bytes);
    if (!request) {
        return NULL;
    }
    request->size = body_bytes;
    request->refusal = control_response_create(HTTP_REASON_BODY_BYTES_MAX);
    if (!request->refusal) {
        control_request_destroy(request);
        return NULL;
    }
    return request;
}

void control_request_destroy(struct control_request *request)
{
    control_response_destroy(request->refusal);
    free(request);
}

static void deliver_request(struct mail *mail, void *receiver)
{
    struct control_request *request = (struct control_request *)mail; /* its first member */
    (void)receiver;
    request->to->on_request(request->to->control, request);
}

void control_request_send(struct control_mailbox *to, struct control_request *request)
{
    request->to = to;
    request->mail.deliver = deliver_request;
    loop_post(to->loop, &request->mail);
}
