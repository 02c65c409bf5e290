/* client_match.h - what a client holds of one match: plan, view, seats, and what plays.
 *
 * Memory   made when a Welcome names another room shape than before, freed with the client.
 * Threads  one.
 */
#ifndef CLIENT_MATCH_H
#define CLIENT_MATCH_H

#include "base/reason.h"
#include "client/client_core.h"
#include "sim/view.h"
#include "wire/messages.h"

struct client_seat {
    uint8_t state; /* enum sk_seat_state */
    bool bot;
    uint8_t name_bytes;
    char name[SK_NAME_BYTES_MAX];
};

struct client_match {
    struct sk_plan plan;
    struct sk_view view;
    struct sk_client_predict *predict; /* NULL: nothing is predicted */
    struct sk_client_box *box;         /* NULL: none is kept */
    struct sk_client_core core;
    uint16_t player; /* SK_SPECTATOR: only looks */
    uint32_t seat_seconds;
    struct client_seat *seats; /* plan.players_max of them */
    void *memory;              /* owned: all of the above's arrays */
};

/* What a match is made of. */
struct client_match_config {
    const struct sk_game *game;
    const struct sk_welcome *welcome;
    bool predicts; /* the player's own entities, if there is a player */
    bool has_box;  /* of who predicts */
    const void
        *content; /* kept as a borrow; of the game that is predicted, NULL when it has none */
};

/* Returns an owned match, or NULL with *reason: SK_REASON_LAYOUT when the server's room does not
 * have the layout of ours, SK_REASON_INTERNAL when memory is short. */
struct client_match *client_match_create(const struct client_match_config *config,
                                         enum sk_reason *reason);
/* Frees the match; NULL is nothing. */
void client_match_destroy(struct client_match *match);

/* Stores a seat of a roster; one that the room does not have is left out. */
void client_match_set_seat(struct client_match *match, const struct sk_seat *seat);
/* Seat `player`, empty when there is none. */
struct sk_seat client_match_seat(const struct client_match *match, uint32_t player);

#endif
