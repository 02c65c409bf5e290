"""client.py - a client from the documents alone: SESSION.md, WIRE.md, skirmish.fbs, RFC 6455."""
import base64
import json
import os
import socket
import struct
import urllib.request

import decoder
import flatbuffers

VERSION = 3
WAIT_S = 10
HELLO, INPUTS, ACK, COMMAND, KEYFRAME_REQUEST, LEAVE, PROBE = range(1, 8)
WELCOME, ROSTER, RESUME, NOTICE, GOODBYE, ANSWER, PROBED = range(1, 8)
BINARY, CLOSE, PING, PONG = 2, 8, 9, 10


def join(url, request):
    """The answer of the join API."""
    post = urllib.request.Request(url + "/api/join", json.dumps(request).encode(),
                                  {"Content-Type": "application/json"})
    with urllib.request.urlopen(post, timeout=WAIT_S) as answer:
        return json.load(answer)


class WebSocket:
    """A connection as RFC 6455 has it, without fragments: the server sends none."""

    def __init__(self, url):
        host, port = url.split("/")[2].split(":")
        self.socket = socket.create_connection((host, int(port)), WAIT_S)
        self.data = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /ws HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: skirmish.1\r\n\r\n".encode())
        while b"\r\n\r\n" not in self.data:
            self.receive()
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 101") or b"skirmish.1" not in head:
            raise ConnectionError(head.decode())

    def receive(self):
        """Waits for more bytes."""
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("closed")
        self.data += more

    def take(self, count):
        """The next bytes."""
        while len(self.data) < count:
            self.receive()
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def send(self, payload, opcode=BINARY):
        """Sends one frame, masked."""
        mask = os.urandom(4)
        size = len(payload)
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size) if size < 126 else \
            struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self.socket.sendall(head + mask + masked)

    def message(self):
        """The next binary message; pings are answered."""
        while True:
            first, size = self.take(2)
            if size == 126:
                size = struct.unpack("!H", self.take(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", self.take(8))[0]
            payload = self.take(size)
            if first == 0x80 | BINARY:
                return payload
            if first == 0x80 | PING:
                self.send(payload, PONG)
            elif first == 0x80 | CLOSE:
                code = struct.unpack("!H", payload[:2])[0] if payload else 1005
                raise ConnectionError(f"closed: {code} {payload[2:].decode()}")


def envelope(tag, fields):
    """A client's message of one body: the writer and the places of its open offsets."""
    writer = flatbuffers.Writer()
    open_places = writer.table({0: ("u8", tag), 1: ("offset", None)})
    return writer, writer.table(fields, open_places[1])


class Client:
    """A player.  `describe` gives the schema's listing for a game, seats and options."""

    def __init__(self, url, request, describe):
        answer = join(url, request)
        self.room = answer["room"]
        self.ws = WebSocket(answer["ws"])
        self.frames, self.hashes, self.newest_tick = {}, {}, 0
        self.keyframes, self.seats, self.newest = 0, {}, None
        self.number, self.told, self.answers, self.probed = 0, 0, {}, None
        self.hello(answer["ticket"])
        welcome = flatbuffers.Table.root(self.ws.message())
        if welcome.scalar(0, "u8") != WELCOME:
            raise ConnectionError(f"Welcome expected, got {welcome.scalar(0, 'u8')}")
        welcome = welcome.table(1)
        self.player = welcome.scalar(4, "u16")
        listing = describe(welcome.text(1), welcome.scalar(5, "u16"), welcome.numbers(15, "u32"))
        self.schema = decoder.Schema(listing)
        self.frames[0] = decoder.Frame(self.schema)

    def hello(self, ticket):
        """The first message."""
        writer, places = envelope(HELLO, {0: ("u16", VERSION), 1: ("offset", None)})
        writer.text(places[1], ticket)
        self.ws.send(writer.bytes())

    def send_inputs(self, tick, inputs):
        """The inputs (buttons, axes) of the ticks ending in `tick`."""
        raw = b"".join(struct.pack("<IIhhhhB3x", buttons, 0, *axes, 0) for buttons, axes in inputs)
        writer, places = envelope(INPUTS, {0: ("u32", self.newest_tick), 1: ("u32", tick),
                                           2: ("offset", None)})
        writer.structs(places[2], raw, len(inputs))
        self.ws.send(writer.bytes())

    def request(self, kind, payload):
        """A command that wants an answer."""
        self.number += 1
        writer, places = envelope(COMMAND, {0: ("u16", kind), 1: ("offset", None),
                                            2: ("u32", self.number), 3: ("u32", len(self.answers)),
                                            4: ("u8", 1)})
        writer.structs(places[1], payload, len(payload))
        self.ws.send(writer.bytes())

    def probe(self):
        """Asks how the server fares."""
        self.ws.send(envelope(PROBE, {})[0].bytes())

    def request_keyframe(self):
        """Asks for a keyframe."""
        self.ws.send(envelope(KEYFRAME_REQUEST, {0: ("u32", self.newest_tick)})[0].bytes())

    def leave(self):
        """Gives the seat up."""
        self.ws.send(envelope(LEAVE, {})[0].bytes())

    def take(self):
        """The next message: the snapshot, or None for another one."""
        data = self.ws.message()
        if data[0] & 3 == 1:
            return self.on_snapshot(data)
        message = flatbuffers.Table.root(data)
        tag, body = message.scalar(0, "u8"), message.table(1)
        if tag == ROSTER:
            for seat in body.tables(0):
                self.seats[seat.scalar(0, "u16")] = seat.text(3)
        elif tag == ANSWER:
            self.answers[body.scalar(0, "u32")] = body.scalar(1, "u8"), body.numbers(2, "u8")
        elif tag == PROBED:
            self.probed = [body.scalar(field, "u32") for field in range(11)]
        elif tag == GOODBYE:
            raise ConnectionError("goodbye: " + body.text(1))
        return None

    def on_snapshot(self, data):
        """Decodes a snapshot; its baseline's hash is verified on the way."""
        head = decoder.Head(data)
        snapshot = decoder.Snapshot(data, head, self.schema, self.frames[head.baseline])
        self.frames[head.tick] = snapshot.frame
        self.hashes[head.tick] = snapshot.frame.hash()
        self.newest_tick, self.newest = head.tick, snapshot
        self.keyframes += head.baseline == decoder.KEYFRAME
        if snapshot.own["command"] is not None:
            self.told = snapshot.own["command"]
        return snapshot
