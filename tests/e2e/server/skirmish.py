"""skirmish.py - a running skirmishd and a client that can also do everything wrong."""
import http.client
import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "conformance" / "ws"))
from flat import Structs, Table, Text, View, message  # noqa: E402
from suite import Server as EchoServer  # noqa: E402
from ws_client import TEXT as TEXT_FRAME  # noqa: E402
from ws_client import BINARY, CLOSE, PING, PONG, Connection, Failure, frame  # noqa: E402

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else "build/release/skirmishd"
ROOT = pathlib.Path(__file__).parents[3]
HELLO, INPUTS, ACK, COMMAND, KEYFRAME_REQUEST, LEAVE = range(1, 7)
WELCOME, ROSTER, RESUME, NOTICE, GOODBYE = range(1, 6)


def varint(data, at):
    """A number of 7 bits a byte, lowest first; returns it and where it ends."""
    number, shift = 0, 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if byte < 0x80:
            return number, at


class Server:
    """A skirmishd on ports of its own."""

    make_certificate = EchoServer.make_certificate
    wrap = EchoServer.wrap

    def __init__(self, *options, secure=False, wait=True, environment=None):
        self.context = None
        self.folder = tempfile.TemporaryDirectory()
        self.log_path = os.path.join(self.folder.name, "log")
        command = [PROGRAM, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                   "--assets", str(ROOT / "assets"), *options]
        if secure:
            command += self.make_certificate()
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True,
                                            env={**os.environ, **(environment or {})})
        if wait:
            self.read_ready()

    def read_ready(self):
        """Reads the line that says ready."""
        line = self.process.stdout.readline()
        found = re.fullmatch(r"ready url=(https?)://([0-9.]+):(\d+) ws=(wss?)://[0-9.]+:\d+/ws "
                             r"admin=http://([0-9.]+:\d+)(?: enet=(\S+))? pid=(\d+)\n", line)
        assert found and int(found.group(7)) == self.process.pid, (line, self.log())
        self.host, self.port, self.admin = found.group(2), int(found.group(3)), found.group(5)
        self.enet = found.group(6)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)
        self.process.stdout.close()
        self.folder.cleanup()

    def log(self):
        """What it logged so far."""
        return pathlib.Path(self.log_path).read_text(encoding="utf-8")

    def wait_for_log(self, text, seconds=5):
        """Waits until it has logged `text`."""
        until = time.monotonic() + seconds
        while text not in self.log():
            assert time.monotonic() < until, f"no {text!r} in {self.log()}"
            time.sleep(0.02)

    def ask(self, method, path, body=None, **headers):
        """One request; returns (status, headers, body)."""
        if self.context:
            connection = http.client.HTTPSConnection("localhost", self.port, timeout=20,
                                                     context=self.context)
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, answer.headers, data

    def join(self, **request):
        """POST /api/join; returns (status, parsed body)."""
        status, _, body = self.ask("POST", "/api/join", json.dumps({"name": "tester", **request}))
        return status, json.loads(body)

    def ask_admin(self, path, **headers):
        """One request to the admin port; returns (status, body)."""
        connection = http.client.HTTPConnection(self.admin, timeout=20)
        connection.request("GET", path, None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def metrics(self):
        """The admin port's page."""
        return self.ask_admin("/metrics")[1]

    def metric(self, name):
        """One value of it; without its labels, the sum over them."""
        values = [float(line.split()[-1]) for line in self.metrics().splitlines()
                  if line.startswith((name + " ", name + "{"))]
        if not values:
            raise KeyError(name)
        return sum(values)


class Client:
    """A connection to the game's WebSocket, messages by hand."""

    def __init__(self, server, ticket=None, **request):
        if ticket is None:
            status, answer = server.join(**request)
            assert status == 200, answer
            ticket = answer["ticket"]
            self.room = answer["room"]
        self.ticket = ticket
        self.connection = Connection(server, "/ws")
        self.newest = 0
        self.command_number = 0
        self.snapshots = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.drop()

    def drop(self):
        """Lets the connection go without a word."""
        self.connection.socket.close()

    def send(self, data):
        """Sends one binary message."""
        self.connection.send(frame(BINARY, data))

    def hello(self, ticket=None, version=3, layout=0, code=0):
        """Sends a hello."""
        self.send(message(HELLO, Table((0, "H", version), (1, Text(ticket or self.ticket)),
                                       (2, "Q", layout), (4, "Q", code))))

    def inputs(self, tick, ack=None, count=1, view_tick=0, buttons=0, view_interval=0):
        """Sends inputs that end in `tick`."""
        item = struct.pack("<IIhhhhBBxx", buttons, view_tick, 100, 0, 0, 0, 0, view_interval)
        self.send(message(INPUTS, Table((0, "I", self.newest if ack is None else ack),
                                        (1, "I", tick), (2, Structs(*[item] * count)))))

    def ack(self, tick=None):
        """Sends an ack."""
        self.send(message(ACK, Table((0, "I", self.newest if tick is None else tick))))

    def command(self, kind, data, number=None):
        """Sends a command of the game's, with its next number."""
        self.command_number = self.command_number + 1 if number is None else number
        self.send(message(COMMAND, Table((0, "H", kind), (1, Text(data)),
                                         (2, "I", self.command_number))))

    def leave(self):
        """Gives the seat up."""
        self.send(message(LEAVE, Table()))

    def read(self):
        """The next message: (kind, table) or ("snapshot", tick, is_keyframe)."""
        while True:
            opcode, payload = self.connection.read_frame()
            if opcode == PING:
                self.connection.send(frame(PONG, payload))
            elif opcode == PONG:
                continue
            elif opcode == CLOSE:
                return "close", int.from_bytes(payload[:2], "big"), payload[2:].decode()
            elif payload[0] & 3 == 1:
                return self.on_snapshot(payload)
            else:
                table = View(payload)
                return table.number(0, "B"), table.child(1)

    def on_snapshot(self, payload):
        """Notes a snapshot."""
        at = 1
        if payload[0] >> 2 == 63:
            _, at = varint(payload, at)
        self.newest, at = varint(payload, at)
        is_keyframe = payload[0] >> 2 == 0
        self.snapshots.append((self.newest, is_keyframe, len(payload), time.monotonic()))
        return "snapshot", self.newest, is_keyframe

    def wait(self, kind):
        """Reads until a message of `kind` comes and returns what belongs to it."""
        while True:
            got = self.read()
            if got[0] == kind:
                return got[1:] if len(got) > 2 else got[1]
            assert got[0] != "close", got

    def enter(self):
        """Hello, Welcome, first snapshot; returns Welcome's table."""
        self.hello()
        welcome = self.wait(WELCOME)
        self.player = welcome.number(4, "H")
        self.resume = welcome.text(16)
        assert self.wait("snapshot")[1], "the first snapshot must be a keyframe"
        return welcome

    def play(self, seconds):
        """Sends inputs and reads snapshots for a while."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.wait("snapshot")
            self.inputs(self.newest + 6, count=3)
