/* make_core_corpus.c - writes the seeds of fuzz_ticket, fuzz_session, fuzz_client_message and
 * fuzz_server_message.
 *
 *   make_core_corpus CORPUS_DIR
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/toy_room.h"

struct seed {
    uint8_t bytes[1024];
    size_t size;
};

static void save(const char *directory, const char *name, const void *bytes, size_t size)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        fprintf(stderr, "make_core_corpus: cannot write %s\n", path);
        exit(1);
    }
}

static void save_ticket(const char *directory, const char *name, uint8_t role, uint64_t expiry_s)
{
    struct ticket ticket = {
        .role = role, .seat = 3, .room = 7, .epoch = 9, .expiry_s = expiry_s, .nonce = 11};
    char text[TICKET_TEXT_BYTES];
    ticket_write(&ticket, &toy_room_keys, text);
    save(directory, name, text, sizeof(text));
}

/* One step of fuzz_session: its kind, its peer, its argument. */
static void step(struct seed *seed, uint8_t kind, uint8_t peer, uint8_t argument)
{
    const uint8_t bytes[] = {kind, peer, argument};
    memcpy(seed->bytes + seed->size, bytes, sizeof(bytes));
    seed->size += sizeof(bytes);
}

static void message(struct seed *seed, uint8_t peer, struct sk_bytes bytes)
{
    step(seed, 0, peer, (uint8_t)bytes.size);
    memcpy(seed->bytes + seed->size, bytes.bytes, bytes.size);
    seed->size += bytes.size;
}

/* Everything a client can say, between two joins and a resume. */
static void save_conversation(const char *directory, struct sk_encoder *encoder)
{
    struct seed seed = {.bytes = {4}, .size = 1};
    struct sk_inputs inputs = {.tick = 6, .count = 2};
    struct sk_command command = {.type = 0, .number = 1, .bytes = (const uint8_t *)"x", .size = 1};
    struct sk_command request = {.type = TOY_COMMAND_ECHO,
                                 .wants_answer = true,
                                 .number = 2,
                                 .bytes = (const uint8_t *)"xy",
                                 .size = 2};
    struct sk_hello hello = {.version = SK_WIRE_VERSION, .ticket = sk_text_of("00")};
    step(&seed, 4, 0, 0);
    step(&seed, 4, 1, 1);
    step(&seed, 4, 2, 4); /* a spectator */
    step(&seed, 1, 0, 4);
    message(&seed, 0, sk_encode_inputs(encoder, &(struct sk_received){.ack = 3}, &inputs));
    message(&seed, 1, sk_encode_command(encoder, 0, &command));
    message(&seed, 2, sk_encode_ack(encoder, &(struct sk_received){.ack = 3, .applied = 5}));
    message(&seed, 1, sk_encode_command(encoder, 0, &request));
    step(&seed, 7, 1, 1);
    step(&seed, 1, 0, 7);
    message(&seed, 1, sk_encode_command(encoder, 0, &request)); /* again */
    message(&seed, 1, sk_encode_ack(encoder, &(struct sk_received){.answered = 2}));
    message(&seed, 0, sk_encode_keyframe_request(encoder, 6));
    step(&seed, 5, 3, 0);
    step(&seed, 8, 0, 0);
    step(&seed, 2, 0, 20);
    step(&seed, 7, 1, 0);
    step(&seed, 1, 0, 7);
    message(&seed, 1, sk_encode_leave(encoder));
    message(&seed, 3, sk_encode_hello(encoder, &hello));
    save(directory, "session/talk.bin", seed.bytes, seed.size);
}

static void save_message(const char *directory, const char *name, struct sk_bytes bytes)
{
    save(directory, name, bytes.bytes, bytes.size);
}

