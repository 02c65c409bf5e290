/* driver.c - runs a fuzz target where there is no libFuzzer.
 *
 *   fuzz_NAME CORPUS_DIR [BYTES [SEED]]
 *
 * Every file of the corpus goes in as it is, then mutations of them until BYTES bytes went in.  The
 * same arguments give the same run: there is no clock, and files are taken in order of name.  Each
 * input lies at the end of its own heap block, so that ASan sees a read past it.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_BYTES_MAX = 8192, FILES_MAX = 256, MUTATIONS_MAX = 6 };

/* The target: libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct input {
    size_t size;
    uint8_t bytes[INPUT_BYTES_MAX];
};

struct corpus {
    size_t count;
    struct input inputs[FILES_MAX];
};

static uint32_t draw(uint64_t *rng, uint32_t below)
{
    *rng ^= *rng << 13;
    *rng ^= *rng >> 7;
    *rng ^= *rng << 17;
    return (uint32_t)(((*rng >> 32) * below) >> 32);
}

/* --- the corpus ---------------------------------------------------------------------------- */

static void die(const char *what, const char *name)
{
    fprintf(stderr, "fuzz: %s: %s\n", what, name);
    exit(2);
}

static void read_input(struct input *input, const char *directory, const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        die("cannot read", path);
    }
    input->size = fread(input->bytes, 1, sizeof(input->bytes), file);
    fclose(file);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void read_corpus(struct corpus *corpus, const char *directory)
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_visible, alphasort);
    if (count < 1 || count > FILES_MAX) {
        die("a corpus has 1 to 256 files", directory);
    }
    for (int i = 0; i < count; i++) {
        read_input(&corpus->inputs[i], directory, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    corpus->count = (size_t)count;
}

/* --- mutations ----------------------------------------------------------------------------- */

static uint8_t interesting(uint64_t *rng)
{
    static const uint8_t values[] = {0,    1,    2,    3,    4,    0x0a, 0x0d,
                                     0x20, 0x7d, 0x7e, 0x7f, 0x80, 0xfe, 0xff};
    return values[draw(rng, sizeof(values))];
}

static void cut(struct input *input, uint64_t *rng)
{
    size_t from = draw(rng, (uint32_t)input->size);
    size_t count = 1 + draw(rng, (uint32_t)(input->size - from));
    memmove(input->bytes + from, input->bytes + from + count, input->size - from - count);
    input->size -= count;
}

/* Puts a piece of `other` into `input`, as far as it fits. */
static void splice(struct input *input, const struct input *other, uint64_t *rng)
{
    size_t at = draw(rng, (uint32_t)input->size + 1);
    size_t from = draw(rng, (uint32_t)other->size);
    size_t count = 1 + draw(rng, (uint32_t)(other->size - from));
    if (count > INPUT_BYTES_MAX - input->size) {
        return;
    }
    memmove(input->bytes + at + count, input->bytes + at, input->size - at);
    memmove(input->bytes + at, other->bytes + from, count);
    input->size += count;
}

static void mutate_byte(struct input *input, uint64_t *rng)
{
    uint8_t *byte = &input->bytes[draw(rng, (uint32_t)input->size)];
    switch (draw(rng, 4)) {
    case 0:
        *byte ^= (uint8_t)(1u << draw(rng, 8));
        break;
    case 1:
        *byte = interesting(rng);
        break;
    case 2:
        *byte = (uint8_t)draw(rng, 256);
        break;
    default:
        *byte = (uint8_t)(*byte + draw(rng, 9) - 4);
    }
}

static void mutate(struct input *input, const struct corpus *corpus, uint64_t *rng)
{
    uint32_t count = 1 + draw(rng, MUTATIONS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        const struct input *other = &corpus->inputs[draw(rng, (uint32_t)corpus->count)];
        uint32_t kind = draw(rng, 8);
        if (kind == 0 && other->size > 0) {
            splice(input, other, rng);
        } else if (input->size > 0 && kind == 1) {
            cut(input, rng);
        } else if (input->size > 0 && kind == 2) {
            input->size = draw(rng, (uint32_t)input->size);
        } else if (input->size > 0) {
            mutate_byte(input, rng);
        }
    }
}

/* --- running ------------------------------------------------------------------------------- */

static size_t run_one(const struct input *input)
{
    uint8_t *bytes = malloc(input->size > 0 ? input->size : 1);
    if (!bytes) {
        die("out of memory", "input");
    }
    memcpy(bytes, input->bytes, input->size);
    LLVMFuzzerTestOneInput(bytes, input->size);
    free(bytes);
    return input->size + 1;
}

int main(int argc, char **argv)
{
    static struct corpus corpus;
    static struct input input;
    if (argc < 2) {
        die("usage", "fuzz_NAME CORPUS_DIR [BYTES [SEED]]");
    }
    uint64_t bytes_max = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    uint64_t rng = seed * 0x9e3779b97f4a7c15u + 1;
    uint64_t bytes = 0;
    uint64_t inputs = 0;
    read_corpus(&corpus, argv[1]);
    for (; inputs < corpus.count; inputs++) {
        bytes += run_one(&corpus.inputs[inputs]);
    }
    for (; bytes < bytes_max; inputs++) {
        input = corpus.inputs[draw(&rng, (uint32_t)corpus.count)];
        mutate(&input, &corpus, &rng);
        bytes += run_one(&input);
    }
    printf("fuzz corpus=%s seed=%llu inputs=%llu bytes=%llu\n", argv[1], (unsigned long long)seed,
           (unsigned long long)inputs, (unsigned long long)bytes);
    return 0;
}
