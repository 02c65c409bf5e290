/* built_in.h - the games that are compiled into the server, one line each. */
#ifndef SK_BUILT_IN_H
#define SK_BUILT_IN_H

#include "sim/game.h"

extern const struct sk_game arena_game;
extern const struct sk_game template_game;

#endif
