"""cases_messages.py - fragments, text, limits (RFC 6455, 5.4, 5.6 and 8.1)."""
from suite import add_case, case
from ws_client import (BINARY, CONTINUATION, PING, PONG, TEXT, Connection, frame)

KIB, MIB = 1 << 10, 1 << 20


def fragments(opcode, payload, size):
    """A message as frames of at most `size` bytes."""
    parts = [payload[at:at + size] for at in range(0, len(payload), size)] or [b""]
    frames = []
    for i, part in enumerate(parts):
        frames.append(frame(opcode if i == 0 else CONTINUATION, part, final=i == len(parts) - 1))
    return frames


def exchange(server, sent, answers, step=0):
    """Bytes out, frames back, an orderly end."""
    with Connection(server) as peer:
        peer.send_chopped(sent, step or len(sent))
        for opcode, payload in answers:
            peer.expect(opcode, payload)
        peer.finish()


def refused(server, sent, code, answers=(), step=0):
    """Bytes out, frames back, a close with this code."""
    with Connection(server) as peer:
        peer.send_chopped(sent, step or len(sent))
        for opcode, payload in answers:
            peer.expect(opcode, payload)
        peer.expect_close(code)


first, middle, last = (frame(TEXT, b"one", final=False), frame(CONTINUATION, b"two", final=False),
                       frame(CONTINUATION, b"three"))
ping, pong = frame(PING, b"between"), (PONG, b"between")

for at_step, at_word in ((0, "whole"), (1, "octets")):
    add_case(f"fragments.two.{at_word}", exchange, first + last, [(TEXT, b"onethree")], at_step)
    add_case(f"fragments.ping_between.{at_word}", exchange, first + ping + last,
             [pong, (TEXT, b"onethree")], at_step)
    add_case(f"fragments.pings_everywhere.{at_word}", exchange,
             ping + first + ping + middle + ping + last + ping,
             [pong, pong, pong, (TEXT, b"onetwothree"), pong], at_step)
    add_case(f"fragments.all_empty.{at_word}", exchange,
             frame(TEXT, final=False) + frame(CONTINUATION, final=False) + frame(CONTINUATION),
             [(TEXT, b"")], at_step)
    add_case(f"fragments.middle_full.{at_word}", exchange,
             frame(TEXT, final=False) + middle + frame(CONTINUATION), [(TEXT, b"two")], at_step)
    add_case(f"fragments.ping_in_fragments.{at_word}", refused,
             frame(PING, b"a", final=False) + frame(CONTINUATION, b"b"), 1002, (), at_step)
    add_case(f"fragments.continuation_of_nothing.{at_word}", refused, last, 1002, (), at_step)
    add_case(f"fragments.unfinished_continuation_of_nothing.{at_word}", refused, middle, 1002, (),
             at_step)
    add_case(f"fragments.continuation_after_end.{at_word}", refused, frame(TEXT, b"x") + last, 1002,
             [(TEXT, b"x")], at_step)
    add_case(f"fragments.text_inside.{at_word}", refused, first + frame(TEXT, b"x"), 1002, (),
             at_step)
    add_case(f"fragments.binary_inside.{at_word}", refused, first + frame(BINARY, b"x"), 1002, (),
             at_step)
    add_case(f"error.after_two_echoes.{at_word}", refused,
             frame(TEXT, b"first") + frame(BINARY, b"second") + frame(3, b""), 1002,
             [(TEXT, b"first"), (BINARY, b"second")], at_step)


@case("fragments.65536")
def _(server):
    """65,536 fragments of one byte are one message."""
    payload = bytes(i & 127 for i in range(65536))
    exchange(server, b"".join(fragments(BINARY, payload, 1)), [(BINARY, payload)])


# --- text ---------------------------------------------------------------------------------------

VALID_TEXTS = {
    "greek": "κόσμε".encode(),
    "edges.2": b"\xc2\x80\xdf\xbf",
    "edges.3": b"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf",
    "edges.4": b"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
    "noncharacters": b"\xef\xbf\xbe\xef\xbf\xbf\xf0\x9f\xbf\xbe",
    "nul": b"a\x00b",
    "emoji": "🎮🕹️ GG".encode(),
    "replacement": b"\xef\xbf\xbd",
}
# what is wrong -> bytes; the fault is in the last byte, what stands before may still be good
INVALID_TEXTS = {
    "continuation": b"ab\x80",
    "overlong.2": b"ab\xc0",
    "overlong.slash": b"\xc1",
    "overlong.3": b"ab\xe0\x9f",
    "surrogate.first": b"\xed\xa0",
    "surrogate.last": "κόσμε".encode() + b"\xed\xbf",
    "overlong.4": b"\xf0\x8f",
    "above_10ffff": b"\xf4\x90",
    "lead.f5": b"\xf5",
    "lead.f8": b"\xf8",
    "lead.fe": b"\xfe",
    "lead.ff": b"\xff",
    "ascii_inside": b"\xe2\x82a",
    "lead_inside": b"\xf0\x9f\xc3",
}
CUT_TEXTS = {"cut.2": b"ab\xc3", "cut.3": b"\xe2\x82", "cut.4": b"\xf0\x9f\x98"}

