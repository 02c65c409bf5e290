/* codec.c - bytes and time of a snapshot body.
 *
 *   bench-codec [--toy FILE] [--cubes FILE]
 *
 * Scenes: `arena`, made here from a seed (32 walkers of whom half stand still, 64 shots that come
 * and go, 32 pickups); `crowd`, 1,000 entities of whom 50 move; and, from files that the project
 * does not ship, `toy` (64 entities of four uint16 in 600 ticks) and `cubes` (901 cubes of eight
 * int32).
 *
 * For each scene and baseline distance it prints one line: the mean bytes of a body and the time of
 * encoding and of decoding for each entity that changed and for each that is alive.  The reference
 * are the plain bits of all that is alive, each row in full.  Every body is decoded and compared.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "bench.h"
#include "bench_options.h"
#include "native/clock.h"
#include "state/delta.h"

enum { BODY_BYTES_MAX = 1 << 16, REPETITIONS = 5 };

static const struct bench_option options[] = {
    {"toy", "FILE", "64 entities of four uint16 in 600 ticks"},
    {"cubes", "FILE", "901 cubes of eight int32"},
};
static const struct bench_usage usage =
    BENCH_USAGE("codec", "Bytes and time of a snapshot body, beside plain bits.", options);

struct thing { /* the tables need members to point at; frames are filled without them */
    struct sk_entity entity;
    uint32_t members[8];
};

/* clang-format off */
#define ROW(name, index, bits, predictor)                                                          \
    {name, "step", 0, (double)(((uint64_t)1 << (bits)) - 1),                                       \
     offsetof(struct thing, members) + 4 * (index), SK_U32, bits, predictor, 0}

static const struct sk_field toy_fields[] = {
    ROW("x", 0, 16, SK_LINEAR), ROW("y", 1, 16, SK_LINEAR),
    ROW("angle", 2, 10, SK_TURN), ROW("health", 3, 7, SK_HOLD)};
static const struct sk_field cube_fields[] = {
    ROW("largest", 0, 2, SK_HOLD), ROW("a", 1, 9, SK_LINEAR), ROW("b", 2, 9, SK_LINEAR),
    ROW("c", 3, 9, SK_LINEAR), ROW("x", 4, 15, SK_LINEAR), ROW("y", 5, 15, SK_LINEAR),
    ROW("z", 6, 13, SK_LINEAR), ROW("interacting", 7, 1, SK_HOLD)};
static const struct sk_field walker_fields[] = {
    ROW("x", 0, 15, SK_LINEAR), ROW("y", 1, 15, SK_LINEAR), ROW("aim", 2, 10, SK_TURN),
    ROW("health", 3, 7, SK_HOLD), ROW("weapon", 4, 2, SK_HOLD), ROW("score", 5, 10, SK_HOLD)};
static const struct sk_field shot_fields[] = {
    ROW("x", 0, 15, SK_LINEAR), ROW("y", 1, 15, SK_LINEAR), ROW("angle", 2, 10, SK_TURN)};
static const struct sk_field pickup_fields[] = {ROW("ready", 0, 1, SK_HOLD)};

#define KIND(name, fields)                                                                         \
    {name, fields, sizeof(fields) / sizeof((fields)[0]), sizeof(struct thing)}
static const struct sk_kind toy_kinds[] = {KIND("thing", toy_fields)};
static const struct sk_kind cube_kinds[] = {KIND("cube", cube_fields)};
static const struct sk_kind arena_kinds[] = {
    KIND("walker", walker_fields), KIND("shot", shot_fields), KIND("pickup", pickup_fields)};
/* clang-format on */

struct scene {
    const char *name;
    struct sk_schema schema;
    struct sk_frame *frames;
    uint32_t frame_count;
    uint32_t first; /* frame that counts */
    uint32_t backs[3];
};

struct figures {
    uint64_t bodies;
    uint64_t bytes;
    uint64_t alive;
    uint64_t changed;
    uint64_t plain_bits; /* of all that is alive, every row in full: the reference */
    double encode_ns;
    double decode_ns;
};

static void die(const char *what, const char *name)
{
    fprintf(stderr, "bench-codec: %s %s\n", what, name);
    exit(1);
}

/* --- scenes -------------------------------------------------------------------------------- */

