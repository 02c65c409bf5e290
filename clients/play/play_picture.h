/* play_picture.h - the match and its figures, drawn with SDL.
 *
 * Memory   none of its own; borrows renderer and client during a call.
 * Threads  one.
 */
#ifndef PLAY_PICTURE_H
#define PLAY_PICTURE_H

#include <SDL2/SDL.h>

#include "skirmish.h"

enum { PLAY_WIDTH = 960, PLAY_HEIGHT = 640, PLAY_ENTITIES_MAX = 512 };

struct play_picture {
    SDL_Renderer *renderer; /* borrowed */
    const char *words;      /* for the person at the screen, "" for none; borrowed */
    double own_x;           /* where the player was drawn last, in pixels */
    double own_y;
};

/* Draws a frame as of now. */
void play_picture_draw(struct play_picture *picture, struct sk_game_client *game, uint64_t now_us);

#endif
