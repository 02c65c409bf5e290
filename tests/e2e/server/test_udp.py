"""test_udp.py - who is given keys for UDP, and what comes of a datagram without them."""
import json
import re
import socket
import subprocess
import time
import unittest

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from skirmish import PROGRAM, ROOT, Client, Server

BOTH = {"transports": ["enet", "ws"]}
REFUSED = "skirmish_datagrams_refused_total"
UNUSED_S = 15


def seal(enet, sequence, plain):
    """A datagram to the server, from WIRE.md."""
    head = enet["session"].to_bytes(4, "little") + sequence.to_bytes(4, "little")
    cipher = ChaCha20Poly1305(bytes.fromhex(enet["send_key"]))
    return head + cipher.encrypt(bytes(8) + head[4:], plain, b"SKU1\0" + head)


def port_of(enet):
    """The address that an answer tells, for a socket."""
    host, port = enet["address"].rsplit(":", 1)
    return host, int(port)


class Udp(unittest.TestCase):
    """One server for all."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--threads", "2", "--enet", "127.0.0.1:0")
        cls.addClassCleanup(cls.server.__exit__)

    def enet(self, **request):
        """What the answer of a join says of UDP."""
        status, answer = self.server.join(**BOTH, **request)
        self.assertEqual(status, 200, answer)
        return answer["enet"]

    def refused(self, word):
        """How many datagrams were refused with a word."""
        return self.server.metric(f'{REFUSED}{{why="{word}"}}')

    def wait_for(self, what, want):
        """Waits until a figure is what it should be."""
        until = time.monotonic() + 5
        while what() != want and time.monotonic() < until:
            time.sleep(0.02)
        self.assertEqual(what(), want)

    def test_answer_has_keys_for_who_can_use_them(self):
        status, headers, body = self.server.ask("POST", "/api/join",
                                                json.dumps({"name": "a", **BOTH}))
        enet = json.loads(body)["enet"]
        self.assertEqual((status, headers["cache-control"]), (200, "no-store"))
        self.assertEqual(set(enet), {"address", "session", "send_key", "receive_key"})
        self.assertEqual(enet["address"], self.server.enet)
        self.assertRegex(enet["send_key"] + enet["receive_key"], r"^[0-9a-f]{128}$")
        self.assertNotEqual(enet["send_key"], enet["receive_key"])
        for request in ({}, {"transports": ["ws"]}, {"transports": []}):
            self.assertNotIn("enet", self.server.join(**request)[1])

    def test_no_two_answers_have_the_same_keys(self):
        with Client(self.server) as client:
            client.enter()
            seen = [self.enet() for _ in range(20)]
            for _ in range(20):
                _, _, body = self.server.ask("POST", "/api/join",
                                             json.dumps({"resume": client.resume, **BOTH}))
                seen.append(json.loads(body)["enet"])
        for part in ("session", "send_key", "receive_key"):
            self.assertEqual(len({enet[part] for enet in seen}), 40, part)

    def test_session_names_the_worker_of_its_room(self):
        self.assertEqual({self.enet(create=True)["session"] & 255 for _ in range(8)}, {0, 1})

    def test_second_server_on_the_port_is_refused(self):
        run = subprocess.run([PROGRAM, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                              "--assets", str(ROOT / "assets"), "--enet", self.server.enet],
                             capture_output=True, text=True,
                             timeout=20, check=False)
        self.assertEqual(run.returncode, 2)
        self.assertIn("the UDP port is taken by another program", run.stderr)

    def test_each_fault_is_counted_under_its_word_and_not_answered(self):
        enet = self.enet()
        good = seal(enet, 5, b"what ENet does not know")
        other = dict(enet, session=enet["session"] ^ 0x40000000)
        rows = [("unknown_session", seal(other, 0, b"")), ("forged", good[:8] + bytes(40)),
                ("forged", good[:-1] + bytes([good[-1] ^ 1])), ("truncated", good[:23]),
                ("truncated", b""), ("truncated", good + bytes(1200)),
                ("forged", good[:7] + bytes([good[7] ^ 128]) + good[8:])]
        sessions = self.server.metric("skirmish_datagram_sessions")
        out = self.server.metric("skirmish_datagrams_sent_total")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.connect(port_of(enet))
            for word, datagram in rows:
                with self.subTest(word=word, size=len(datagram)):
                    before = self.refused(word)
                    udp.send(datagram)
                    self.wait_for(lambda word=word: self.refused(word), before + 1)
            udp.settimeout(0.3)
            with self.assertRaises(TimeoutError):
                udp.recv(2000)
        self.assertEqual(self.server.metric("skirmish_datagram_sessions"), sessions)
        self.assertEqual(self.server.metric("skirmish_datagrams_sent_total"), out)

    def test_admitted_by_the_seal_and_still_refused(self):
        enet = self.enet()
        before = self.refused("filtered")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.connect(port_of(enet))
            udp.send(seal(enet, 0, b"what ENet does not know"))
            self.wait_for(lambda: self.refused("filtered"), before + 1)

    def test_flipped_bits_of_a_datagram_are_all_refused(self):
        enet = self.enet()
        good = bytearray(seal(enet, 0, b"x"))
        words = ("forged", "unknown_session", "filtered")
        before = {word: self.refused(word) for word in words}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.connect(port_of(enet))
            for bit in range(8, 8 * len(good)):
                good[bit // 8] ^= 1 << bit % 8
                udp.send(good)
                good[bit // 8] ^= 1 << bit % 8
                time.sleep(0.001)
        self.wait_for(lambda: sum(self.refused(word) - before[word] for word in words),
                      8 * len(good) - 8)
        self.assertEqual(self.refused("filtered"), before["filtered"])

    def test_unused_session_ends(self):
        with Server("--threads", "1", "--enet", "127.0.0.1:0") as server:
            status, _ = server.join(**BOTH)
            self.assertEqual(status, 200)
            self.assertEqual(server.metric("skirmish_datagram_sessions"), 1)
            time.sleep(UNUSED_S - 2)
            self.assertEqual(server.metric("skirmish_datagram_sessions"), 1)
            time.sleep(3)
            self.assertEqual(server.metric("skirmish_datagram_sessions"), 0)


class Keys(unittest.TestCase):
    """Over what they may go, and where they send to."""

    def ask(self, options, headers):
        """The part of an answer, or None; and how often the log warns of keys."""
        with Server("--threads", "1", *options) as server:
            _, _, body = server.ask("POST", "/api/join", json.dumps({"name": "a", **BOTH}),
                                    **headers)
            answers = json.loads(body)
            warnings = server.log().count("keys for UDP go over the network in the clear")
            return answers.get("enet"), warnings, server

    def test_without_udp_there_are_none(self):
        self.assertEqual(self.ask((), {})[:2], (None, 0))

    def test_plain_http_gives_them_to_this_machine_alone(self):
        far = {"X-Forwarded-For": "203.0.113.9"}
        behind = ("--enet", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1")
        self.assertIsNone(self.ask(behind, far)[0])
        self.assertIsNotNone(self.ask(behind, {"X-Forwarded-For": "127.0.0.1"})[0])
        self.assertIsNotNone(self.ask(behind, {**far, "X-Forwarded-Proto": "https"})[0])
        enet, warnings, _ = self.ask((*behind, "--enet-over-http"), far)
        self.assertIsNotNone(enet)
        self.assertEqual(warnings, 1)

    def test_tls_gives_them_to_all(self):
        with Server("--threads", "1", "--enet", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1",
                    "--enet-over-http", secure=True) as server:
            _, _, body = server.ask("POST", "/api/join", json.dumps({"name": "a", **BOTH}),
                                    **{"X-Forwarded-For": "203.0.113.9"})
            self.assertIn("enet", json.loads(body))
            self.assertNotIn("in the clear", server.log())

    def test_address_is_the_public_one_or_the_name_that_was_used(self):
        enet, *_ = self.ask(("--enet", "127.0.0.1:0", "--enet-public", "play.example:9"), {})
        self.assertEqual(enet["address"], "play.example:9")
        enet, _, server = self.ask(("--enet", "0.0.0.0:0"), {"Host": "play.example:80"})
        self.assertEqual(enet["address"], "play.example:" + server.enet.rsplit(":", 1)[1])
        enet, _, server = self.ask(("--enet", "[::]:0"), {"Host": "[::1]:80"})
        self.assertTrue(re.fullmatch(r"\[::1\]:\d+", enet["address"]), enet)


if __name__ == "__main__":
    unittest.main()