static struct sk_frame new_frame(const struct sk_schema *schema)
{
    struct sk_frame frame;
    struct sk_arena arena;
    size_t bytes = sk_frame_cost(schema);
    void *block = aligned_alloc(16, (bytes + 15) / 16 * 16);
    if (!block) {
        die("out of memory for", "frames");
    }
    sk_arena_init(&arena, block, bytes);
    if (sk_frame_init(&frame, schema, &arena) != SK_OK) {
        die("frame", "does not fit");
    }
    return frame;
}

static void init_scene(struct scene *scene, const struct sk_kind *kinds, uint16_t kind_count,
                       const struct sk_place *places)
{
    if (sk_schema_init(&scene->schema, kinds, kind_count, places) != SK_OK) {
        die("schema of", scene->name);
    }
    scene->frames = calloc(scene->frame_count, sizeof(*scene->frames));
    if (!scene->frames) {
        die("out of memory for", scene->name);
    }
    for (uint32_t i = 0; i < scene->frame_count; i++) {
        scene->frames[i] = new_frame(&scene->schema);
        scene->frames[i].tick = i + 1;
    }
}

static uint32_t *entity_of(struct sk_frame *frame, const struct sk_schema *schema, uint32_t kind,
                           uint32_t slot)
{
    size_t at = (size_t)slot * schema->row_counts[kind] + schema->value_starts[kind];
    return frame->values + at;
}

static void set_alive(struct sk_frame *frame, const struct sk_schema *schema, uint32_t kind,
                      uint32_t slot)
{
    frame->alive[schema->alive_starts[kind] + slot / 64] |= (uint64_t)1 << (slot % 64);
}

/* One kind, every slot alive, `values` of `value_bytes` each for each row and slot. */
static void load_frame(struct scene *scene, struct sk_frame *frame, const uint8_t *bytes,
                       uint32_t value_bytes)
{
    uint32_t rows = scene->schema.row_counts[0] - SK_ROWS_IMPLICIT;
    for (uint32_t slot = 0; slot < scene->schema.places[0].capacity; slot++) {
        uint32_t *values = entity_of(frame, &scene->schema, 0, slot) + SK_ROWS_IMPLICIT;
        set_alive(frame, &scene->schema, 0, slot);
        for (uint32_t row = 0; row < rows; row++, bytes += value_bytes) {
            memcpy(&values[row], bytes, value_bytes);
            values[row] &= (uint32_t)(((uint64_t)1 << scene->schema.kinds[0].fields[row].bits) - 1);
        }
    }
    frame->hash = sk_frame_hash(frame, &scene->schema);
}

static void load_scene(struct scene *scene, const char *path, const struct sk_kind *kind,
                       uint32_t entities, uint32_t value_bytes)
{
    struct sk_place place = {0, entities};
    size_t frame_bytes = (size_t)entities * kind->field_count * value_bytes;
    uint8_t *bytes = malloc(frame_bytes);
    FILE *file = fopen(path, "rb");
    if (!bytes || !file) {
        die("cannot read", path);
    }
    init_scene(scene, kind, 1, &place);
    for (uint32_t i = 0; i < scene->frame_count; i++) {
        if (fread(bytes, 1, frame_bytes, file) != frame_bytes) {
            die("too short:", path);
        }
        load_frame(scene, &scene->frames[i], bytes, value_bytes);
    }
    fclose(file);
    free(bytes);
}

static uint32_t draw(uint32_t tick, uint32_t entity, uint32_t purpose, uint32_t below)
{
    return (uint32_t)(((uint64_t)sk_random(1, tick, entity, purpose) * below) >> 32);
}

static void walk(uint32_t *values, uint32_t tick, uint32_t entity)
{
    uint32_t heading = draw(tick / 20, entity, 1, 4);
    uint32_t speed = 20 + draw(tick / 20, entity, 2, 4);
    uint32_t sign = (heading & 1) != 0 ? speed : 0u - speed;
    values[SK_ROWS_IMPLICIT + (heading >> 1)] += sign;
    values[SK_ROWS_IMPLICIT + (heading >> 1)] &= 0x7fff;
    values[SK_ROWS_IMPLICIT + 2] =
        (values[SK_ROWS_IMPLICIT + 2] + draw(tick, entity, 3, 16)) & 1023;
    if (draw(tick, entity, 4, 50) == 0) {
        values[SK_ROWS_IMPLICIT + 3] = draw(tick, entity, 5, 101);
    }
}

