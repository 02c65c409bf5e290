/* udp_batch.c - see udp_batch.h. */
#include "udp/udp_batch.h"

#include <errno.h>
#include <string.h>

#include "base/assert.h"

/* What the system wants of each datagram. */
struct headers {
    struct mmsghdr messages[UDP_BATCH_DATAGRAMS];
    struct iovec parts[UDP_BATCH_DATAGRAMS];
};

static void describe(struct headers *headers, struct udp_batch *batch, uint32_t index, size_t bytes)
{
    struct udp_datagram *datagram = &batch->datagrams[index];
    headers->parts[index] = (struct iovec){.iov_base = datagram->data, .iov_len = bytes};
    headers->messages[index] = (struct mmsghdr){
        .msg_hdr = {.msg_name = &datagram->place.address,
                    .msg_namelen = datagram->place.bytes,
                    .msg_iov = &headers->parts[index],
                    .msg_iovlen = 1},
    };
}

void udp_batch_read(struct udp_batch *batch, int fd)
{
    struct headers headers;
    for (uint32_t i = 0; i < UDP_BATCH_DATAGRAMS; i++) {
        struct udp_place *place = &batch->datagrams[i].place;
        memset(&place->address, 0, sizeof(place->address));
        place->bytes = sizeof(place->address);
        describe(&headers, batch, i, sizeof(batch->datagrams[i].data));
    }
    /* MSG_TRUNC: the size that it had, not what was room for */
    int count = recvmmsg(fd, headers.messages, UDP_BATCH_DATAGRAMS, MSG_DONTWAIT | MSG_TRUNC, NULL);
    batch->count = count > 0 ? (uint32_t)count : 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        batch->datagrams[i].bytes = headers.messages[i].msg_len;
        batch->datagrams[i].place.bytes = headers.messages[i].msg_hdr.msg_namelen;
    }
}

uint32_t udp_batch_write(struct udp_batch *batch, int fd)
{
    struct headers headers;
    uint32_t unsent = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        SK_ASSERT(batch->datagrams[i].bytes <= SK_SEALED_BYTES_MAX);
        describe(&headers, batch, i, batch->datagrams[i].bytes);
    }
    for (uint32_t done = 0; done < batch->count;) {
        int count = sendmmsg(fd, headers.messages + done, batch->count - done, MSG_DONTWAIT);
        if (count > 0) {
            done += (uint32_t)count;
        } else if (errno == EAGAIN) {
            unsent += batch->count - done;
            break;
        } else if (errno != EINTR) { /* the first of them cannot go there */
            unsent++;
            done++;
        }
    }
    batch->count = 0;
    return unsent;
}
