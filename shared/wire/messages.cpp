/* messages.cpp - see messages.h.
 *
 * The project's only C++: code made by flatc from skirmish.fbs, behind C linkage, compiled without
 * exceptions and run-time types.
 *
 * Invariants
 *   1. Nothing of a message is read before the verifier has seen all of it.
 *   2. A builder never grows: each object asks has_room() first, and the memory holds SLACK_BYTES
 *      more than a message may have, which is more than one object's overhead.
 */
#include <cstdlib>
#include <cstring>
#include <new>

/* C11 words that game.h and assert.h use. */
#define _Static_assert static_assert
#define _Noreturn [[noreturn]]
extern "C" {
#include "base/assert.h"
#include "base/reason.h"
}
#define FLATBUFFERS_ASSERT SK_ASSERT
#include "skirmish_generated.h"

#include "wire/messages.h"

namespace wire = skirmish::wire;
using flatbuffers::Offset;
using flatbuffers::String;

enum {
    DEPTH_MAX = 8,
    CLIENT_TABLES_MAX = 64,
    SERVER_TABLES_MAX = SK_PLAYERS_MAX + 2, /* a roster of all seats, its table and the root */
    SLACK_BYTES = 1024 /* Welcome: 152 of scratch, 42 of vtable, 152 of table, each padded */
};

/* ---- decoding ---------------------------------------------------------------------------- */

/* Verified root table of `size` bytes, or nullptr. */
template <typename Root>
static const Root *root_of(const uint8_t *bytes, size_t size, flatbuffers::uoffset_t tables_max)
{
    SK_ASSERT(((uintptr_t)bytes & 7) == 0);
    if (size >= FLATBUFFERS_MAX_BUFFER_SIZE) {
        return nullptr;
    }
    flatbuffers::Verifier verifier(bytes, size, DEPTH_MAX, tables_max);
    return verifier.VerifyBuffer<Root>(nullptr) ? flatbuffers::GetRoot<Root>(bytes) : nullptr;
}

static struct sk_text text_of(const String *string)
{
    if (string == nullptr) {
        return {"", 0};
    }
    return {string->c_str(), string->size()};
}

static bool fits(struct sk_text text, size_t bytes_max)
{
    return text.size <= bytes_max;
}

static int read_hello(const wire::Hello *body, struct sk_hello *hello)
{
    hello->version = body->version();
    hello->ticket = text_of(body->ticket());
    hello->layout_hash = body->layout_hash();
    hello->ordered = body->ordered();
    hello->code_hash = body->code_hash();
    return fits(hello->ticket, SK_TICKET_BYTES_MAX) ? SK_OK : SK_ERR_RANGE;
}

static void read_input(const wire::Input *from, struct sk_input *input)
{
    *input = {};
    input->buttons = from->buttons();
    input->axes[0] = from->axis0();
    input->axes[1] = from->axis1();
    input->axes[2] = from->axis2();
    input->axes[3] = from->axis3();
    input->view_tick = from->view_tick();
    input->view_fraction = from->view_fraction();
    input->view_interval = from->view_interval();
}

static int read_inputs(const wire::Inputs *body, struct sk_inputs *inputs)
{
    uint32_t count = body->inputs()->size();
    if (count == 0 || count > SK_INPUTS_A_MESSAGE_MAX) {
        return SK_ERR_RANGE;
    }
    inputs->tick = body->tick();
    inputs->count = count;
    for (uint32_t i = 0; i < count; i++) {
        read_input(body->inputs()->Get(i), &inputs->inputs[i]);
    }
    return SK_OK;
}

static int read_command(const wire::Command *body, struct sk_command *command)
{
    command->type = body->type();
    command->number = body->number();
    command->wants_answer = body->wants_answer();
    command->bytes = body->bytes() == nullptr ? nullptr : body->bytes()->data();
    command->size = body->bytes() == nullptr ? 0 : body->bytes()->size();
    return command->size <= SK_COMMAND_BYTES_MAX ? SK_OK : SK_ERR_RANGE;
}