static void fly(struct sk_frame *frame, const struct sk_schema *schema, uint32_t slot)
{
    uint32_t life = 10 + slot % 13;
    uint32_t birth = frame->tick / life * life;
    uint32_t *values = entity_of(frame, schema, 1, slot);
    if (draw(birth, slot, 6, 3) != 0) {
        return;
    }
    uint32_t age = frame->tick - birth;
    set_alive(frame, schema, 1, slot);
    values[SK_ROW_ID] = frame->tick / life & 255;
    values[SK_ROW_OWNER] = 1 + slot % 32;
    values[2] = (draw(birth, slot, 7, 32768) + age * (60 + draw(birth, slot, 8, 120))) & 0x7fff;
    values[3] = (draw(birth, slot, 9, 32768) - age * (60 + draw(birth, slot, 10, 120))) & 0x7fff;
    values[4] = draw(birth, slot, 11, 1024);
}

static void make_arena(struct scene *scene)
{
    const struct sk_place places[] = {{0, 32}, {4096, 64}, {16384, 32}};
    init_scene(scene, arena_kinds, 3, places);
    for (uint32_t i = 0; i < scene->frame_count; i++) {
        struct sk_frame *frame = &scene->frames[i];
        for (uint32_t slot = 0; slot < 64; slot++) {
            fly(frame, &scene->schema, slot);
        }
        for (uint32_t slot = 0; slot < 32; slot++) {
            uint32_t *walker = entity_of(frame, &scene->schema, 0, slot);
            if (i > 0) {
                memcpy(walker, entity_of(frame - 1, &scene->schema, 0, slot), 8 * sizeof(uint32_t));
            }
            set_alive(frame, &scene->schema, 0, slot);
            set_alive(frame, &scene->schema, 2, slot);
            walker[SK_ROW_OWNER] = slot + 1;
            if (draw(i / 40, slot, 12, 2) == 0) {
                walk(walker, i, slot);
            }
            entity_of(frame, &scene->schema, 2, slot)[2] = draw(i / 100, slot, 13, 2);
        }
        frame->hash = sk_frame_hash(frame, &scene->schema);
    }
}

static void make_crowd(struct scene *scene)
{
    const struct sk_place place = {0, 1000};
    init_scene(scene, toy_kinds, 1, &place);
    for (uint32_t i = 0; i < scene->frame_count; i++) {
        struct sk_frame *frame = &scene->frames[i];
        if (i > 0) {
            sk_frame_copy(frame, frame - 1, &scene->schema);
            frame->tick = i + 1;
        }
        for (uint32_t slot = 0; slot < 1000; slot++) {
            set_alive(frame, &scene->schema, 0, slot);
            if (slot % 20 == 0) {
                walk(entity_of(frame, &scene->schema, 0, slot), i, slot);
            }
        }
        frame->hash = sk_frame_hash(frame, &scene->schema);
    }
}

/* --- measuring ----------------------------------------------------------------------------- */

static uint32_t bits_of_kind(const struct sk_kind *kind)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < kind->field_count; i++) {
        bits += kind->fields[i].bits;
    }
    return bits;
}

static void count_entities(const struct scene *scene, const struct sk_frame *from,
                           const struct sk_frame *to, struct figures *figures)
{
    const struct sk_schema *schema = &scene->schema;
    for (uint32_t kind = 0; kind < schema->kind_count; kind++) {
        size_t bytes = schema->row_counts[kind] * sizeof(uint32_t);
        uint32_t bits = bits_of_kind(&schema->kinds[kind]);
        for (uint32_t slot = 0; slot < schema->places[kind].capacity; slot++) {
            const uint32_t *before = sk_frame_entity(from, schema, kind, slot);
            const uint32_t *after = sk_frame_entity(to, schema, kind, slot);
            bool is_alive = sk_frame_is_alive(to, schema, kind, slot);
            figures->alive += is_alive;
            figures->plain_bits += is_alive ? bits : 0;
            figures->changed += memcmp(before, after, bytes) != 0;
        }
    }
}

static bool is_same(const struct sk_schema *schema, const struct sk_frame *a,
                    const struct sk_frame *b)
{
    return a->hash == b->hash &&
           memcmp(a->values, b->values, schema->value_count * sizeof(uint32_t)) == 0 &&
           memcmp(a->alive, b->alive, schema->alive_words * sizeof(uint64_t)) == 0;
}

/* The shortest of some repetitions: other work on the machine only ever adds. */
struct timing {
    int bytes;
    double encode_ns;
    double decode_ns;
};

