"""test_hang.py - a game that hangs or crashes: who sees it, and what still works."""
import json
import os
import pathlib
import re
import signal
import socket
import tempfile
import time
import unittest

from skirmish import PROGRAM, ROOT, Client, Failure, Server

GAME = str(pathlib.Path(PROGRAM).parent / "tests/fixtures/hanging.so")
HANG, SEGV, ABRT, BUS, FPE, STACK, CHECK = range(1, 8)
STEP, THINK, COMMAND, JOIN, LEAVE, START = range(6)
# A sanitizer would take the signals for itself.
PLAIN = {name: ":".join([os.environ.get(name, ""), "handle_segv=0:handle_abort=0:handle_sigbus=0:"
                         "handle_sigfpe=0:use_sigaltstack=0"])
         for name in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS")}


class HangingServer(Server):
    """A server of the game that hangs; one that will not end is killed."""

    def __init__(self, *options, environment=None, **more):
        self.clients = []
        super().__init__("--game", GAME, *options, environment={**PLAIN, **(environment or {})},
                         **more)

    def __exit__(self, *_):
        for client in self.clients:
            client.drop()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(20)
        super().__exit__()

    def enter_room(self, fault=0, phase=STEP, tick=30):
        """Opens a room that will fail and says hello in it; returns the client, who must read."""
        status, answer = self.join(create=True, options={"fault": fault, "phase": phase,
                                                         "tick": tick})
        assert status == 200, answer
        client = Client(self, answer["ticket"])
        client.room = answer["room"]
        client.hello()
        self.clients.append(client)
        return client

    def line(self, event, seconds=6):
        """The fields of the first line of that event."""
        self.wait_for_log(f'event="{event}"', seconds)
        text = next(row for row in self.log().splitlines() if f'event="{event}"' in row)
        return dict(re.findall(r'(\w+)=("[^"]*"|\S+)', text))

    def health(self):
        """(status, text) of both ports."""
        status, _, body = self.ask("GET", "/healthz")
        return (status, body.decode()), self.ask_admin("/healthz")


class Hang(unittest.TestCase):
    """A worker that does not come back."""

    def test_hang_is_seen_on_both_ports_and_in_the_log(self):
        with HangingServer("--threads", "2") as server:
            self.assertEqual(server.health(), ((200, "ok\n"), (200, "ok\n")))
            room = server.enter_room(HANG).room
            line = server.line("worker hangs")
            self.assertEqual((line["room"], line["game"], line["tick"], line["phase"]),
                             (room, "hanging", "30", "step"))
            self.assertIn(int(line["for_ms"]), range(2000, 4000))
            want = (503, f"hanging workers: {line['worker']}\n")
            self.assertEqual(server.health(), (want, want))
            self.assertEqual(server.log().count("worker hangs"), 1)

    def test_hang_names_its_phase(self):
        for phase, word in ((JOIN, "join"), (THINK, "think"), (START, "start")):
            with HangingServer("--threads", "2", "--bots-fill", "2") as server:
                server.enter_room(HANG, phase, 0)
                line = server.line("worker hangs")
                self.assertEqual((line["game"], line["phase"]), ("hanging", word))

    def test_hang_at_what_a_player_does_names_it(self):
        for phase, word, act in ((COMMAND, "command", lambda client: client.command(0, "poke")),
                                 (LEAVE, "leave", Client.leave)):
            with HangingServer("--threads", "1") as server:
                client = server.enter_room(HANG, phase, 0)
                client.wait("snapshot")
                act(client)
                line = server.line("worker hangs")
                self.assertEqual((line["room"], line["phase"]), (client.room, word))
                self.assertGreaterEqual(int(line["tick"]), client.newest)

    def test_other_worker_plays_on(self):
        with HangingServer("--threads", "2") as server:
            server.enter_room(HANG)
            server.line("worker hangs")
            server.enter_room().play(1)

    def test_stopped_process_does_not_hang_when_it_goes_on(self):
        with HangingServer("--threads", "2") as server:
            server.process.send_signal(signal.SIGSTOP)
            time.sleep(3)
            server.process.send_signal(signal.SIGCONT)
            time.sleep(0.5)
            self.assertEqual(server.health(), ((200, "ok\n"), (200, "ok\n")))
            self.assertNotIn("worker hangs", server.log())

    def test_second_sigterm_ends_it_though_all_workers_hang(self):
        for threads in (1, 2):
            with HangingServer("--threads", str(threads)) as server:
                for _ in range(threads):
                    server.enter_room(HANG)
                server.line("worker hangs")
                server.process.terminate()
                server.wait_for_log("draining")
                server.process.terminate()
                self.assertEqual(server.process.wait(5), 1)
                self.assertIn("stopped without workers", server.log())

    def test_drain_ends_though_a_worker_hangs(self):
        with HangingServer("--threads", "2", "--drain-seconds", "1") as server:
            server.enter_room(HANG)
            server.line("worker hangs")
            server.process.terminate()
            self.assertEqual(server.process.wait(8), 1)

    def test_players_of_the_live_worker_get_their_word(self):
        with HangingServer("--threads", "2", "--drain-seconds", "60") as server:
            clients = [server.enter_room(), server.enter_room()]
            for client in clients:
                client.wait("snapshot")
            server.enter_room(HANG)
            server.line("worker hangs")
            server.process.terminate()
            server.wait_for_log("draining")
            server.process.terminate()
            server.process.wait(5)
            words = [self.last_word(client) for client in clients]
            self.assertEqual(sorted(words), ["lost", "server_stopping"])

    @staticmethod
    def last_word(client):
        """What its connection ended with; nobody can write to one of the worker that hangs."""
        while True:
            try:
                got = client.read()
            except (Failure, OSError):
                return "lost"
            if got[0] == "close":
                return got[2]


class FailedCheck(unittest.TestCase):
    """A game that finds its world broken ends its room and nothing else."""

    def test_check_that_fails_ends_the_room_alone(self):
        acts = {STEP: lambda client: None, THINK: lambda client: None,
                COMMAND: lambda client: client.command(0, "poke"), LEAVE: Client.leave}
        for phase, act in acts.items():
            with HangingServer("--threads", "1", "--bots-fill", "2") as server:
                other = server.enter_room()
                failed = server.enter_room(CHECK, phase, 0 if phase in (COMMAND, LEAVE) else 30)
                act(failed)
                line = server.line("room failed")
                self.assertEqual((line["room"], line["why"]),
                                 (f'{failed.room}', '"a check of the game failed"'))
                if phase != LEAVE:
                    self.assertEqual(Hang.last_word(failed), "room_failed")
                self.assertEqual(server.log().count("room failed"), 1)
                other.play(1)

    def test_check_that_fails_before_the_welcome_refuses_it(self):
        for phase in (JOIN, START):
            with HangingServer("--threads", "1") as server:
                other = server.enter_room()
                self.assertEqual(Hang.last_word(server.enter_room(CHECK, phase, 0)), "room_failed")
                other.play(1)
                self.assertEqual(server.metric("skirmish_rooms_failed_total"), 1)


class Watchdog(unittest.TestCase):
    """What the service manager hears."""

    def test_watchdog_is_told_while_all_workers_live(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "notify")
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
                told.bind(path)
                told.settimeout(10)
                environment = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "1000000"}
                with HangingServer("--threads", "2", environment=environment) as server:
                    self.assertEqual(told.recv(99), b"READY=1")
                    began = time.monotonic()
                    for _ in range(3):
                        self.assertEqual(told.recv(99), b"WATCHDOG=1")
                    self.assertLess(time.monotonic() - began, 2.5)
                    server.enter_room(HANG)
                    server.line("worker hangs")
                    time.sleep(0.2)
                    told.setblocking(False)
                    with self.assertRaises(BlockingIOError):
                        while True:
                            told.recv(99)
                    time.sleep(2)
                    with self.assertRaises(BlockingIOError):
                        told.recv(99)

    def test_watchdog_of_another_process_is_not_ours(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "notify")
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
                told.bind(path)
                told.settimeout(10)
                with HangingServer(environment={"NOTIFY_SOCKET": path, "WATCHDOG_PID": "1",
                                                "WATCHDOG_USEC": "200000"}):
                    self.assertEqual(told.recv(99), b"READY=1")
                    told.settimeout(0.7)
                    with self.assertRaises(TimeoutError):
                        told.recv(99)

    def test_unit_has_a_watchdog(self):
        unit = (ROOT / "assets/skirmish.service").read_text(encoding="utf-8")
        self.assertRegex(unit, r"(?m)^WatchdogSec=\d+$")


