/* template.c - the smallest whole game: walk about, collect stars, tag others from afar.  Copy it
 * and change it.
 *
 * A game is a world (plain data, no pointers), tables that say what of it is on the wire, and a few
 * functions over it.  sim/game.h explains each; ../CMakeLists.txt shows how to build it.
 */
#include "code_hash.gen.h"

#include "base/assert.h"
#include "base/hash.h"
#include "base/trig.h"
#include "sim/audit.h"
#include "sim/entity.h"
#include "sim/game.h"
#include "sim/rewind.h"

enum { PLAYERS_MAX = 16, STARS = 8, FIELD = 8192, REACH = 300, SPEED = 60, PURPOSE_PLACE = 1 };
enum { KIND_WALKER, KIND_STAR, EVENT_TAKEN = 0, EVENT_TAGGED, COMMAND_WAVE = 0 };
enum { BUTTON_TAG = 1, TAG_WIDTH = 150, PAST_TICKS = 34 };

/* The world's structs: fixed-width members, and the compiler refuses a hole between them. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

struct walker {
    struct sk_entity entity; /* must be first */
    int32_t x;
    int32_t y;
    uint32_t score;
    uint32_t waves;
};

struct star {
    struct sk_entity entity;
    int32_t x;
    int32_t y;
};

struct template_world {
    struct sk_world head; /* must be first */
    struct walker walkers[PLAYERS_MAX];
    struct star stars[STARS];
    uint32_t past[PAST_TICKS * (1 + 3 * PLAYERS_MAX)]; /* where all were: sim/rewind.h */
};

#pragma GCC diagnostic pop

/* What everybody sees, at what precision; then what its owner needs exactly, to predict. */
static const struct sk_field walker_fields[] = {
    SK_REWOUND_FIELD(struct walker, x, step, 0, FIELD - 1, 13, SK_LINEAR),
    SK_REWOUND_FIELD(struct walker, y, step, 0, FIELD - 1, 13, SK_LINEAR),
    SK_FIELD(struct walker, score, star, 0, 1023, 10, SK_HOLD),
    SK_OWN_FIELD(struct walker, x, step),
    SK_OWN_FIELD(struct walker, y, step),
};
static const struct sk_field star_fields[] = {
    SK_FIELD(struct star, x, step, 0, FIELD - 1, 13, SK_HOLD),
    SK_FIELD(struct star, y, step, 0, FIELD - 1, 13, SK_HOLD),
};
static const struct sk_kind kinds[] = {
    [KIND_WALKER] = SK_KIND("walker", walker_fields, struct walker),
    [KIND_STAR] = SK_KIND("star", star_fields, struct star),
};

struct taken {
    uint8_t player;
};
static const struct sk_field taken_fields[] = {
    SK_FIELD(struct taken, player, player, 0, PLAYERS_MAX - 1, 4, SK_HOLD),
};
struct tagged {
    uint8_t player;
    uint8_t target;
};
static const struct sk_field tagged_fields[] = {
    SK_FIELD(struct tagged, player, player, 0, PLAYERS_MAX - 1, 4, SK_HOLD),
    SK_FIELD(struct tagged, target, player, 0, PLAYERS_MAX - 1, 4, SK_HOLD),
};
static const struct sk_event_type events[] = {
    [EVENT_TAKEN] = SK_EVENT_TYPE("taken", taken_fields, struct taken),
    [EVENT_TAGGED] = SK_EVENT_TYPE("tagged", tagged_fields, struct tagged),
};

/* As far back as a view may be (half a second unless .view_age_ms says other) and a snapshot. */
static const struct sk_rewind past = {&kinds[KIND_WALKER], PLAYERS_MAX, PAST_TICKS};

static const struct sk_command_type commands[] = {
    [COMMAND_WAVE] = {"wave", 0},
};