static struct timing time_body(const struct scene *scene, const struct sk_frame *from,
                               const struct sk_frame *to, struct sk_frame *out)
{
    static uint8_t body[BODY_BYTES_MAX];
    struct timing best = {0, 1e18, 1e18};
    for (int i = 0; i < REPETITIONS; i++) {
        struct sk_events events = {0};
        double start = (double)sk_clock_ns();
        best.bytes = sk_delta_encode(&scene->schema, from, to, (struct sk_event_list){0}, body,
                                     sizeof(body));
        double middle = (double)sk_clock_ns();
        out->tick = to->tick;
        int result = sk_delta_decode(&scene->schema, from, body, (size_t)best.bytes, out, &events);
        double end = (double)sk_clock_ns();
        if (best.bytes < 0 || result != SK_OK) {
            die("a body cannot be read in", scene->name);
        }
        best.encode_ns = middle - start < best.encode_ns ? middle - start : best.encode_ns;
        best.decode_ns = end - middle < best.decode_ns ? end - middle : best.decode_ns;
    }
    return best;
}

static void measure_body(const struct scene *scene, const struct sk_frame *from,
                         const struct sk_frame *to, struct sk_frame *out, struct figures *figures)
{
    struct timing timing = time_body(scene, from, to, out);
    if (!is_same(&scene->schema, to, out)) {
        die("a body does not come back in", scene->name);
    }
    figures->bodies++;
    figures->bytes += (uint64_t)timing.bytes;
    figures->encode_ns += timing.encode_ns;
    figures->decode_ns += timing.decode_ns;
    count_entities(scene, from, to, figures);
}

static void measure(const struct scene *scene, uint32_t back)
{
    struct figures sum = {0};
    struct sk_frame out = new_frame(&scene->schema);
    for (uint32_t i = scene->first; i < scene->frame_count; i++) {
        measure_body(scene, &scene->frames[i - back], &scene->frames[i], &out, &sum);
    }
    char machine[BENCH_MACHINE_BYTES];
    bench_machine(machine);
    double bodies = (double)sum.bodies;
    double changed = sum.changed > 0 ? (double)sum.changed : 1;
    printf("bench=codec scene=%s baseline_ticks=%u bodies=%llu bytes_mean=%.1f "
           "plain_bytes_mean=%.1f ratio=%.3f alive_mean=%.1f changed_mean=%.1f "
           "encode_ns_per_changed=%.1f decode_ns_per_changed=%.1f encode_ns_per_alive=%.1f "
           "decode_ns_per_alive=%.1f machine=\"%s\"\n",
           scene->name, back, (unsigned long long)sum.bodies, (double)sum.bytes / bodies,
           (double)sum.plain_bits / 8 / bodies, 8 * (double)sum.bytes / (double)sum.plain_bits,
           (double)sum.alive / bodies, (double)sum.changed / bodies, sum.encode_ns / changed,
           sum.decode_ns / changed, sum.encode_ns / (double)sum.alive,
           sum.decode_ns / (double)sum.alive, machine);
}

static void run(const struct scene *scene)
{
    for (size_t i = 0; i < sizeof(scene->backs) / sizeof(scene->backs[0]); i++) {
        if (scene->backs[i] != 0) {
            measure(scene, scene->backs[i]);
        }
    }
}

/* A scene from a file that the project does not ship. */
static void run_file(struct scene *scene, const char *file, const struct sk_kind *kinds,
                     uint32_t count, uint32_t value_bytes)
{
    if (file != NULL) {
        load_scene(scene, file, kinds, count, value_bytes);
        run(scene);
    }
}

int main(int argc, char **argv)
{
    bench_options_check(argc, argv, &usage);
    struct scene arena = {"arena", .frame_count = 600, .first = 10, .backs = {1, 2, 3}};
    struct scene crowd = {"crowd", .frame_count = 300, .first = 10, .backs = {1, 2, 3}};
    make_arena(&arena);
    make_crowd(&crowd);
    run(&arena);
    run(&crowd);
    struct scene toy = {"toy", .frame_count = 600, .first = 10, .backs = {1, 2, 3}};
    struct scene cubes = {"cubes", .frame_count = 2837, .first = 6, .backs = {6}};
    run_file(&toy, bench_option(argc, argv, "toy", NULL), toy_kinds, 64, 2);
    run_file(&cubes, bench_option(argc, argv, "cubes", NULL), cube_kinds, 901, 4);
    return 0;
}