static void read_diverged(const wire::Diverged *body, struct sk_diverged *diverged)
{
    diverged->tick = body->tick();
    diverged->kind = body->kind();
    diverged->slot = body->slot();
    diverged->row = body->row();
}

int sk_client_message_decode(const uint8_t *bytes, size_t size, struct sk_client_message *message)
{
    const auto *root = root_of<wire::ClientMessage>(bytes, size, CLIENT_TABLES_MAX);
    if (root == nullptr) {
        return SK_ERR_PROTOCOL;
    }
    *message = {};
    message->type = (enum sk_client_type)root->body_type();
    switch (root->body_type()) {
    case wire::ClientBody_Hello:
        return read_hello(root->body_as_Hello(), &message->hello);
    case wire::ClientBody_Inputs:
        message->ack = root->body_as_Inputs()->ack();
        message->applied = root->body_as_Inputs()->applied();
        message->answered = root->body_as_Inputs()->answered();
        return read_inputs(root->body_as_Inputs(), &message->inputs);
    case wire::ClientBody_Ack:
        message->ack = root->body_as_Ack()->ack();
        message->applied = root->body_as_Ack()->applied();
        message->answered = root->body_as_Ack()->answered();
        return SK_OK;
    case wire::ClientBody_Command:
        message->answered = root->body_as_Command()->answered();
        return read_command(root->body_as_Command(), &message->command);
    case wire::ClientBody_KeyframeRequest:
        message->ack = root->body_as_KeyframeRequest()->ack();
        return SK_OK;
    case wire::ClientBody_Leave:
    case wire::ClientBody_Probe:
        return SK_OK;
    case wire::ClientBody_Diverged:
        read_diverged(root->body_as_Diverged(), &message->diverged);
        return SK_OK;
    case wire::ClientBody_NONE:
        break;
    }
    return SK_ERR_PROTOCOL; /* NONE, or a body of a later version */
}

static void read_welcome_numbers(const wire::Welcome *body, struct sk_welcome *welcome)
{
    welcome->version = body->version();
    welcome->player = body->player();
    welcome->players_max = body->players_max();
    welcome->tick_hz = body->tick_hz();
    welcome->snapshot_divisor = body->snapshot_divisor();
    welcome->seat_seconds = body->seat_seconds();
    welcome->tick = body->tick();
    welcome->epoch = body->epoch();
    welcome->seed = body->seed();
    welcome->layout_hash = body->layout_hash();
    welcome->code_hash = body->code_hash();
    welcome->content_hash = body->content_hash();
    welcome->resumed = body->resumed();
    welcome->command_number = body->command_number();
}

static bool are_welcome_numbers_sound(const struct sk_welcome *welcome)
{
    bool seat = welcome->player < welcome->players_max || welcome->player == SK_SPECTATOR;
    bool room = welcome->players_max > 0 && welcome->players_max <= SK_PLAYERS_MAX;
    bool rate = welcome->tick_hz > 0 && welcome->tick_hz <= SK_TICK_HZ_MAX;
    bool divisor =
        welcome->snapshot_divisor > 0 && welcome->snapshot_divisor <= SK_SNAPSHOT_DIVISOR_MAX;
    return seat && room && rate && divisor;
}

static int read_welcome(const wire::Welcome *body, struct sk_welcome *welcome)
{
    read_welcome_numbers(body, welcome);
    welcome->game = text_of(body->game());
    welcome->room = text_of(body->room());
    welcome->content = text_of(body->content());
    welcome->resume = text_of(body->resume());
    uint32_t option_count = body->options() == nullptr ? 0 : body->options()->size();
    if (option_count > SK_OPTIONS_MAX || !are_welcome_numbers_sound(welcome)) {
        return SK_ERR_RANGE;
    }
    for (uint32_t i = 0; i < option_count; i++) {
        welcome->options[i] = body->options()->Get(i);
    }
    bool texts = fits(welcome->game, SK_NAME_BYTES_MAX) && fits(welcome->room, SK_CODE_BYTES) &&
                 fits(welcome->content, SK_CONTENT_PATH_BYTES_MAX) &&
                 fits(welcome->resume, SK_TICKET_BYTES_MAX);
    return texts ? SK_OK : SK_ERR_RANGE;
}

