"""test_enet.py - players over ENet: beside others, roaming, hostile, and how they end."""
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

from enet_client import (CONNECT, FLAG_ACK, FLAG_UNSEQUENCED, FRAGMENT, NOBODY, PING, UNRELIABLE,
                         EnetClient)
from flat import Table, message
from skirmish import ACK, GOODBYE, PROGRAM, WELCOME, Client, Server

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "conformance"))
from decoder import Pieces  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
BOTS = os.path.join(os.path.dirname(PROGRAM), "skirmish-bots")
ENET = ("--enet", "127.0.0.1:0")
REASONS = os.path.join(HERE, "..", "..", "..", "shared", "base", "reason.h")
SESSIONS = "skirmish_datagram_sessions"
CLOSED = "skirmish_enet_closed_total"
RESENDS = "skirmish_enet_resends_total"
COPIES = "skirmish_inputs_copied_total"
PLAYERS = "skirmish_players"
STARRY = os.path.join(os.path.dirname(PROGRAM), "tests", "fixtures", "starry.so")
UNKNOWN = 'skirmish_datagrams_refused_total{why="unknown_session"}'
DISPLACED = 'skirmish_closed_total{reason="displaced"}'
CLOSED_DISPLACED = f'{CLOSED}{{reason="displaced"}}'


def reason_number(word):
    """The number of a reason, from the table that the server is built with."""
    with open(REASONS, encoding="utf-8") as file:
        words = re.findall(r'ROW\([A-Z0-9_]+,\s*"([a-z_0-9]+)"', file.read())
    return words.index(word)


def start_bots(server, transport, *options, bots=4):
    """Starts bots; their figures come from figures_of()."""
    url = f"http://127.0.0.1:{server.port}"
    return subprocess.Popen([BOTS, "--url", url, "--transport", transport, "--bots", str(bots),
                             "--json", *options], stdout=subprocess.PIPE, text=True)


def figures_of(process):
    """What the bots measured."""
    out, _ = process.communicate(timeout=60)
    return json.loads(out.splitlines()[-1])


def displaced(server):
    """Connections that another one has taken the seat of."""
    return server.metric(DISPLACED) + server.metric(CLOSED_DISPLACED)


