/* play_main.c - skirmish-play: arena in a window, by libskirmish alone.
 *
 *   skirmish-play [URL] [--transport ws|enet|auto] [--box FILE]
 *                 [--ca FILE.pem | --pin SHA256 | --insecure] [--capture FILE.bmp SECONDS]
 *
 * W A S D or arrows move, the mouse aims, its button or space fires, shift dashes, 1 and 2 take a
 * weapon.  With --box the last 30 s are kept and saved there at the end, for skirmish-feel.  With
 * --capture nobody is at the keys: it runs about, fires, and saves its last frame.
 *
 * Exit codes: 0; 1 when it cannot join, is sent away, or cannot save a file; 2 for wrong options.
 */
#include <SDL2/SDL.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "built_in.h"
#include "play_picture.h"

enum {
    FRAME_US = 1000000 / 60,
    LATE_US = 100000,
    BOX_BYTES_MAX = 2 << 20,
    CAPTURE_SECONDS_MAX = 3600,
    FULL = 32767
};

struct play {
    const char *url;
    const char *box_path;     /* NULL: none is kept */
    const char *capture_path; /* NULL: somebody plays */
    uint32_t capture_frames;
    const char *ca_path; /* NULL: the system's */
    const char *pin;     /* NULL: none */
    uint32_t flags;
    uint32_t transport;
    struct sk_game_client *game;
    struct play_picture picture;
    SDL_Window *window;
    char words[300];
    bool is_over;
    bool has_failed; /* which was told */
};

static const char usage[] = "usage: skirmish-play [URL] [--transport ws|enet|auto] [--box FILE]\n"
                            "                     [--ca FILE.pem | --pin SHA256 | --insecure]\n"
                            "                     [--capture FILE.bmp SECONDS]\n";

static void fail(struct play *play, const char *path, const char *why)
{
    (void)fprintf(stderr, "skirmish-play: %s: %s\n", path, why);
    play->has_failed = true;
}

/* ---- options ----------------------------------------------------------------------------- */

static bool read_transport(struct play *play, const char *word)
{
    static const char *const words[] = {"ws", "enet", "auto"};
    for (uint32_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(word, words[i]) == 0) {
            play->transport = i;
            return true;
        }
    }
    return false;
}

static bool read_seconds(struct play *play, const char *text)
{
    char *end;
    unsigned long seconds = strtoul(text, &end, 10);
    play->capture_frames = 60 * (uint32_t)seconds;
    return *end == '\0' && text[0] != '-' && seconds > 0 && seconds <= CAPTURE_SECONDS_MAX;
}

/* Reads an option that has one value. */
static bool read_value(struct play *play, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **path;
    } texts[] = {{"--box", &play->box_path}, {"--ca", &play->ca_path}, {"--pin", &play->pin}};
    for (uint32_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].path = value;
            return true;
        }
    }
    return strcmp(name, "--transport") == 0 && read_transport(play, value);
}

static bool read_options(struct play *play, int argc, char **argv)
{
    bool has_url = argc > 1 && argv[1][0] != '-';
    play->url = has_url ? argv[1] : "http://127.0.0.1:7777";
    for (int i = has_url ? 2 : 1; i < argc; i++) {
        if (strcmp(argv[i], "--insecure") == 0) {
            play->flags |= SK_CLIENT_INSECURE;
        } else if (strcmp(argv[i], "--capture") == 0) {
            if (i + 2 >= argc || !read_seconds(play, argv[i + 2])) {
                return false;
            }
            play->capture_path = argv[i + 1];
            i += 2;
        } else if (i + 1 >= argc || !read_value(play, argv[i], argv[i + 1])) {
            return false;
        } else {
            i++;
        }
    }
    play->flags |= play->box_path != NULL ? SK_CLIENT_BLACK_BOX : 0;
    return true;
}

/* ---- the controller ---------------------------------------------------------------------- */

static int32_t button(struct play *play, const char *name)
{
    int32_t value = 0;
    (void)sk_client_constant(sk_game_client_client(play->game), name, &value);
    return value;
}