typedef flatbuffers::Vector<Offset<wire::Seat>> seat_vector;

static struct sk_seat seat_of(const wire::Seat *from)
{
    struct sk_seat seat = {};
    seat.player = from->player();
    seat.state = (uint8_t)from->state();
    seat.bot = from->bot();
    seat.name = text_of(from->name());
    return seat;
}

static bool is_seat_sound(const wire::Seat *from)
{
    struct sk_seat seat = seat_of(from);
    return seat.player < SK_PLAYERS_MAX && seat.state <= SK_SEAT_AWAY &&
           fits(seat.name, SK_NAME_BYTES_MAX);
}

static int read_roster(const wire::Roster *body, struct sk_server_message *message)
{
    const seat_vector *seats = body->seats();
    if (seats->size() > SK_PLAYERS_MAX) {
        return SK_ERR_RANGE;
    }
    for (uint32_t i = 0; i < seats->size(); i++) {
        if (!is_seat_sound(seats->Get(i))) {
            return SK_ERR_RANGE;
        }
    }
    message->roster.count = seats->size();
    message->roster.seats = seats;
    return SK_OK;
}

static int read_notice(const wire::Notice *body, struct sk_notice *notice)
{
    if ((unsigned)body->kind() >= SK_NOTICE_KINDS) {
        return SK_ERR_RANGE;
    }
    notice->kind = (enum sk_notice_kind)body->kind();
    notice->seconds = body->seconds();
    notice->text = text_of(body->text());
    return fits(notice->text, SK_NOTICE_BYTES_MAX) ? SK_OK : SK_ERR_RANGE;
}

static int read_answer(const wire::Answer *body, struct sk_command_answer *answer)
{
    answer->number = body->number();
    answer->is_refused = body->refused();
    answer->bytes = body->bytes() == nullptr ? nullptr : body->bytes()->data();
    answer->size = body->bytes() == nullptr ? 0 : body->bytes()->size();
    return answer->number != 0 && answer->size <= SK_ANSWER_BYTES_MAX ? SK_OK : SK_ERR_RANGE;
}

static void read_probed(const wire::Probed *body, struct sk_probed *probed)
{
    probed->tick = body->tick();
    probed->step_us_p50 = body->step_us_p50();
    probed->step_us_p99 = body->step_us_p99();
    probed->late_us_p50 = body->late_us_p50();
    probed->late_us_p99 = body->late_us_p99();
    probed->dropped_ticks = body->dropped_ticks();
    probed->rtt_us = body->rtt_us();
    probed->unacked = body->unacked();
    probed->snapshots_held = body->snapshots_held();
    probed->inputs_repeated = body->inputs_repeated();
    probed->views_clamped = body->views_clamped();
}

int sk_server_message_decode(const uint8_t *bytes, size_t size, struct sk_server_message *message)
{
    const auto *root = root_of<wire::ServerMessage>(bytes, size, SERVER_TABLES_MAX);
    if (root == nullptr) {
        return SK_ERR_PROTOCOL;
    }
    *message = {};
    message->type = (enum sk_server_type)root->body_type();
    switch (root->body_type()) {
    case wire::ServerBody_Welcome:
        return read_welcome(root->body_as_Welcome(), &message->welcome);
    case wire::ServerBody_Roster:
        return read_roster(root->body_as_Roster(), message);
    case wire::ServerBody_Resume:
        message->resume = text_of(root->body_as_Resume()->resume());
        return fits(message->resume, SK_TICKET_BYTES_MAX) ? SK_OK : SK_ERR_RANGE;
    case wire::ServerBody_Notice:
        return read_notice(root->body_as_Notice(), &message->notice);
    case wire::ServerBody_Goodbye:
        message->goodbye.reason = root->body_as_Goodbye()->reason();
        message->goodbye.word = text_of(root->body_as_Goodbye()->word());
        return fits(message->goodbye.word, SK_NAME_BYTES_MAX) ? SK_OK : SK_ERR_RANGE;
    case wire::ServerBody_Answer:
        return read_answer(root->body_as_Answer(), &message->answer);
    case wire::ServerBody_Probed:
        read_probed(root->body_as_Probed(), &message->probed);
        return SK_OK;
    case wire::ServerBody_NONE:
        break;
    }
    return SK_ERR_PROTOCOL;
}

