/* play_text.h - letters of three by five dots, for figures on a screen: SDL alone has no text.
 *
 * Memory   none.
 * Threads  one.
 */
#ifndef PLAY_TEXT_H
#define PLAY_TEXT_H

#include <SDL2/SDL.h>

enum { PLAY_TEXT_DOT = 2, PLAY_TEXT_LINE = 7 * PLAY_TEXT_DOT };

/* Draws a line at (x, y) in the renderer's colour; letters are capitals, what has no dots is blank.
 */
void play_text_draw(SDL_Renderer *renderer, int x, int y, const char *text);

#endif