static int16_t way_of(const Uint8 *keys, SDL_Scancode less, SDL_Scancode more, SDL_Scancode arrow)
{
    SDL_Scancode back = arrow == SDL_SCANCODE_RIGHT ? SDL_SCANCODE_LEFT : SDL_SCANCODE_UP;
    int way = (keys[more] | keys[arrow]) - (keys[less] | keys[back]);
    return (int16_t)(way * FULL);
}

static int16_t aim_of(const struct play *play, int mouse_x, int mouse_y)
{
    double angle = atan2(mouse_y - play->picture.own_y, mouse_x - play->picture.own_x);
    return (int16_t)(uint16_t)(int32_t)(angle / (2 * acos(-1)) * 65536);
}

static struct sk_client_input held_keys(struct play *play)
{
    const Uint8 *keys = SDL_GetKeyboardState(NULL);
    struct sk_client_input input = {.struct_size = sizeof(input)};
    int mouse_x;
    int mouse_y;
    bool fires = (SDL_GetMouseState(&mouse_x, &mouse_y) & SDL_BUTTON_LMASK) != 0;
    input.axes[0] = way_of(keys, SDL_SCANCODE_A, SDL_SCANCODE_D, SDL_SCANCODE_RIGHT);
    input.axes[1] = way_of(keys, SDL_SCANCODE_W, SDL_SCANCODE_S, SDL_SCANCODE_DOWN);
    input.axes[2] = aim_of(play, mouse_x, mouse_y);
    input.buttons |= fires || keys[SDL_SCANCODE_SPACE] ? (uint32_t)button(play, "button_fire") : 0;
    input.buttons |= keys[SDL_SCANCODE_LSHIFT] ? (uint32_t)button(play, "button_dash") : 0;
    input.buttons |= keys[SDL_SCANCODE_1] ? (uint32_t)button(play, "button_take_blaster") : 0;
    input.buttons |= keys[SDL_SCANCODE_2] ? (uint32_t)button(play, "button_take_rail") : 0;
    return input;
}

static struct sk_client_input scripted(struct play *play, uint32_t frame)
{
    struct sk_client_input input = {.struct_size = sizeof(input)};
    double turn = frame / 240.0 * 2 * acos(-1);
    input.axes[0] = (int16_t)(FULL * cos(turn));
    input.axes[1] = (int16_t)(FULL * sin(turn));
    input.axes[2] = (int16_t)(uint16_t)(frame * 300);
    input.buttons = frame % 20 < 10 ? (uint32_t)button(play, "button_fire") : 0;
    return input;
}

/* ---- frames ------------------------------------------------------------------------------ */

static void take_events(struct play *play)
{
    struct sk_client_event event = {.struct_size = sizeof(event)};
    SDL_Event happened;
    while (sk_game_client_next_event(play->game, &event) > 0) {
        if (event.kind == SK_CLIENT_EVENT_WELCOME) {
            (void)snprintf(play->words, sizeof(play->words), "room %s", event.text);
        } else if (event.kind != SK_CLIENT_EVENT_GAME && event.text[0] != '\0') {
            (void)snprintf(play->words, sizeof(play->words), "%s", event.text);
            (void)printf("%s\n", event.text);
        }
        if (event.kind == SK_CLIENT_EVENT_ENDED) {
            play->is_over = true;
            play->has_failed = true; /* its text was printed */
        }
    }
    while (SDL_PollEvent(&happened) != 0) {
        play->is_over = play->is_over || happened.type == SDL_QUIT;
    }
}

/* What the picture shows, in words. */
static void print_figures(const struct play *play, uint64_t now_us)
{
    struct sk_client_stats stats = {.struct_size = sizeof(stats)};
    if (sk_game_client_stats(play->game, now_us, &stats) == SK_CLIENT_OK) {
        (void)printf("snapshots %u age_ms %.1f predicted %u matched %u diverging %u\n",
                     (unsigned)stats.snapshots, stats.snapshot_age_us / 1e3, stats.is_predicted,
                     (unsigned)stats.drift_matched, (unsigned)stats.drift_diverging);
    }
}

static void save_capture(struct play *play)
{
    SDL_Surface *surface =
        SDL_CreateRGBSurfaceWithFormat(0, PLAY_WIDTH, PLAY_HEIGHT, 24, SDL_PIXELFORMAT_RGB24);
    bool is_saved = surface != NULL &&
                    SDL_RenderReadPixels(play->picture.renderer, NULL, SDL_PIXELFORMAT_RGB24,
                                         surface->pixels, surface->pitch) == 0 &&
                    SDL_SaveBMP(surface, play->capture_path) == 0;
    if (!is_saved) {
        fail(play, play->capture_path, SDL_GetError());
    }
    SDL_FreeSurface(surface);
}

