/* built_in.h - the games that are compiled into the server, one line each. */
#ifndef SK_BUILT_IN_H
#define SK_BUILT_IN_H

#include "sim/game.h"

extern const struct sk_game arena_game;
extern const struct sk_game template_game;

/* What their builds made for pages, plain and compressed by gzip (embed.py). */
struct sk_module_file {
    const uint8_t *bytes;
    size_t size;
    const uint8_t *gzip;
    size_t gzip_size;
};
extern const struct sk_module_file arena_module;
extern const struct sk_module_file template_module;

#endif