static int layout(uint32_t players_max, const uint32_t *options, struct sk_place *places)
{
    (void)options;
    SK_GAME_ASSERT(sk_rewind_bytes(&past) <= sizeof(((struct template_world *)0)->past));
    places[KIND_WALKER] = (struct sk_place){offsetof(struct template_world, walkers), players_max};
    places[KIND_STAR] = (struct sk_place){offsetof(struct template_world, stars), STARS};
    return sizeof(struct template_world);
}

/* A random place: the same for the same world, tick and star. */
static void place_star(struct template_world *world, uint32_t star)
{
    SK_GAME_ASSERT(star < STARS);
    uint32_t dice = sk_random(world->head.secret_seed, world->head.tick, star, PURPOSE_PLACE);
    world->stars[star].x = (int32_t)(dice % FIELD);
    world->stars[star].y = (int32_t)(dice / FIELD % FIELD);
    world->stars[star].entity.jump++; /* drawn here at once, not on the way */
}

static void start(void *world, const void *content)
{
    (void)content;
    struct template_world *field = world;
    for (uint32_t i = 0; i < STARS; i++) {
        sk_entity_take(&field->stars[i], sizeof(struct star), SK_NO_OWNER);
        place_star(field, i);
    }
}

static void join(void *world, const void *content, uint32_t player, bool bot)
{
    (void)content;
    (void)bot;
    struct walker *walker = &((struct template_world *)world)->walkers[player];
    SK_GAME_ASSERT(player < PLAYERS_MAX); /* fails: this room ends, the server goes on */
    sk_entity_take(walker, sizeof(*walker), (uint16_t)player);
    walker->x = FIELD / 2;
    walker->y = FIELD / 2;
}

static void leave(void *world, const void *content, uint32_t player)
{
    (void)content;
    SK_GAME_ASSERT(player < PLAYERS_MAX);
    sk_entity_free(&((struct template_world *)world)->walkers[player], sizeof(struct walker));
}

/* Whoever waves is told how often he has: what a request gets is up to the game. */
static bool command(void *world, const void *content, uint32_t player,
                    const struct sk_command *command, struct sk_answer *answer)
{
    (void)content;
    struct walker *walker = &((struct template_world *)world)->walkers[player];
    SK_GAME_ASSERT(player < PLAYERS_MAX);
    SK_GAME_ASSERT(command->type == COMMAND_WAVE);
    walker->waves++;
    answer->size = sizeof(walker->waves);
    for (uint32_t i = 0; i < answer->size; i++) {
        answer->bytes[i] = (uint8_t)(walker->waves >> (8 * i)); /* any machine reads it alike */
    }
    return true;
}

static int32_t move(int32_t at, int16_t axis)
{
    int32_t to = at + axis * SPEED / INT16_MAX;
    return to < 0 ? 0 : to >= FIELD ? FIELD - 1 : to;
}

/* Runs on the server in each step, and in the browser ahead of it. */
static void predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                    struct sk_events *sink)
{
    (void)sink;
    (void)content;
    struct walker *walker = &((struct template_world *)world)->walkers[player];
    SK_GAME_ASSERT(player < PLAYERS_MAX);
    walker->x = move(walker->x, input->axes[0]);
    walker->y = move(walker->y, input->axes[1]);
}

static bool is_near(const struct walker *walker, const struct star *star)
{
    int32_t off_x = walker->x - star->x;
    int32_t off_y = walker->y - star->y;
    return off_x * off_x + off_y * off_y < REACH * REACH;
}

static void collect(struct template_world *world, uint32_t player, struct sk_events *sink)
{
    struct walker *walker = &world->walkers[player];
    SK_GAME_ASSERT(walker->x >= 0 && walker->x < FIELD);
    SK_GAME_ASSERT(walker->y >= 0 && walker->y < FIELD);
    for (uint32_t i = 0; i < STARS; i++) {
        if (is_near(walker, &world->stars[i])) {
            walker->score++;
            place_star(world, i);
            sk_emit(sink, EVENT_TAKEN, SK_TO_ALL, &(struct taken){.player = (uint8_t)player});
        }
    }
}

