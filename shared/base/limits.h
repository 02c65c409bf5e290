/* limits.h - every maximum, in one place, and how they depend on each other.
 *
 * A maximum that the operator may change is the default of a setting with the same name; the
 * bounds of that setting are here too.
 */
#ifndef SK_LIMITS_H
#define SK_LIMITS_H

/* clang-format off */
/* --- time ---------------------------------------------------------------------------------- */
#define SK_TICK_HZ_DEFAULT        60
#define SK_TICK_HZ_MAX            240
#define SK_SNAPSHOT_DIVISOR_MAX   16
#define SK_CATCH_UP_TICKS_MAX     3 /* made good in one wake; the rest of the time is dropped */
#define SK_INPUT_REPEAT_MS_MAX    250  /* a missing input repeats the last, then is neutral */
#define SK_INPUT_EARLY_MS_MAX     1000 /* before its tick; what is for later is dropped */
#define SK_VIEW_AGE_MS_MAX        1000 /* that a game may honour */

/* --- a room -------------------------------------------------------------------------------- */
#define SK_PLAYERS_MAX           1024 /* seats of one room */
#define SK_KINDS_MAX             16
#define SK_FIELDS_MAX            32 /* of one kind or one event type */
#define SK_ENTITIES_MAX          8192 /* of one kind */
#define SK_EVENT_TYPES_MAX       32
#define SK_COMMAND_TYPES_MAX     32
#define SK_FRAME_EVENTS_MAX      256 /* events kept in one snapshot frame; the oldest give way */
#define SK_EVENT_AGE_MS_MAX      250 /* a transient event older than this is not sent again */
#define SK_EVENT_AGE_TICKS_MAX   255 /* on the wire */
#define SK_WORLD_BYTES_MAX       (8 << 20)
#define SK_CONTENT_BYTES_MAX     (4 << 20)
#define SK_SENT_TICKS_KEPT       256 /* snapshots of which a room knows who was sent them */
#define SK_FRAME_RING_SLOTS      32 /* snapshots a room keeps as baselines: 1.6 s at 20 Hz */
#define SK_BASELINES_A_SNAPSHOT_MAX 4 /* that a snapshot is encoded against; and a keyframe */
#define SK_SNAPSHOT_BYTES_MAX    (64 << 10)
#define SK_OWN_PART_BYTES_MAX    255

/* --- inputs -------------------------------------------------------------------------------- */
#define SK_INBOX_SLOTS_MAX      256 /* of a player: SK_INPUT_EARLY_MS_MAX at any tick rate */
#define SK_INPUTS_A_MESSAGE_MAX 16
#define SK_INPUTS_SENT_AGAIN_TO 8 /* in a message where some are lost: with copies, so many */
#define SK_COMMAND_BYTES_MAX    256
#define SK_COMMANDS_WAITING_MAX 16 /* of a player, sent and not taken or not answered yet */
#define SK_ANSWER_BYTES_MAX     896
#define SK_ANSWERS_BYTES_MAX    4096 /* of a player, kept until they are confirmed */

/* --- names --------------------------------------------------------------------------------- */
#define SK_NAME_BYTES_MAX     32 /* UTF-8, without the terminator */
#define SK_CODE_BYTES         6  /* a room's code: 6 of 32 letters and digits */
#define SK_TICKET_BYTES_MAX   192
#define SK_PASSWORD_BYTES_MAX 64
#define SK_NOTICE_BYTES_MAX   256 /* words for the people in a room */
#define SK_CONTENT_PATH_BYTES_MAX 64 /* "/content/NAME-HASH" */

