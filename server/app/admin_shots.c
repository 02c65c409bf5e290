/* admin_shots.c - see admin_shots.h. */
#include "admin_shots.h"

#include <stdio.h>

#include "base/assert.h"

enum { SHOT_BYTES_MAX = 240 }; /* every number at its longest */
_Static_assert(SHOT_LOG_KEPT *SHOT_BYTES_MAX + 64 <= ADMIN_SHOTS_BYTES_MAX, "all shots fit");

bool admin_shots_is_path(struct sk_text path, struct sk_text *code)
{
    static const char before[] = "/api/rooms/";
    if (!sk_text_starts(path, before)) {
        return false;
    }
    struct sk_text rest = sk_text_from(path, sizeof(before) - 1);
    *code = sk_text_first(rest, sk_text_find(rest, '/'));
    return sk_text_is(sk_text_from(rest, code->size), "/shots");
}

static const struct lobby_room *find_room(const struct lobby *lobby, struct sk_text code)
{
    const struct lobby_room *room = lobby_next(lobby, NULL);
    while (room && !sk_text_equal_any_case(code, (struct sk_text){room->code, SK_CODE_BYTES})) {
        room = lobby_next(lobby, room);
    }
    return room;
}

static size_t write_shot(const struct sk_audit *shot, char *out)
{
    char target[16] = "null";
    if (shot->judged.target != SK_NO_OWNER) {
        (void)snprintf(target, sizeof(target), "%u", (unsigned)shot->judged.target);
    }
    int bytes = snprintf(out, SHOT_BYTES_MAX,
                         "{\"tick\":%u,\"shooter\":%u,\"target\":%s,\"moved\":%d,\"missed\":%d,"
                         "\"view_tick\":%u,\"view_interval\":%u,\"view_fraction\":%u,"
                         "\"limit\":\"%s\"}",
                         (unsigned)shot->tick, (unsigned)shot->shooter, target,
                         (int)shot->judged.moved, (int)shot->judged.missed,
                         (unsigned)shot->moment.tick, (unsigned)shot->moment.interval,
                         (unsigned)shot->moment.fraction, sk_view_limit_word(shot->limit));
    SK_ASSERT(bytes > 0);
    SK_ASSERT(bytes < SHOT_BYTES_MAX);
    return (size_t)bytes;
}

int admin_shots_render(const struct lobby *lobby, struct shot_log *log, struct sk_text code,
                       char out[ADMIN_SHOTS_BYTES_MAX])
{
    struct sk_audit shots[SHOT_LOG_KEPT];
    const struct lobby_room *room = find_room(lobby, code);
    if (!room) {
        return SK_ERR_MISMATCH;
    }
    uint32_t count = shot_log_read(log, room->id, room->epoch, shots);
    size_t size =
        (size_t)snprintf(out, 64, "{\"room\":\"%.*s\",\"shots\":[", SK_CODE_BYTES, room->code);
    for (uint32_t i = 0; i < count; i++) {
        out[size] = ',';
        size += i > 0;
        size += write_shot(&shots[i], out + size);
    }
    size += (size_t)snprintf(out + size, 8, "]}\n");
    SK_ASSERT(size < ADMIN_SHOTS_BYTES_MAX);
    return (int)size;
}