struct sk_seat sk_roster_seat(const struct sk_server_message *message, uint32_t index)
{
    SK_ASSERT(message->type == SK_SERVER_ROSTER);
    SK_ASSERT(index < message->roster.count);
    return seat_of(((const seat_vector *)message->roster.seats)->Get(index));
}

/* ---- encoding ---------------------------------------------------------------------------- */

namespace
{
/* Hands out one block, once. */
class FixedMemory final : public flatbuffers::Allocator
{
  public:
    FixedMemory(uint8_t *bytes, size_t capacity) : bytes_(bytes), capacity_(capacity)
    {
    }
    uint8_t *allocate(size_t size) override
    {
        SK_ASSERT(size <= capacity_);
        return bytes_;
    }
    void deallocate(uint8_t *, size_t) override
    {
    }
    uint8_t *reallocate_downward(uint8_t *, size_t, size_t, size_t, size_t) override
    {
        SK_UNREACHABLE("has_room() is asked before each object");
    }

  private:
    uint8_t *bytes_;
    size_t capacity_;
};
} // namespace

struct sk_encoder {
    size_t bytes_max;
    FixedMemory memory;
    flatbuffers::FlatBufferBuilder builder;
    bool full;
    Offset<wire::Seat> seats[SK_PLAYERS_MAX]; /* of the roster being built */

    sk_encoder(uint8_t *bytes, size_t capacity, size_t max)
        : bytes_max(max), memory(bytes, capacity), builder(capacity, &memory), full(false), seats{}
    {
    }
};

static size_t header_bytes(void)
{
    return (sizeof(struct sk_encoder) + 15) & ~(size_t)15;
}

struct sk_encoder *sk_encoder_create(size_t bytes_max)
{
    size_t capacity = (bytes_max + SLACK_BYTES + 7) & ~(size_t)7;
    uint8_t *memory = (uint8_t *)malloc(header_bytes() + capacity);
    if (memory == nullptr) {
        return nullptr;
    }
    return new (memory) sk_encoder(memory + header_bytes(), capacity, bytes_max);
}

void sk_encoder_destroy(struct sk_encoder *encoder)
{
    if (encoder != nullptr) {
        encoder->~sk_encoder();
        free(encoder);
    }
}

static void start(struct sk_encoder *encoder)
{
    encoder->builder.Clear();
    encoder->full = false;
}

/* Whether an object of `size` bytes and its overhead may be added; once not, never again. */
static bool has_room(struct sk_encoder *encoder, size_t size)
{
    size_t used = encoder->builder.GetSize();
    if (used > encoder->bytes_max || size > encoder->bytes_max - used) {
        encoder->full = true;
    }
    return !encoder->full;
}

static Offset<String> put_text(struct sk_encoder *encoder, struct sk_text text)
{
    if (!has_room(encoder, text.size)) {
        return 0;
    }
    return encoder->builder.CreateString(text.size == 0 ? "" : text.bytes, text.size);
}

template <typename Root>
static struct sk_bytes finish(struct sk_encoder *encoder, Offset<Root> root)
{
    if (!has_room(encoder, 0)) {
        return {nullptr, 0};
    }
    encoder->builder.Finish(root);
    if (encoder->builder.GetSize() > encoder->bytes_max) {
        return {nullptr, 0};
    }
    return {encoder->builder.GetBufferPointer(), encoder->builder.GetSize()};
}

template <typename Body>
static struct sk_bytes finish_client(struct sk_encoder *encoder, Offset<Body> body)
{
    if (!has_room(encoder, 0)) {
        return {nullptr, 0};
    }
    return finish(encoder, wire::CreateClientMessage(encoder->builder,
                                                     wire::ClientBodyTraits<Body>::enum_value,
                                                     body.Union()));
}