/* Serves the connection until the frame is due, once at least: a slow screen must not starve it.
 * Frames that are long overdue are left out.  Returns the time. */
static uint64_t wait_for_frame(struct play *play, uint64_t *frame_us)
{
    uint64_t now_us = sk_game_client_now_us();
    sk_game_client_update(play->game, now_us);
    while (now_us < *frame_us) {
        sk_game_client_wait(play->game, *frame_us - now_us);
        now_us = sk_game_client_now_us();
        sk_game_client_update(play->game, now_us);
    }
    if (now_us - *frame_us > LATE_US) {
        *frame_us = now_us;
    }
    return now_us;
}

static void save_box(struct play *play)
{
    static uint8_t bytes[BOX_BYTES_MAX];
    size_t size = sk_client_box(sk_game_client_client(play->game), bytes, sizeof(bytes));
    if (size == 0 || size > sizeof(bytes)) {
        fail(play, play->box_path, "there is no black box to save");
        return;
    }
    FILE *file = fopen(play->box_path, "wb");
    bool is_saved = file != NULL && fwrite(bytes, 1, size, file) == size;
    if ((file != NULL && fclose(file) != 0) || !is_saved) {
        fail(play, play->box_path, strerror(errno));
    }
}

static void run(struct play *play)
{
    uint64_t frame_us = sk_game_client_now_us();
    for (uint32_t frame = 0; !play->is_over; frame++) {
        frame_us += FRAME_US;
        uint64_t now_us = wait_for_frame(play, &frame_us);
        struct sk_client_input input =
            play->capture_path == NULL ? held_keys(play) : scripted(play, frame);
        sk_game_client_sample(play->game, &input, now_us);
        take_events(play);
        play_picture_draw(&play->picture, play->game, now_us);
        if (play->capture_path != NULL && frame + 1 == play->capture_frames) {
            save_capture(play);
            print_figures(play, now_us);
            play->is_over = true;
        }
        SDL_RenderPresent(play->picture.renderer);
    }
}

/* ---- life -------------------------------------------------------------------------------- */

static bool open_window(struct play *play)
{
    if (SDL_Init(SDL_INIT_VIDEO) != 0) {
        return false;
    }
    play->window = SDL_CreateWindow("Skirmish", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                                    PLAY_WIDTH, PLAY_HEIGHT, 0);
    Uint32 flags = play->capture_path == NULL ? 0 : SDL_RENDERER_SOFTWARE;
    play->picture.renderer =
        play->window == NULL ? NULL : SDL_CreateRenderer(play->window, -1, flags);
    play->picture.words = play->words;
    return play->picture.renderer != NULL;
}

static bool open_game(struct play *play, const char **why)
{
    static const struct sk_game *const games[] = {&arena_game};
    struct sk_client_config config = {.struct_size = sizeof(config),
                                      .flags = play->flags,
                                      .url = play->url,
                                      .name = "Ada",
                                      .game = "arena",
                                      .ca_path = play->ca_path,
                                      .pin_sha256 = play->pin,
                                      .games = games,
                                      .game_count = 1,
                                      .seed = sk_game_client_now_us(),
                                      .transport = play->transport};
    play->game = sk_game_client_open(&config, why);
    return play->game != NULL;
}

int main(int argc, char **argv)
{
    static struct play play;
    const char *why = "";
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)fputs(usage, stdout);
        return 0;
    }
    if (!read_options(&play, argc, argv)) {
        (void)fputs(usage, stderr);
        return 2;
    }
    if (!open_game(&play, &why) || !open_window(&play)) {
        (void)fprintf(stderr, "skirmish-play: %s\n", play.game == NULL ? why : SDL_GetError());
        return 1;
    }
    run(&play);
    if (play.box_path != NULL) {
        save_box(&play);
    }
    sk_game_client_close(play.game, sk_game_client_now_us());
    SDL_Quit();
    return play.has_failed ? 1 : 0;
}