/* By how much the way that axes 2 and 3 point to goes past a walker; 0 and below: it does not. */
static int32_t miss_of(const struct walker *from, const struct sk_input *input,
                       const struct walker *to)
{
    int64_t x = to->x - from->x;
    int64_t y = to->y - from->y;
    int64_t along = x * input->axes[2] + y * input->axes[3];
    int64_t aside = x * input->axes[3] - y * input->axes[2];
    int64_t distance = along > 0 ? (aside < 0 ? -aside : aside) / INT16_MAX : 2 * FIELD;
    return (int32_t)distance - TAG_WIDTH;
}

/* A hitscan, judged at what the player saw: the host has made that moment legal. */
static void tag(struct template_world *world, uint32_t player, const struct sk_input *input,
                struct sk_events *sink)
{
    struct sk_moment seen = sk_rewind_moment(input);
    struct sk_judged judged = {.target = SK_NO_OWNER};
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        struct walker to = world->walkers[i];
        bool was_there = seen.tick == 0 || sk_rewind_restore(&past, world->past, i, &seen, &to);
        if (i == player || !to.entity.alive || !was_there) {
            continue;
        }
        int32_t missed = miss_of(&world->walkers[player], input, &to);
        int32_t moved =
            (int32_t)sk_distance(to.x - world->walkers[i].x, to.y - world->walkers[i].y);
        if (judged.target == SK_NO_OWNER || missed < judged.missed) {
            judged = (struct sk_judged){(uint16_t)i, moved, missed};
        }
        if (missed <= 0) {
            sk_emit(sink, EVENT_TAGGED, SK_TO_ALL, &(struct tagged){(uint8_t)player, (uint8_t)i});
        }
    }
    sk_audit(sink, player, input, &judged); /* why it hit or not, for the operator */
}

static void step(void *world, const void *content, const struct sk_input *inputs,
                 struct sk_events *sink)
{
    struct template_world *field = world;
    SK_GAME_ASSERT(field->head.players_max <= PLAYERS_MAX);
    for (uint32_t i = 0; i < field->head.players_max; i++) {
        if (field->walkers[i].entity.alive) {
            predict(world, content, i, &inputs[i], sink);
            collect(field, i, sink);
        }
    }
    for (uint32_t i = 0; i < field->head.players_max; i++) {
        if (field->walkers[i].entity.alive && (inputs[i].buttons & BUTTON_TAG)) {
            tag(field, i, &inputs[i], sink);
        }
    }
    sk_rewind_record(&past, field->past, field->walkers, field->head.tick);
}

/* A bot walks to the star that has its number. */
static void think(const void *world, const void *content, uint32_t player, struct sk_input *input)
{
    (void)content;
    const struct template_world *field = world;
    const struct walker *walker = &field->walkers[player];
    const struct star *star = &field->stars[player % STARS];
    *input = (struct sk_input){0};
    input->axes[0] = walker->x < star->x ? INT16_MAX : -INT16_MAX;
    input->axes[1] = walker->y < star->y ? INT16_MAX : -INT16_MAX;
}

const struct sk_game template_game = {
    .abi = SK_GAME_ABI,
    .game_bytes = sizeof(struct sk_game),
    .name = "template",
    .code_hash = SK_CODE_HASH,
    .players_min = 1,
    .players_max = PLAYERS_MAX,
    .buttons = BUTTON_TAG,
    .press_buttons = BUTTON_TAG,      /* one press, one tag */
    .axes = {{-INT16_MAX, INT16_MAX}, /* the way to walk */
             {-INT16_MAX, INT16_MAX},
             {-INT16_MAX, INT16_MAX}, /* the way to point */
             {-INT16_MAX, INT16_MAX}},
    .kinds = kinds,
    .kind_count = SK_COUNT_OF(kinds),
    .events = events,
    .event_count = SK_COUNT_OF(events),
    .commands = commands,
    .command_count = SK_COUNT_OF(commands),
    .layout = layout,
    .start = start,
    .join = join,
    .leave = leave,
    .command = command,
    .step = step,
    .think = think,
    .predict = predict,
};