for at_name, at_text in VALID_TEXTS.items():
    add_case(f"utf8.valid.{at_name}", exchange, frame(TEXT, at_text), [(TEXT, at_text)])
    add_case(f"utf8.valid.{at_name}.octets", exchange, frame(TEXT, at_text), [(TEXT, at_text)], 1)
    add_case(f"utf8.valid.{at_name}.fragments", exchange,
             b"".join(fragments(TEXT, at_text, 1)), [(TEXT, at_text)])
    add_case(f"utf8.valid.{at_name}.fragments.octets", exchange,
             b"".join(fragments(TEXT, at_text, 1)), [(TEXT, at_text)], 1)


def fails_fast(server, text, fragment_bytes):
    """The close comes although the message, and even the frame, has not ended."""
    with Connection(server) as peer:
        if fragment_bytes:
            for part in fragments(TEXT, text + b"more", fragment_bytes)[:len(text)]:
                peer.send(part)
        else:
            peer.send(frame(TEXT, text, length=1000))
        peer.expect_close(1007)


for at_name, at_text in INVALID_TEXTS.items():
    add_case(f"utf8.invalid.{at_name}", refused, frame(TEXT, at_text), 1007)
    add_case(f"utf8.invalid.{at_name}.octets", refused, frame(TEXT, at_text), 1007, (), 1)
    add_case(f"utf8.invalid.{at_name}.fast", fails_fast, at_text, 0)
    add_case(f"utf8.invalid.{at_name}.fragments.fast", fails_fast, at_text, 1)
    add_case(f"utf8.invalid.{at_name}.in_binary", exchange, frame(BINARY, at_text),
             [(BINARY, at_text)])
for at_name, at_text in CUT_TEXTS.items():
    add_case(f"utf8.invalid.{at_name}", refused, frame(TEXT, at_text), 1007)
    add_case(f"utf8.invalid.{at_name}.fragments", refused,
             b"".join(fragments(TEXT, at_text, 1)), 1007)


@case("utf8.invalid.after_two_echoes")
def _(server):
    refused(server, frame(TEXT, b"one") + frame(BINARY, b"\xff") + frame(TEXT, b"\xff"), 1007,
            [(TEXT, b"one"), (BINARY, b"\xff")])


@case("utf8.state_is_of_one_message")
def _(server):
    """Half a character in one message, closed by an error, says nothing about the next one."""
    exchange(server, frame(BINARY, b"\xe2\x82") + frame(TEXT, b"a"),
             [(BINARY, b"\xe2\x82"), (TEXT, b"a")])


# --- sizes ----------------------------------------------------------------------------------------

def pattern(size):
    """Bytes that are ASCII and differ from their neighbours."""
    return (b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-" * (size // 63 + 1))[
        :size]


for at_opcode, at_word in ((TEXT, "text"), (BINARY, "binary")):
    for at_size in (64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB):
        add_case(f"limit.{at_word}.{at_size}", lambda server, opcode, size: exchange(
            server, frame(opcode, pattern(size)), [(opcode, pattern(size))]), at_opcode, at_size)
    for at_part in (64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB):
        add_case(f"limit.{at_word}.4MiB.fragments_of_{at_part}", lambda server, opcode, part:
                 exchange(server, b"".join(fragments(opcode, pattern(4 * MIB), part)),
                          [(opcode, pattern(4 * MIB))]), at_opcode, at_part)
    for at_step in (64, 128, 256, 512, KIB, 2 * KIB):
        add_case(f"limit.{at_word}.1MiB.chops_of_{at_step}", lambda server, opcode, step:
                 exchange(server, frame(opcode, pattern(MIB)), [(opcode, pattern(MIB))], step),
                 at_opcode, at_step)
    add_case(f"limit.{at_word}.16MiB.chops_of_65536", lambda server, opcode: exchange(
        server, frame(opcode, pattern(16 * MIB)), [(opcode, pattern(16 * MIB))], 65536), at_opcode)


def over_the_limit(server, data):
    """The close comes when the head says so, before the payload."""
    refused(server, data, 1009)


add_case("limit.16MiB_and_1", over_the_limit, frame(BINARY, b"", length=16 * MIB + 1))
add_case("limit.16MiB_then_1", over_the_limit,
         frame(BINARY, pattern(16 * MIB), final=False) + frame(CONTINUATION, b"x"))
add_case("limit.2^62", over_the_limit, frame(BINARY, b"", length=1 << 62))


def roundtrips(server, opcode, size):
    """A thousand messages, one after the other."""
    payload = pattern(size)
    with Connection(server) as peer:
        for _ in range(1000):
            peer.send(frame(opcode, payload))
            peer.expect(opcode, payload)
        peer.finish()


def burst(server, opcode, size):
    """A thousand messages at once, all of them answered in order."""
    with Connection(server) as peer:
        messages = [b"%06d" % i + pattern(size) for i in range(1000)]
        peer.send(b"".join(frame(opcode, message) for message in messages))
        for message in messages:
            peer.expect(opcode, message)
        peer.finish()


for at_opcode, at_word in ((TEXT, "text"), (BINARY, "binary")):
    for at_size in (0, 16, 64, 256, KIB, 4 * KIB):
        add_case(f"roundtrips.{at_word}.{at_size}", roundtrips, at_opcode, at_size)
    for at_size in (0, 16, 256):
        add_case(f"burst.{at_word}.{at_size}", burst, at_opcode, at_size)
