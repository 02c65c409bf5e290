"""cases_close.py - the closing handshake (RFC 6455, 5.5.1 and 7)."""
from suite import add_case, case
from ws_client import (BINARY, CLOSE, CONTINUATION, PING, TEXT, Connection, close_payload, frame)

VALID_CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
               3000, 3999, 4000, 4999)
INVALID_CODES = (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)


def closes(server, payload, *codes, step=200):
    """A close frame is answered with one of these codes, then the stream ends."""
    with Connection(server) as peer:
        peer.send_chopped(frame(CLOSE, payload), step)
        peer.expect_close(*codes)


for at_code in VALID_CODES:
    add_case(f"close.valid.{at_code}", closes, close_payload(at_code), at_code)
    add_case(f"close.valid.{at_code}.reason", closes, close_payload(at_code, b"because"), at_code)
for at_code in INVALID_CODES:
    add_case(f"close.invalid.{at_code}", closes, close_payload(at_code), 1002)
    add_case(f"close.invalid.{at_code}.reason", closes, close_payload(at_code, b"because"), 1002)

add_case("close.empty", closes, b"", None)
add_case("close.one_byte", closes, b"\x03", 1002)
add_case("close.reason.123", closes, close_payload(1000, b"*" * 123), 1000)
add_case("close.reason.124", closes, close_payload(1000, b"*" * 124), 1002)
add_case("close.reason.utf8", closes, close_payload(1000, "κόσμε".encode()), 1000)
add_case("close.reason.not_utf8", closes, close_payload(1000, b"\xed\xa0\x80"), 1007)
add_case("close.reason.cut_utf8", closes, close_payload(1000, b"\xe2\x82"), 1007)


@case("close.octets")
def _(server):
    closes(server, close_payload(1000, b"slowly"), 1000, step=1)


@case("close.fragmented")
def _(server):
    with Connection(server) as peer:
        peer.send(frame(CLOSE, close_payload(1000), final=False) + frame(CONTINUATION))
        peer.expect_close(1002)


@case("close.after_echoes")
def _(server):
    """What was sent before the close is answered before it."""
    with Connection(server) as peer:
        peer.send(frame(TEXT, b"one") + frame(BINARY, b"two") + frame(CLOSE, close_payload(1000)))
        peer.expect(TEXT, b"one")
        peer.expect(BINARY, b"two")
        peer.expect_close(1000)


def data_after(server, data):
    """What follows a close is not looked at."""
    with Connection(server) as peer:
        peer.send(frame(CLOSE, close_payload(1000)) + data)
        peer.expect_close(1000)


add_case("close.then_text", data_after, frame(TEXT, b"late"))
add_case("close.then_ping", data_after, frame(PING, b"late"))
add_case("close.then_close", data_after, frame(CLOSE, close_payload(1000)))
add_case("close.then_garbage", data_after, b"\xff" * 1000)
add_case("close.then_much", data_after, frame(BINARY, b"x" * 300000))


@case("close.inside_message")
def _(server):
    with Connection(server) as peer:
        peer.send(frame(TEXT, b"unfinished", final=False) + frame(CLOSE, close_payload(1000)))
        peer.expect_close(1000)


@case("close.after_large_message")
def _(server):
    payload = b"*" * (256 << 10)
    with Connection(server) as peer:
        peer.send(frame(TEXT, payload) + frame(CLOSE, close_payload(1000)))
        peer.expect(TEXT, payload)
        peer.expect_close(1000)


@case("close.error_while_peer_still_sends")
def _(server):
    """The close frame is not lost to a reset although the peer's bytes were not read."""
    with Connection(server) as peer:
        peer.send(frame(3) + frame(BINARY, b"x" * 200000))
        peer.expect_close(1002)


@case("close.reason_is_the_word")
def _(server):
    with Connection(server) as peer:
        peer.send(frame(3))
        assert peer.expect_close(1002) == b"ws_protocol"
    with Connection(server) as peer:
        peer.send(frame(TEXT, b"\xff"))
        assert peer.expect_close(1007) == b"ws_utf8"
    with Connection(server) as peer:
        peer.send(frame(TEXT, b"", length=1 << 40))
        assert peer.expect_close(1009) == b"ws_too_big"