/* --- connections --------------------------------------------------------------------------- */
#define SK_HTTP_HEAD_BYTES_MAX            4096
#define SK_HTTP_HEADERS_MAX               32
#define SK_HTTP_HOST_BYTES_MAX            261 /* of a name, its colon and its port */
#define SK_HTTP_BODY_BYTES_MAX            4096 /* of a request; the join API needs a few hundred */
#define SK_HEAD_TIMEOUT_MS                10000 /* TLS and head, from accept or the last answer */
#define SK_ANSWER_TIMEOUT_MS              8000  /* our own, from a whole request to its answer */
#define SK_MESSAGE_BYTES_MAX              1024 /* from a client, in a game's room */
#define SK_ECHO_MESSAGE_BYTES_MAX         (16 << 20)
#define SK_FRAGMENTS_MAX                  8
#define SK_ACK_TIMEOUT_MS                 45000 /* a client that acks no snapshot: asleep 30 s */
#define SK_IDLE_TIMEOUT_MS                15000
#define SK_PING_INTERVAL_MS               5000
#define SK_SEND_QUEUE_BYTES_MAX           (64 << 10)
#define SK_JOIN_BURST_S                   16 /* token bucket of the join API, an address */
#define SK_UNADMITTED_AN_ADDRESS          32
#define SK_TLS_HANDSHAKES_MAX             1024 /* sessions in their handshake, of a loop */
#define SK_TLS_HANDSHAKES_AN_ADDRESS      8    /* unadmitted; with more the others go first */
#define SK_TLS_HANDSHAKE_MS               5000 /* from when it got its place */
#define SK_TLS_HANDSHAKE_MS_MIN           1000 /* the same, when another waits for the place */
#define SK_TLS_HANDSHAKE_US_A_WAKE        1000
#define SK_TLS_RECORD_HANDSHAKE_BYTES_MAX 4096
#define SK_TLS_FLIGHT_BYTES_MAX           4608 /* of a handshake, between two answers of ours */
#define SK_TLS_IDLE_RECORDS_MAX           32   /* without plaintext, in the life of a session */
#define SK_RECEIVE_BYTES_A_WAKE           (256 << 10) /* of one connection */
#define SK_REQUEST_BYTES_A_WAKE           (16 << 10)  /* the same, before its upgrade */
#define SK_WORK_A_WAKE                    256 /* of one connection, then the others come first */
#define SK_WORK_A_REQUEST                 32
#define SK_WORK_A_FRAME                   1
#define SK_RECEIVE_BUFFER_BYTES           (512 << 10) /* one a loop */
#define SK_SEND_LOW_WATER_BYTES           4096        /* TCP_NOTSENT_LOWAT */
#define SK_RTO_MIN_US                     20000 /* of a player's connection: native/tcp.h */
#define SK_MESSAGE_BURST_MS               10000 /* token bucket: a stall may arrive at once */
#define SK_ACCEPT_PAUSE_MS                500 /* at EMFILE */
#define SK_UDP_SOCKET_BYTES               (1 << 20) /* each way; the system may give less */
#define SK_UDP_DATAGRAMS_A_WAKE           256
#define SK_UDP_UNUSED_MS                  15000 /* of a session that nothing came from */
#define SK_UDP_ADMIT_MS                   30000 /* of one that is no player yet, whatever came */

/* clang-format on */

_Static_assert((SK_INBOX_SLOTS_MAX & (SK_INBOX_SLOTS_MAX - 1)) == 0, "tick % slots survives wrap");
_Static_assert(SK_INPUT_EARLY_MS_MAX *SK_TICK_HZ_MAX / 1000 <= SK_INBOX_SLOTS_MAX,
               "every input that may come has a slot");
_Static_assert(SK_ANSWER_TIMEOUT_MS < SK_HEAD_TIMEOUT_MS, "a client that waits is still there");
_Static_assert((SK_FRAME_RING_SLOTS & (SK_FRAME_RING_SLOTS - 1)) == 0, "index is a mask");
_Static_assert((SK_SENT_TICKS_KEPT & (SK_SENT_TICKS_KEPT - 1)) == 0, "index is a mask");
_Static_assert(SK_VIEW_AGE_MS_MAX *SK_TICK_HZ_MAX / 1000 < SK_SENT_TICKS_KEPT,
               "of a view that is honoured it is known whether it was sent");
_Static_assert(SK_EVENT_AGE_MS_MAX *SK_TICK_HZ_MAX / 1000 <= SK_EVENT_AGE_TICKS_MAX,
               "every event that is sent has an age on the wire");
_Static_assert(SK_ENTITIES_MAX % 64 == 0, "sets of entities are whole words");
_Static_assert(SK_ENTITIES_MAX <= 65536, "a slot is a uint16_t");
_Static_assert(SK_INPUTS_A_MESSAGE_MAX <= SK_INBOX_SLOTS_MAX, "one message fits an empty inbox");
_Static_assert(SK_TLS_RECORD_HANDSHAKE_BYTES_MAX <= SK_TLS_FLIGHT_BYTES_MAX, "one fits");
_Static_assert(SK_OWN_PART_BYTES_MAX <= 255, "its size is one byte on the wire");
_Static_assert(SK_ANSWER_BYTES_MAX <= SK_ANSWERS_BYTES_MAX, "one answer can be kept");
_Static_assert(SK_SNAPSHOT_BYTES_MAX <= SK_SEND_QUEUE_BYTES_MAX, "one snapshot may wait unsent");

#endif