static void save_client_messages(const char *directory, struct sk_encoder *encoder)
{
    struct sk_hello hello = {.version = SK_WIRE_VERSION,
                             .ticket = sk_text_of("a ticket"),
                             .layout_hash = 0x1122334455667788,
                             .code_hash = 7,
                             .ordered = true};
    struct sk_received received = {.ack = 300, .applied = 5, .answered = 2};
    struct sk_inputs inputs = {.tick = 310, .count = 2};
    inputs.inputs[1] =
        (struct sk_input){.buttons = 3, .axes = {100, -100}, .view_tick = 297, .view_interval = 3};
    struct sk_command command = {
        .type = 2, .wants_answer = true, .number = 3, .bytes = (const uint8_t *)"abc", .size = 3};
    struct sk_diverged diverged = {.tick = 300, .kind = 1, .slot = 4, .row = 2};
    save_message(directory, "client_message/hello.bin", sk_encode_hello(encoder, &hello));
    save_message(directory, "client_message/inputs.bin",
                 sk_encode_inputs(encoder, &received, &inputs));
    save_message(directory, "client_message/ack.bin", sk_encode_ack(encoder, &received));
    save_message(directory, "client_message/command.bin", sk_encode_command(encoder, 2, &command));
    save_message(directory, "client_message/keyframe_request.bin",
                 sk_encode_keyframe_request(encoder, 300));
    save_message(directory, "client_message/leave.bin", sk_encode_leave(encoder));
    save_message(directory, "client_message/probe.bin", sk_encode_probe(encoder));
    save_message(directory, "client_message/diverged.bin", sk_encode_diverged(encoder, &diverged));
}

static void save_server_messages(const char *directory, struct sk_encoder *encoder)
{
    struct sk_welcome welcome = {.version = SK_WIRE_VERSION,
                                 .player = 1,
                                 .players_max = 8,
                                 .tick_hz = 60,
                                 .snapshot_divisor = 3,
                                 .seat_seconds = 30,
                                 .tick = 300,
                                 .game = sk_text_of("arena"),
                                 .room = sk_text_of("K7QWMD"),
                                 .content = sk_text_of("/content/arena"),
                                 .resume = sk_text_of("a ticket")};
    struct sk_seat seats[] = {{.player = 0, .state = SK_SEAT_HERE, .name = sk_text_of("Ann")},
                              {.player = 1, .state = SK_SEAT_AWAY, .bot = true}};
    struct sk_notice notice = {SK_NOTICE_STOPPING, 30, sk_text_of("the server is stopping")};
    struct sk_command_answer answer = {2, true, (const uint8_t *)"not now", 7};
    struct sk_probed probed = {.tick = 1000, .step_us_p50 = 40, .views_clamped = UINT32_MAX};
    save_message(directory, "server_message/welcome.bin", sk_encode_welcome(encoder, &welcome));
    save_message(directory, "server_message/roster.bin", sk_encode_roster(encoder, seats, 2));
    save_message(directory, "server_message/resume.bin",
                 sk_encode_resume(encoder, sk_text_of("a ticket")));
    save_message(directory, "server_message/notice.bin", sk_encode_notice(encoder, &notice));
    save_message(directory, "server_message/goodbye.bin",
                 sk_encode_goodbye(encoder, SK_REASON_KICKED));
    save_message(directory, "server_message/answer.bin", sk_encode_answer(encoder, &answer));
    save_message(directory, "server_message/probed.bin", sk_encode_probed(encoder, &probed));
}

/* Drops, displacements and seats that time out. */
static void save_comings(const char *directory)
{
    struct seed seed = {.bytes = {0}, .size = 1};
    step(&seed, 4, 0, 2);
    step(&seed, 1, 0, 6);
    step(&seed, 3, 0, 1);
    step(&seed, 5, 1, 0);
    step(&seed, 5, 2, 1);
    step(&seed, 6, 2, 1);
    step(&seed, 0, 0, 0);
    step(&seed, 8, 1, 0);
    step(&seed, 3, 2, 1);
    step(&seed, 2, 0, 255);
    step(&seed, 4, 3, 2);
    step(&seed, 4, 4, 206);
    save(directory, "session/comings.bin", seed.bytes, seed.size);
}

int main(int argc, char **argv)
{
    struct sk_encoder *encoder = sk_encoder_create(1024);
    if (argc != 2 || !encoder) {
        fprintf(stderr, "usage: make_core_corpus CORPUS_DIR\n");
        return 2;
    }
    save_ticket(argv[1], "ticket/join.txt", TICKET_JOIN, 1000);
    save_ticket(argv[1], "ticket/resume.txt", TICKET_RESUME, 5000);
    save_ticket(argv[1], "ticket/expired.txt", TICKET_JOIN, 999);
    save_conversation(argv[1], encoder);
    save_comings(argv[1]);
    save_client_messages(argv[1], encoder);
    save_server_messages(argv[1], encoder);
    sk_encoder_destroy(encoder);
    return 0;
}
