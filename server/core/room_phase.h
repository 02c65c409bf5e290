/* room_phase.h - what a room is doing, for whoever must say where it was when it did not return.
 *
 * Memory   none.
 * Threads  any.
 */
#ifndef ROOM_PHASE_H
#define ROOM_PHASE_H

/* All but NONE and SEND are inside a function of the game's. */
#define ROOM_PHASES(ROW)                                                                           \
    ROW(NONE, "none")                                                                              \
    ROW(START, "start")                                                                            \
    ROW(JOIN, "join")                                                                              \
    ROW(LEAVE, "leave")                                                                            \
    ROW(COMMAND, "command")                                                                        \
    ROW(THINK, "think")                                                                            \
    ROW(STEP, "step")                                                                              \
    ROW(SEND, "send")

#define ROOM_PHASE_ENUM(name, word) ROOM_PHASE_##name,
enum room_phase { ROOM_PHASES(ROOM_PHASE_ENUM) ROOM_PHASE_COUNT };
#undef ROOM_PHASE_ENUM

/* The one word. */
const char *room_phase_word(enum room_phase phase);

#endif