template <typename Body>
static struct sk_bytes finish_server(struct sk_encoder *encoder, Offset<Body> body)
{
    if (!has_room(encoder, 0)) {
        return {nullptr, 0};
    }
    return finish(encoder, wire::CreateServerMessage(encoder->builder,
                                                     wire::ServerBodyTraits<Body>::enum_value,
                                                     body.Union()));
}

struct sk_bytes sk_encode_hello(struct sk_encoder *encoder, const struct sk_hello *hello)
{
    start(encoder);
    Offset<String> ticket = put_text(encoder, hello->ticket);
    if (encoder->full) {
        return {nullptr, 0};
    }
    return finish_client(encoder,
                         wire::CreateHello(encoder->builder, hello->version, ticket,
                                           hello->layout_hash, hello->ordered, hello->code_hash));
}

static wire::Input input_of(const struct sk_input *input)
{
    return wire::Input(input->buttons, input->view_tick, input->axes[0], input->axes[1],
                       input->axes[2], input->axes[3], input->view_fraction, input->view_interval);
}

struct sk_bytes sk_encode_inputs(struct sk_encoder *encoder, const struct sk_received *received,
                                 const struct sk_inputs *inputs)
{
    SK_ASSERT(inputs->count > 0);
    SK_ASSERT(inputs->count <= SK_INPUTS_A_MESSAGE_MAX);
    start(encoder);
    wire::Input all[SK_INPUTS_A_MESSAGE_MAX];
    for (uint32_t i = 0; i < inputs->count; i++) {
        all[i] = input_of(&inputs->inputs[i]);
    }
    if (!has_room(encoder, inputs->count * sizeof(all[0]))) {
        return {nullptr, 0};
    }
    auto vector = encoder->builder.CreateVectorOfStructs(all, inputs->count);
    return finish_client(encoder,
                         wire::CreateInputs(encoder->builder, received->ack, inputs->tick, vector,
                                            received->answered, received->applied));
}

struct sk_bytes sk_encode_ack(struct sk_encoder *encoder, const struct sk_received *received)
{
    start(encoder);
    return finish_client(encoder, wire::CreateAck(encoder->builder, received->ack,
                                                  received->answered, received->applied));
}

struct sk_bytes sk_encode_command(struct sk_encoder *encoder, uint32_t answered,
                                  const struct sk_command *command)
{
    start(encoder);
    if (!has_room(encoder, command->size)) {
        return {nullptr, 0};
    }
    auto bytes = encoder->builder.CreateVector(command->bytes, command->size);
    return finish_client(encoder,
                         wire::CreateCommand(encoder->builder, command->type, bytes,
                                             command->number, answered, command->wants_answer));
}

struct sk_bytes sk_encode_keyframe_request(struct sk_encoder *encoder, uint32_t ack)
{
    start(encoder);
    return finish_client(encoder, wire::CreateKeyframeRequest(encoder->builder, ack));
}

struct sk_bytes sk_encode_leave(struct sk_encoder *encoder)
{
    start(encoder);
    return finish_client(encoder, wire::CreateLeave(encoder->builder));
}

struct sk_bytes sk_encode_probe(struct sk_encoder *encoder)
{
    start(encoder);
    return finish_client(encoder, wire::CreateProbe(encoder->builder));
}

struct sk_bytes sk_encode_diverged(struct sk_encoder *encoder, const struct sk_diverged *diverged)
{
    start(encoder);
    return finish_client(encoder,
                         wire::CreateDiverged(encoder->builder, diverged->tick, diverged->kind,
                                              diverged->slot, diverged->row));
}

