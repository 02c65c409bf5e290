"""cases_framing.py - sizes, pings, reserved bits, opcodes, masks and lengths (RFC 6455, 5)."""
from suite import add_case, case
from ws_client import (BINARY, CLOSE, PING, PONG, TEXT, Connection, close_payload, frame)

SIZES = (0, 1, 125, 126, 127, 128, 65535, 65536)


def echo(server, opcode, size, step):
    """One message of a size, written in steps, comes back as it is."""
    payload = b"*" * size if opcode == TEXT else bytes(i * 7 & 255 for i in range(size))
    with Connection(server) as peer:
        peer.send_chopped(frame(opcode, payload), step or size + 14)
        peer.expect(opcode, payload)
        peer.finish()


for at_opcode, at_word in ((TEXT, "text"), (BINARY, "binary")):
    for at_size in SIZES:
        add_case(f"framing.{at_word}.{at_size}", echo, at_opcode, at_size, 0)
    add_case(f"framing.{at_word}.65536.chopped", echo, at_opcode, 65536, 997)
    add_case(f"framing.{at_word}.126.octets", echo, at_opcode, 126, 1)


def ping(server, payload, step):
    """A ping is answered with its payload."""
    with Connection(server) as peer:
        peer.send_chopped(frame(PING, payload), step)
        peer.expect(PONG, payload)
        peer.finish()


add_case("ping.empty", ping, b"", 200)
add_case("ping.text", ping, b"hello", 200)
add_case("ping.binary", ping, b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", 200)
add_case("ping.125", ping, b"\xfe" * 125, 200)
add_case("ping.125.octets", ping, b"\xfe" * 125, 1)


@case("ping.126")
def _(server):
    with Connection(server) as peer:
        peer.send(frame(PING, b"x" * 126))
        peer.expect_close(1002)


@case("ping.many")
def _(server):
    with Connection(server) as peer:
        peer.send(b"".join(frame(PING, b"payload-%d" % i) for i in range(50)))
        for i in range(50):
            peer.expect(PONG, b"payload-%d" % i)
        peer.finish()


@case("ping.many.octets")
def _(server):
    with Connection(server) as peer:
        peer.send_chopped(b"".join(frame(PING, b"payload-%d" % i) for i in range(10)), 1)
        for i in range(10):
            peer.expect(PONG, b"payload-%d" % i)
        peer.finish()


@case("pong.unsolicited")
def _(server):
    with Connection(server) as peer:
        peer.send(frame(PONG) + frame(PONG, b"nobody asked"))
        peer.expect_nothing()
        peer.finish()


def reserved(server, bits, opcode, before):
    """Reserved bits without an extension are an error, behind what was sent before."""
    with Connection(server) as peer:
        sent = b"".join(frame(TEXT, b"before") for _ in range(before))
        peer.send(sent + frame(opcode, b"x", reserved=bits))
        for _ in range(before):
            peer.expect(TEXT, b"before")
        peer.expect_close(1002)


for at_bits in range(1, 8):
    for at_opcode in (TEXT, BINARY, PING, CLOSE):
        for at_before in (0, 2):
            add_case(f"reserved.bits{at_bits}.opcode{at_opcode}.after{at_before}",
                     reserved, at_bits, at_opcode, at_before)


def bad_opcode(server, opcode, payload, before):
    """An opcode that nobody has defined."""
    with Connection(server) as peer:
        sent = b"".join(frame(TEXT, b"before") for _ in range(before))
        peer.send(sent + frame(opcode, payload))
        for _ in range(before):
            peer.expect(TEXT, b"before")
        peer.expect_close(1002)


for at_opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
    add_case(f"opcode.{at_opcode}.empty", bad_opcode, at_opcode, b"", 0)
    add_case(f"opcode.{at_opcode}.payload", bad_opcode, at_opcode, b"payload", 0)
    add_case(f"opcode.{at_opcode}.after2", bad_opcode, at_opcode, b"payload", 2)


def wrong_bytes(server, data):
    """A head that breaks one rule."""
    with Connection(server) as peer:
        peer.send(data)
        peer.expect_close(1002)


add_case("mask.missing", wrong_bytes, frame(TEXT, b"hello", mask=None))
add_case("mask.missing.ping", wrong_bytes, frame(PING, b"hello", mask=None))
add_case("length.125.in16", wrong_bytes, b"\x82\xfe\x00\x7d")
add_case("length.0.in64", wrong_bytes, b"\x82\xff" + bytes(8))
add_case("length.65535.in64", wrong_bytes, b"\x82\xff" + (65535).to_bytes(8, "big"))
add_case("length.negative", wrong_bytes, b"\x82\xff" + (1 << 63).to_bytes(8, "big"))


@case("mask.zero")
def _(server):
    with Connection(server) as peer:
        peer.send(frame(TEXT, b"plain to see", mask=bytes(4)))
        peer.expect(TEXT, b"plain to see")
        peer.finish()


@case("path.any")
def _(server):
    with Connection(server, "/some/where?else=1") as peer:
        peer.send(frame(BINARY, b"x"))
        peer.expect(BINARY, b"x")
        peer.finish()


@case("upgrade.with_first_message")
def _(server):
    """A message in the same write as the request is not lost."""
    with Connection(server, upgrade=False) as peer:
        peer.send(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                  b"\r\n" + frame(TEXT, b"early"))
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in peer.read_head()
        peer.expect(TEXT, b"early")
        peer.finish()


@case("upgrade.octets")
def _(server):
    with Connection(server, upgrade=False) as peer:
        peer.send_chopped(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                          b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", 1)
        assert peer.read_head().startswith(b"HTTP/1.1 101 ")
        peer.send(frame(CLOSE, close_payload(1000)))
        peer.expect_close(1000)