class Play(unittest.TestCase):
    """Honest players."""

    def check_bots(self, figures, by_enet):
        """All are there, by ENet or not, and saw what the server has."""
        self.assertEqual(figures["connected"], 4, figures)
        self.assertEqual((figures["failed"], figures["drops"], figures["mismatches"]), (0, 0, 0))
        self.assertEqual(figures["by_enet"], by_enet)
        self.assertGreater(figures["snapshots_per_s"], 4 * 10)

    def test_three_transports_share_a_room(self):
        with Server("--threads", "2", *ENET) as server:
            running = [start_bots(server, transport, "--seconds", "4", "--seed", str(seed))
                       for seed, transport in enumerate(("ws", "enet", "auto"))]
            server.wait_for_log("bot-3")
            with Client(server) as client:
                client.enter()
                self.assertEqual(server.log().count('event="room opened"'), 1)
            for process, by_enet in zip(running, (0, 4, 4)):
                self.check_bots(figures_of(process), by_enet)

    def test_inputs_are_sent_again_where_they_may_be_lost(self):
        with Server("--threads", "1", *ENET) as server:
            figures_of(start_bots(server, "ws", "--seconds", "2"))
            self.assertEqual(server.metric(COPIES), 0)
            figures_of(start_bots(server, "enet", "--seconds", "2"))
            self.assertGreater(server.metric(COPIES), 4 * 60)

    def test_auto_goes_by_websocket_where_udp_is_dropped(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hole:
            hole.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{hole.getsockname()[1]}"
            with Server("--threads", "1", *ENET, "--enet-public", address) as server:
                figures = figures_of(start_bots(server, "auto", "--seconds", "2"))
                self.check_bots(figures, 0)
                self.assertGreater(figures["join_p50_ms"], 1000)
                self.assertEqual(server.log().count('event="player joined"'), 4)

    def test_auto_goes_by_websocket_where_there_is_no_udp(self):
        with Server("--threads", "1") as server:
            self.check_bots(figures_of(start_bots(server, "auto", "--seconds", "2")), 0)

    def test_cut_sessions_come_back_to_their_seats(self):
        with Server("--threads", "1", *ENET) as server:
            figures = figures_of(start_bots(server, "enet", "--seconds", "6", "--cut-at", "1"))
            self.assertEqual((figures["connected"], figures["failed"]), (4, 0), figures)
            self.assertEqual((figures["drops"], figures["resumes"]), (4, 4), figures)
            self.assertEqual(figures["by_enet"], 4)

    def test_two_tabs_and_udp_race_for_a_ticket_and_one_is_left(self):
        for turn in range(3):
            with self.subTest(turn=turn), Server("--threads", "2", *ENET) as server, \
                    EnetClient(server) as udp, Client(server, udp.ticket) as tab, \
                    Client(server, udp.ticket) as other:
                udp.connect()
                racers = [udp, tab, other]
                for racer in racers[turn:] + racers[:turn]:
                    racer.hello()
                until = time.monotonic() + 5
                while displaced(server) < 2 and time.monotonic() < until:
                    udp.receive(0.05)
                self.assertEqual((displaced(server), server.metric(PLAYERS)), (2, 1))

    def test_restarted_server_knows_no_session_and_seats_anew(self):
        with tempfile.TemporaryDirectory() as folder:
            state = ("--threads", "1", "--state-dir", folder)
            with Server(*state, *ENET) as server, EnetClient(server) as old:
                old.connect()
                old.hello()
                resume = old.wait(WELCOME).text(16)
                server.process.kill()
                server.process.wait()
                with Server(*state, "--enet", server.enet) as again, EnetClient(again) as new:
                    new.connect()
                    new.hello()
                    new.wait(WELCOME)
                    self.check_forgotten(again, old, resume)

    def check_forgotten(self, server, old, resume):
        """A restart forgets all keys, and with them the rooms: no journal keeps those yet."""
        unknown = server.metric(UNKNOWN)
        old.say_lossy(message(ACK, Table((0, "I", 0))))
        self.assertFalse(old.receive(0.3))
        self.assertEqual(server.metric(UNKNOWN), unknown + 1)
        status, _, body = server.ask("POST", "/api/join", json.dumps({"resume": resume}))
        self.assertEqual((status, json.loads(body)["error"]), (410, "seat_gone"))

    def test_snapshot_that_fits_no_datagram_comes_in_pieces(self):
        with Server("--threads", "1", "--game", STARRY, *ENET) as server, \
                EnetClient(server) as client:
            client.connect()
            client.hello()
            pieces, whole = Pieces(), None
            until = time.monotonic() + 5
            while whole is None and time.monotonic() < until:
                client.receive(0.2)
                parts = [pieces.take(data) for data in client.inbox if data[0] & 3 == 2]
                whole = next((part for part in parts if part), None)
                client.inbox.clear()
            self.assertGreater(len(whole), 1148)
            self.assertEqual((whole[0] & 3, whole[0] >> 2), (1, 0), "a keyframe")

    def test_roams_to_another_port(self):
        with Server("--threads", "1", *ENET) as server, EnetClient(server) as client:
            client.connect()
            client.hello()
            client.wait(WELCOME)
            for _ in range(3):
                client.roam()
                client.say_lossy(message(ACK, Table((0, "I", 0))))
                client.inbox.clear()
                client.wait("snapshot")

    def test_roams_from_v4_to_v6(self):
        with Server("--threads", "1", "--enet", "[::]:0") as server, EnetClient(server) as client:
            client.connect()
            client.hello()
            client.wait(WELCOME)
            client.roam(("::1", client.address[1]))
            client.say_lossy(message(ACK, Table((0, "I", 0))))
            client.inbox.clear()
            client.wait("snapshot")

    def test_what_is_not_confirmed_is_repeated_and_counted(self):
        with Server("--threads", "1", *ENET) as server, EnetClient(server) as client:
            client.connect()
            client.hello()
            client.wait(WELCOME)
            before = server.metric(RESENDS)
            client.hello() # answered by Goodbye, which is not read and so not confirmed
            until = time.monotonic() + 5
            while server.metric(RESENDS) == before and time.monotonic() < until:
                time.sleep(0.05)
            self.assertGreater(server.metric(RESENDS), before)

    @unittest.skipUnless(os.path.exists(PROGRAM + "-hidden"), "made without sanitizers alone")
    def test_program_that_hides_its_symbols_refuses(self):
        run = subprocess.run([PROGRAM + "-hidden", "--listen", "127.0.0.1:0", "--admin",
                              "127.0.0.1:0", "--assets", os.path.join(HERE, "../../../assets"),
                              *ENET], capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(run.returncode, 1)
        self.assertIn("ENet does not use our datagrams", run.stderr)


class Ends(unittest.TestCase):
    """How sessions end, and with which word."""

    def test_stopping_server_says_so_by_message_and_number(self):
        with Server("--threads", "1", "--drain-seconds", "0", *ENET) as server, \
                EnetClient(server) as client:
            client.connect()
            client.hello()
            client.wait(WELCOME)
            server.process.send_signal(signal.SIGTERM)
            goodbye = client.wait(GOODBYE)
            stopping = reason_number("server_stopping")
            self.assertEqual(goodbye.number(0, "H"), stopping)
            self.assertEqual(client.wait_end(), stopping)
            self.assertEqual(server.process.wait(10), 0)

    def test_no_hello_ends_in_time(self):
        with Server("--threads", "1", "--head-timeout-ms", "500", *ENET) as server, \
                EnetClient(server) as client:
            client.connect()
            self.assertEqual(client.wait_end(), reason_number("head_timeout"))
            self.wait_for_no_session(server)

    def test_connection_too_many_of_an_address_hears_so_and_is_freed(self):
        with Server("--threads", "1", "--limit-loopback", "--unadmitted-per-address", "1",
                    *ENET) as server, EnetClient(server) as first, EnetClient(server) as second:
            first.connect()
            second.send(second.connect_command(), peer=NOBODY)
            self.assertEqual(second.wait_end(), reason_number("address_limit"))
            self.assertEqual(server.metric(f'{CLOSED}{{reason="address_limit"}}'), 1)
            first.hello()
            first.wait(WELCOME)
            with EnetClient(server) as third:
                third.connect()
                third.hello()
                third.wait(WELCOME)

    def test_silent_session_is_idle_and_freed(self):
        with Server("--threads", "1", "--idle-timeout-ms", "1000",
                    "--ping-interval-ms", "500", *ENET) as server, \
                EnetClient(server) as client:
            client.connect()
            client.hello()
            client.wait(WELCOME)
            server.wait_for_log("reason=idle")
            self.wait_for_no_session(server)

    def test_second_hello_ends_with_its_word(self):
        with Server("--threads", "1", *ENET) as server, EnetClient(server) as client:
            client.connect()
            client.hello()
            client.wait(WELCOME)
            client.hello()
            self.assertEqual(client.wait_end(), reason_number("hello_twice"))

    def wait_for_no_session(self, server):
        """Nothing is left of any."""
        until = time.monotonic() + 5
        while server.metric(SESSIONS) > 0 and time.monotonic() < until:
            time.sleep(0.05)
        self.assertEqual(server.metric(SESSIONS), 0)


class Hostile(unittest.TestCase):
    """What a client with keys may try, beside an honest one."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--threads", "1", *ENET)
        cls.addClassCleanup(cls.server.__exit__)
        cls.bots = start_bots(cls.server, "enet", "--seconds", "0")
        cls.server.wait_for_log("bot-3")

    @classmethod
    def tearDownClass(cls):
        cls.bots.send_signal(signal.SIGINT)
        figures = figures_of(cls.bots)
        assert (figures["failed"], figures["drops"], figures["mismatches"]) == (0, 0, 0), figures

    def ends_as_malformed(self, *datagrams, connects=True):
        """Each is sent; then the session ends with its word, and the bots play on."""
        before = self.server.metric(f'{CLOSED}{{reason="malformed"}}')
        sessions = self.server.metric(SESSIONS)
        with EnetClient(self.server) as client:
            if connects:
                client.connect()
            for datagram in datagrams:
                datagram(client)
            if connects:
                self.assertEqual(client.wait_end(), reason_number("malformed"))
            until = time.monotonic() + 5
            while self.server.metric(SESSIONS) > sessions and time.monotonic() < until:
                time.sleep(0.05)
            self.assertEqual(self.server.metric(SESSIONS), sessions)
        self.assertEqual(self.server.metric(f'{CLOSED}{{reason="malformed"}}'), before + 1)

    def test_other_commands(self):
        fragment = struct.pack(">HHIIII", 1, 1, 1 << 20, 0, 32 << 20, 0) + b"x"
        rows = [(FRAGMENT, fragment, 0), (UNRELIABLE, struct.pack(">HH", 1, 1) + b"x", 1),
                (10, bytes(8), 0xFF), (11, bytes(12), 0xFF), (12, fragment, 1), (15, b"", 0xFF)]
        for number, rest, channel in rows:
            with self.subTest(command=number):
                self.ends_as_malformed(
                    lambda client, row=(number, rest, channel): client.send(
                        client.command(row[0], row[1], row[2])))

    def test_thirty_three_commands(self):
        self.ends_as_malformed(lambda client: client.send(
            *[client.command(PING) for _ in range(33)]))

    def test_small_mtu(self):
        self.ends_as_malformed(lambda client: client.send(
            client.connect_command(mtu=576), peer=NOBODY), connects=False)

    def test_endless_connects(self):
        connects = [lambda client, i=i: client.send(client.connect_command(connect_id=i),
                                                    peer=NOBODY) for i in range(20)]
        self.ends_as_malformed(*connects)

    def test_filled_reliable_window(self):
        messages = [lambda client, i=i: client.send(*[
            client.reliable_command(bytes(32), sequence=2 + 20 * i + j) for j in range(20)])
            for i in range(20)]
        self.ends_as_malformed(*messages)

    def test_flags_that_no_command_has(self):
        self.ends_as_malformed(lambda client: client.send(
            client.command(PING, flags=FLAG_ACK | FLAG_UNSEQUENCED | 0x20)))
        self.ends_as_malformed(lambda client: client.send(client.command(CONNECT)))


if __name__ == "__main__":
    unittest.main()
