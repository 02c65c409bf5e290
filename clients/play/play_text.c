/* play_text.c - see play_text.h. */
#include "play_text.h"

#include <ctype.h>

/* A glyph's rows from the top, three bits each: an octal digit is a row. */
static const struct {
    char letter;
    unsigned rows;
} glyphs[] = {{'0', 075557}, {'1', 026227}, {'2', 071747}, {'3', 071717}, {'4', 055711},
              {'5', 074717}, {'6', 074757}, {'7', 071111}, {'8', 075757}, {'9', 075717},
              {'A', 025755}, {'B', 065656}, {'C', 034443}, {'D', 065556}, {'E', 074647},
              {'F', 074644}, {'G', 034553}, {'H', 055755}, {'I', 072227}, {'J', 011152},
              {'K', 055655}, {'L', 044447}, {'M', 057755}, {'N', 065555}, {'O', 025552},
              {'P', 065644}, {'Q', 025563}, {'R', 065655}, {'S', 034216}, {'T', 072222},
              {'U', 055557}, {'V', 055552}, {'W', 055775}, {'X', 055255}, {'Y', 055222},
              {'Z', 071247}, {'.', 000002}, {':', 002020}, {'-', 000700}, {'/', 011244},
              {'%', 051245}, {'+', 002720}, {'(', 012221}, {')', 042224}, {',', 000024}};

static unsigned rows_of(char letter)
{
    int capital = toupper((unsigned char)letter);
    for (size_t i = 0; i < sizeof(glyphs) / sizeof(glyphs[0]); i++) {
        if (glyphs[i].letter == capital) {
            return glyphs[i].rows;
        }
    }
    return 0;
}

static void draw_glyph(SDL_Renderer *renderer, int x, int y, unsigned rows)
{
    for (int bit = 0; bit < 15; bit++) {
        if ((rows >> (14 - bit) & 1) != 0) {
            SDL_Rect dot = {x + bit % 3 * PLAY_TEXT_DOT, y + bit / 3 * PLAY_TEXT_DOT, PLAY_TEXT_DOT,
                            PLAY_TEXT_DOT};
            SDL_RenderFillRect(renderer, &dot);
        }
    }
}

void play_text_draw(SDL_Renderer *renderer, int x, int y, const char *text)
{
    for (; *text != '\0'; text++, x += 4 * PLAY_TEXT_DOT) {
        draw_glyph(renderer, x, y, rows_of(*text));
    }
}