struct sk_bytes sk_encode_welcome(struct sk_encoder *encoder, const struct sk_welcome *welcome)
{
    start(encoder);
    Offset<String> game = put_text(encoder, welcome->game);
    Offset<String> room = put_text(encoder, welcome->room);
    Offset<String> content = put_text(encoder, welcome->content);
    Offset<String> resume = put_text(encoder, welcome->resume);
    if (!has_room(encoder, sizeof(welcome->options))) {
        return {nullptr, 0};
    }
    auto options = encoder->builder.CreateVector(welcome->options, SK_OPTIONS_MAX);
    if (!has_room(encoder, 0)) {
        return {nullptr, 0};
    }
    return finish_server(
        encoder,
        wire::CreateWelcome(encoder->builder, welcome->version, game, room, welcome->epoch,
                            welcome->player, welcome->players_max, welcome->tick, welcome->tick_hz,
                            welcome->snapshot_divisor, welcome->seat_seconds, welcome->seed,
                            welcome->layout_hash, welcome->code_hash, welcome->content_hash,
                            content, options, resume, welcome->resumed, welcome->command_number));
}

struct sk_bytes sk_encode_roster(struct sk_encoder *encoder, const struct sk_seat *seats,
                                 uint32_t count)
{
    SK_ASSERT(count <= SK_PLAYERS_MAX);
    start(encoder);
    for (uint32_t i = 0; i < count; i++) {
        SK_ASSERT(seats[i].state <= SK_SEAT_AWAY);
        Offset<String> name = put_text(encoder, seats[i].name);
        if (!has_room(encoder, 0)) {
            return {nullptr, 0};
        }
        encoder->seats[i] = wire::CreateSeat(encoder->builder, seats[i].player,
                                             (wire::SeatState)seats[i].state, seats[i].bot, name);
    }
    if (!has_room(encoder, count * sizeof(encoder->seats[0]))) {
        return {nullptr, 0};
    }
    auto vector = encoder->builder.CreateVector(encoder->seats, count);
    return finish_server(encoder, wire::CreateRoster(encoder->builder, vector));
}

struct sk_bytes sk_encode_resume(struct sk_encoder *encoder, struct sk_text resume)
{
    start(encoder);
    Offset<String> text = put_text(encoder, resume);
    if (encoder->full) {
        return {nullptr, 0};
    }
    return finish_server(encoder, wire::CreateResume(encoder->builder, text));
}

struct sk_bytes sk_encode_notice(struct sk_encoder *encoder, const struct sk_notice *notice)
{
    start(encoder);
    Offset<String> text = put_text(encoder, notice->text);
    if (encoder->full) {
        return {nullptr, 0};
    }
    return finish_server(encoder,
                         wire::CreateNotice(encoder->builder, (wire::NoticeKind)notice->kind,
                                            notice->seconds, text));
}

struct sk_bytes sk_encode_goodbye(struct sk_encoder *encoder, uint16_t reason)
{
    start(encoder);
    const char *word = sk_reason_word((enum sk_reason)reason);
    Offset<String> text = put_text(encoder, {word, strlen(word)});
    if (encoder->full) {
        return {nullptr, 0};
    }
    return finish_server(encoder, wire::CreateGoodbye(encoder->builder, reason, text));
}

struct sk_bytes sk_encode_answer(struct sk_encoder *encoder, const struct sk_command_answer *answer)
{
    SK_ASSERT(answer->size <= SK_ANSWER_BYTES_MAX);
    start(encoder);
    if (!has_room(encoder, answer->size)) {
        return {nullptr, 0};
    }
    auto bytes = encoder->builder.CreateVector(answer->bytes, answer->size);
    return finish_server(
        encoder, wire::CreateAnswer(encoder->builder, answer->number, answer->is_refused, bytes));
}

struct sk_bytes sk_encode_probed(struct sk_encoder *encoder, const struct sk_probed *probed)
{
    start(encoder);
    return finish_server(encoder,
                         wire::CreateProbed(encoder->builder, probed->tick, probed->step_us_p50,
                                            probed->step_us_p99, probed->late_us_p50,
                                            probed->late_us_p99, probed->dropped_ticks,
                                            probed->rtt_us, probed->unacked, probed->snapshots_held,
                                            probed->inputs_repeated, probed->views_clamped));
}