class Crash(unittest.TestCase):
    """A fatal signal says where, then does what it always did."""

    def crash(self, fault, number, phase=STEP, *options):
        """It must die of the signal; returns its last line."""
        with HangingServer(*options) as server:
            room = server.enter_room(fault, phase, 20).room
            self.assertEqual(server.process.wait(10), -number)
            return room, server.log().splitlines()[-1]

    def test_crash_prints_one_line_and_dies_of_its_signal(self):
        for fault, number, name in ((SEGV, signal.SIGSEGV, "SIGSEGV"),
                                    (ABRT, signal.SIGABRT, "SIGABRT"),
                                    (BUS, signal.SIGBUS, "SIGBUS"),
                                    (FPE, signal.SIGFPE, "SIGFPE")):
            room, line = self.crash(fault, number)
            self.assertEqual(line, f'level=error event="fatal signal" signal={name} room={room} '
                                   "game=hanging tick=20 phase=step")

    def test_crash_of_a_full_stack_prints_too(self):
        room, line = self.crash(STACK, signal.SIGSEGV)
        self.assertIn(f"room={room} game=hanging tick=20", line)

    def test_crash_line_is_json_where_the_log_is(self):
        room, line = self.crash(SEGV, signal.SIGSEGV, STEP, "--log", "json")
        fields = json.loads(line)
        self.assertEqual(fields, {"level": "error", "event": "fatal signal", "signal": "SIGSEGV",
                                  "room": room, "game": "hanging", "tick": 20, "phase": "step"})

    def test_crash_outside_of_rooms_names_none(self):
        with HangingServer() as server:
            server.process.send_signal(signal.SIGABRT)
            self.assertEqual(server.process.wait(10), -signal.SIGABRT)
            self.assertEqual(server.log().splitlines()[-1],
                             'level=error event="fatal signal" signal=SIGABRT')


if __name__ == "__main__":
    unittest.main()
