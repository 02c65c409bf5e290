/* module.h - what the exports of a module share: one view of one room.
 *
 * exports.c keeps it and has the exports of the game and its view, core_exports.c those of the
 * client core, which plays by that view.
 */
#ifndef SK_WASM_MODULE_H
#define SK_WASM_MODULE_H

#include "client/client_box.h"
#include "client/client_predict.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

struct sk_wasm_room {
    bool is_open;
    struct sk_plan plan;
    const void *content; /* NULL: the game has none */
    struct sk_view view;
    struct sk_client_predict predict; /* of core_exports.c; its tick is 0 while it is not used */
    void *predict_memory;             /* sk_client_predict_cost() for the plan */
    struct sk_client_box box;         /* of core_exports.c, with the prediction */
    void *box_memory;                 /* sk_client_box_cost() for the plan */
    struct sk_input input;
    uint8_t message[SK_SNAPSHOT_BYTES_MAX];
};

extern struct sk_wasm_room sk_wasm_room;

/* Empties what sk_wasm_numbers() shows. */
void sk_wasm_clear_numbers(void);
/* Appends a number. */
void sk_wasm_add_number(double number);
/* Appends an entity: sk_draw_fn, of exports.c's table; the context is not used. */
void sk_wasm_add_entity(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                        const double *values);
/* Appends an event. */
void sk_wasm_add_event(const struct sk_event *event);
/* How many numbers there are. */
uint32_t sk_wasm_count_numbers(void);

#endif
