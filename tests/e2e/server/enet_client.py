"""enet_client.py - a client that speaks ENet in sealed datagrams by hand, from WIRE.md."""
import json
import socket
import struct
import time

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from flat import Table, Text, View, message
from skirmish import HELLO

BOTH = ["enet", "ws"]
SENT_TIME, NOBODY = 0x8000, 0x0FFF
ACK, CONNECT, VERIFY, DISCONNECT, PING, RELIABLE, UNRELIABLE, FRAGMENT, UNSEQUENCED = range(1, 10)
FLAG_ACK, FLAG_UNSEQUENCED = 0x80, 0x40
SIZES = {ACK: 8, CONNECT: 48, VERIFY: 44, DISCONNECT: 8, PING: 4, RELIABLE: 6, FRAGMENT: 24,
         UNSEQUENCED: 8}
MTU = 1176


class EnetClient:
    """One session; what it sends may be anything."""

    def __init__(self, server, resume=None, **request):
        ask = {"resume": resume} if resume else {"name": "tester", **request}
        status, _, body = server.ask("POST", "/api/join", json.dumps({**ask, "transports": BOTH}))
        assert status == 200, body
        answer = json.loads(body)
        self.ticket, self.room, self.enet = answer["ticket"], answer["room"], answer["enet"]
        host, port = self.enet["address"].rsplit(":", 1)
        self.address = (host.strip("[]"), int(port))
        self.socket = None
        self.sequence = 0
        self.peer = NOBODY
        self.session = 0
        self.reliable = 0
        self.control = 1
        self.inbox = []
        self.end = None
        self.roam()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def roam(self, address=None):
        """Goes on from another port, or to another address of the server."""
        self.address = address or self.address
        if self.socket:
            self.socket.close()
        family = socket.AF_INET6 if ":" in self.address[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.connect(self.address)

    def seal(self, plain):
        """A datagram to the server."""
        head = self.enet["session"].to_bytes(4, "little") + self.sequence.to_bytes(4, "little")
        self.sequence += 1
        cipher = ChaCha20Poly1305(bytes.fromhex(self.enet["send_key"]))
        return head + cipher.encrypt(bytes(8) + head[4:], plain, b"SKU1\0" + head)

    def open(self, datagram):
        """What a datagram of the server's holds."""
        cipher = ChaCha20Poly1305(bytes.fromhex(self.enet["receive_key"]))
        head = datagram[:8]
        return cipher.decrypt(bytes(8) + head[4:], datagram[8:], b"SKU1\1" + head)

    def send(self, *commands, peer=None):
        """Seals commands of ENet's into one datagram and sends it."""
        peer = self.peer if peer is None else peer
        head = struct.pack(">HH", peer | SENT_TIME | self.session << 12,
                           int(time.monotonic() * 1000) & 0xFFFF)
        try:
            self.socket.send(self.seal(head + b"".join(commands)))
        except ConnectionRefusedError:
            pass

    def command(self, number, rest=b"", channel=0xFF, sequence=None, flags=FLAG_ACK):
        """One command."""
        if sequence is None:
            self.control += 1
            sequence = self.control
        return struct.pack(">BBH", number | flags, channel, sequence) + rest

    def connect_command(self, mtu=MTU, channels=2, connect_id=7):
        """A CONNECT."""
        return self.command(CONNECT, struct.pack(">HBB10I", 0, 0xFF, 0xFF, mtu, 65536, channels, 0,
                                                 0, 5000, 2, 2, connect_id, 0), sequence=1)

    def reliable_command(self, data, sequence=None):
        """A reliable message, the next one or with a sequence of its own."""
        if sequence is None:
            self.reliable += 1
            sequence = self.reliable
        return self.command(RELIABLE, struct.pack(">H", len(data)) + data, 0, sequence)

    def say(self, data):
        """Sends a message that must arrive."""
        self.send(self.reliable_command(data))

    def say_lossy(self, data):
        """Sends a message that may be lost."""
        self.send(self.command(UNSEQUENCED, struct.pack(">HH", 1, len(data)) + data, 1, 0,
                               FLAG_UNSEQUENCED))

    def hello(self):
        """The hello, on a transport that is not ordered."""
        self.say(message(HELLO, Table((0, "H", 3), (1, Text(self.ticket)), (3, "B", 0))))

    def receive(self, seconds=2):
        """Takes one datagram; False when none came."""
        self.socket.settimeout(seconds)
        try:
            plain = self.open(self.socket.recv(2000))
        except (TimeoutError, ConnectionRefusedError):
            return False
        sent_time, at = plain[2:4], 4 if plain[0] & 0x80 else 2
        while at < len(plain):
            at = self.take(plain, at, sent_time)
        return True

    def take(self, plain, at, sent_time):
        """Takes a command; returns where it ends."""
        number, channel, sequence = struct.unpack_from(">BBH", plain, at)
        kind = number & 0x0F
        end = at + SIZES[kind]
        if kind == VERIFY:
            self.peer, _, self.session = struct.unpack_from(">HBB", plain, at + 4)
        elif kind == DISCONNECT:
            self.end = struct.unpack_from(">I", plain, at + 4)[0]
        elif kind in (RELIABLE, UNSEQUENCED, FRAGMENT):
            size = struct.unpack_from(">H", plain, at + (6 if kind != RELIABLE else 4))[0]
            if kind != FRAGMENT:
                self.inbox.append(plain[end:end + size])
            end += size
        if number & FLAG_ACK:
            self.send(struct.pack(">BBHH", ACK, channel, sequence, sequence) + sent_time)
        return end

    def connect(self):
        """CONNECT, VERIFY, its ack."""
        self.send(self.connect_command(), peer=NOBODY)
        while self.peer == NOBODY:
            assert self.receive(), "no answer to CONNECT"
        self.send(self.command(PING))
        assert self.receive(), "no ack of a ping"

    def wait(self, kind, seconds=5):
        """Waits for a message of a kind; returns its table, or True for a snapshot."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            while self.inbox:
                data = self.inbox.pop(0)
                if data[0] & 3 in (1, 2):
                    if kind == "snapshot":
                        return True
                    continue
                table = View(data)
                if table.number(0, "B") == kind:
                    return table.child(1)
            self.receive(0.2)
        raise AssertionError(f"no message {kind}")

    def wait_end(self, seconds=5):
        """Waits for DISCONNECT; returns its number."""
        until = time.monotonic() + seconds
        while self.end is None and time.monotonic() < until:
            self.receive(0.2)
        return self.end
