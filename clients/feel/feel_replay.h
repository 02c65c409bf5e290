/* feel_replay.h - a black box (shared/client/client_box.h) played again.
 *
 * The file is a stranger's: whatever is wrong with it is an error with the byte where it was seen,
 * never an assertion.
 *
 * Memory   feel_replay_create() allocates, feel_replay_destroy() frees; borrows the file's bytes.
 * Threads  one.
 */
#ifndef FEEL_REPLAY_H
#define FEEL_REPLAY_H

#include "client/client_core.h"

/* What a file says of its room; to be asked before there is a replay. */
struct feel_file {
    const uint8_t *bytes; /* borrowed */
    size_t size;
    size_t at; /* of the next record; of what is wrong */
    const char *why;
    struct sk_box_head head;
};

/* What was seen, since the last call for what happened. */
struct feel_counts {
    uint64_t snapshots;
    uint64_t corrections;
    uint64_t late; /* snapshots that told of a late input */
    uint64_t underruns;
};

struct feel_replay {
    struct feel_file *file;
    const struct sk_plan *plan;
    const void *content;
    struct sk_view view;
    struct sk_client_predict predict;
    struct sk_client_core core;
    void *memory;
    size_t memory_bytes;
    bool is_begun; /* a checkpoint was taken */
    uint64_t begun_us;
    uint64_t now_us; /* of the newest record */
    struct feel_counts counts;
    uint32_t end_tick; /* as the file says they were */
    uint64_t end_hash;
};

enum feel_step { FEEL_STEP, FEEL_END, FEEL_BAD };

/* Reads the head and checks the sum.  Returns SK_OK, or SK_ERR_PROTOCOL with file->at and why. */
SK_MUST_CHECK int feel_file_open(struct feel_file *file, const uint8_t *bytes, size_t size);
/* Makes a replay of a file whose room has that plan and content, all borrowed.  Returns SK_OK,
 * SK_ERR_MISMATCH for a plan of another layout, or SK_ERR_MEMORY. */
SK_MUST_CHECK int feel_replay_create(struct feel_replay *replay, struct feel_file *file,
                                     const struct sk_plan *plan, const void *content);
void feel_replay_destroy(struct feel_replay *replay);
/* Plays the next record.  FEEL_BAD: file->at and why say what is wrong. */
enum feel_step feel_replay_step(struct feel_replay *replay);
/* At FEEL_END: whether the player is where he was when the file was saved. */
bool feel_replay_is_equal(const struct feel_replay *replay);

#endif
