"""ws_client.py - a WebSocket client that can also do everything wrong.  Sockets and bytes only."""
import base64
import hashlib
import os
import socket
import ssl

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
TIMEOUT_S = 20


class Failure(Exception):
    """The server did not do what the case demands."""


def xor(payload, mask):
    """The payload masked (or unmasked) with four bytes."""
    if not payload:
        return b""
    pattern = (mask * (len(payload) // 4 + 1))[: len(payload)]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(pattern, "big")
    return mixed.to_bytes(len(payload), "big")


def frame(opcode, payload=b"", final=True, reserved=0, mask=b"\x37\xfa\x21\x3d", length=None):
    """One frame; mask=None leaves it unmasked, `length` is written instead of the payload's."""
    size = len(payload) if length is None else length
    first = (0x80 if final else 0) | reserved << 4 | opcode
    masked = 0x80 if mask is not None else 0
    if size <= 125:
        head = bytes([first, masked | size])
    elif size <= 0xFFFF:
        head = bytes([first, masked | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, masked | 127]) + size.to_bytes(8, "big")
    return head + (mask + xor(payload, mask) if mask is not None else payload)


def close_payload(code, reason=b""):
    """What a close frame carries."""
    return code.to_bytes(2, "big") + reason


class Connection:
    """One connection: handshake done, frames by hand."""

    def __init__(self, server, path="/", upgrade=True):
        raw = socket.create_connection((server.host, server.port), timeout=TIMEOUT_S)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = server.wrap(raw)
        self.buffer = bytearray()
        self.at = 0
        if upgrade:
            self.upgrade(path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def upgrade(self, path):
        """The opening handshake, checked."""
        key = base64.b64encode(os.urandom(16))
        self.send(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: localhost\r\n"
                  b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  b"Sec-WebSocket-Key: " + key + b"\r\n\r\n")
        head = self.read_head()
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        if not head.startswith(b"HTTP/1.1 101 ") or accept not in head:
            raise Failure(f"no upgrade: {head!r}")

    def send(self, data):
        """Sends bytes as they are."""
        self.socket.sendall(data)

    def send_chopped(self, data, step):
        """Sends bytes in writes of `step`."""
        for at in range(0, len(data), step):
            self.socket.sendall(data[at:at + step])

    def fill(self):
        """Reads more; returns False at the end of the stream."""
        try:
            data = self.socket.recv(1 << 18)
        except ssl.SSLZeroReturnError:
            return False
        except (ConnectionResetError, ssl.SSLEOFError) as error:
            raise Failure(f"the connection was reset instead of closed: {error}") from error
        except TimeoutError as error:
            raise Failure("nothing came") from error
        self.buffer += data
        return bool(data)

    def read(self, size):
        """Exactly `size` bytes."""
        while len(self.buffer) - self.at < size:
            if not self.fill():
                raise Failure("the stream ended inside a frame")
        data = bytes(self.buffer[self.at:self.at + size])
        self.at += size
        if self.at == len(self.buffer):
            self.buffer.clear()
            self.at = 0
        return data

    def read_head(self):
        """A response head, blank line included."""
        while b"\r\n\r\n" not in self.buffer[self.at:]:
            if not self.fill():
                raise Failure("the stream ended inside a head")
        end = self.buffer.index(b"\r\n\r\n", self.at) + 4
        return self.read(end - self.at)

    def read_frame(self):
        """The next frame as (opcode, payload); a server's frames are final and not masked here."""
        first, second = self.read(2)
        if first & 0x70 or not first & 0x80 or second & 0x80:
            raise Failure(f"a frame that a server may not send: {first:02x} {second:02x}")
        size = second
        if size == 126:
            size = int.from_bytes(self.read(2), "big")
        elif size == 127:
            size = int.from_bytes(self.read(8), "big")
        return first & 15, self.read(size)

    def expect(self, opcode, payload):
        """The next frame must be this one."""
        got = self.read_frame()
        if got != (opcode, payload):
            shown = (got[0], got[1][:80])
            raise Failure(f"wanted {opcode} of {len(payload)} bytes, got {shown!r}")

    def expect_close(self, *codes):
        """The next frame must be a close with one of these codes (None: no code), then the end."""
        opcode, payload = self.read_frame()
        code = int.from_bytes(payload[:2], "big") if payload else None
        if opcode != CLOSE or code not in codes:
            raise Failure(f"wanted a close {codes}, got {opcode} {payload[:40]!r}")
        payload[2:].decode()
        self.expect_end()
        return payload[2:]

    def expect_end(self):
        """Nothing more but the end of the stream, in order: no reset."""
        while self.fill():
            raise Failure(f"bytes after the close: {bytes(self.buffer[self.at:])[:40]!r}")

    def expect_nothing(self):
        """Nothing has come: a ping is answered by its pong and by nothing before it."""
        self.send(frame(PING, b"still there"))
        self.expect(PONG, b"still there")

    def finish(self):
        """The closing handshake, begun here."""
        self.send(frame(CLOSE, close_payload(1000)))
        self.expect_close(1000)
