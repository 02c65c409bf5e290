"""test_session.py - what a connection may say, and what it hears when it says something else."""
import time
import unittest

from skirmish import (CLOSE, GOODBYE, HELLO, NOTICE, TEXT_FRAME, WELCOME, Client, Server, Table,
                      Text, frame, message)

CODES = {"malformed": 4020, "hello_expected": 4021, "hello_twice": 4022, "version": 4023,
         "layout": 4024, "input_range": 4025, "input_future": 4026, "ack_unknown": 4027,
         "command_refused": 4028, "ticket_malformed": 4040, "ticket_forged": 4041,
         "ticket_used": 4043, "displaced": 4059, "rate_limit": 4011, "ws_unsupported": 1003,
         "ws_too_big": 1009, "ws_protocol": 1002, "seat_gone": 4058, "code": 4065}


class Session(unittest.TestCase):
    """One server for all."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--threads", "2", "--seat-seconds", "2")
        cls.addClassCleanup(cls.server.__exit__)

    def closed(self, client, word):
        """The connection must be closed with this word, and a Goodbye before it if it was ours."""
        said = None
        while True:
            got = client.read()
            if got[0] == GOODBYE:
                said = got[1].text(1)
            if got[0] == "snapshot" and word == "input_future":
                client.inputs(client.newest + 600)  # let off for a while after time was dropped
            if got[0] == "close":
                self.assertEqual(got[1:], (CODES[word], word))
                break
        if CODES[word] >= 4011:
            self.assertEqual(said, word)
        self.assertIn(f'reason="{word}"', self.server.metrics())

    def test_hello_gives_welcome_and_keyframe(self):
        with Client(self.server) as client:
            welcome = client.enter()
            self.assertEqual(welcome.text(1), "arena")
            self.assertEqual(welcome.text(2), client.room)
            self.assertEqual((welcome.number(7, "H"), welcome.number(8, "H")), (60, 3))
            client.play(0.5)
            self.assertFalse(any(keyframe for _, keyframe, *_ in client.snapshots[1:]))

    def test_greeting_takes_hello_alone(self):
        for act, word in ((lambda c: c.ack(0), "hello_expected"),
                          (lambda c: c.leave(), "hello_expected"),
                          (lambda c: c.send(b"\0" * 64), "malformed"),
                          (lambda c: c.send(b"\1" * 9), "malformed"),
                          (lambda c: c.hello(version=9), "version"),
                          (lambda c: c.hello(version=1), "version"),
                          (lambda c: c.hello(layout=1), "layout"),
                          (lambda c: c.hello(code=1), "code"),
                          (lambda c: c.hello(ticket="x"), "ticket_malformed"),
                          (lambda c: c.hello(ticket="01" + "0" * 102), "ticket_forged"),
                          (lambda c: c.connection.send(frame(TEXT_FRAME, b"hi")), "ws_unsupported"),
                          (lambda c: c.connection.send(frame(2, b"x" * 1025)), "ws_too_big"),
                          (lambda c: c.connection.send(frame(3, b"")), "ws_protocol")):
            with self.subTest(word=word), Client(self.server) as client:
                act(client)
                self.closed(client, word)

    def test_flipped_ticket_is_forged(self):
        _, answer = self.server.join()
        good = answer["ticket"]
        for at in range(4, len(good), 13):
            bad = good[:at] + ("0" if good[at] != "0" else "1") + good[at + 1:]
            with Client(self.server, bad) as client:
                client.hello()
                self.closed(client, "ticket_forged")

    def test_ticket_is_good_once(self):
        with Client(self.server) as client:
            client.enter()
            client.play(0.2)
            with Client(self.server, client.ticket) as again:
                again.hello()
                self.closed(again, "ticket_used")

    def test_ticket_without_a_word_after_its_welcome_is_good_again(self):
        with Client(self.server) as client:
            client.enter()
            with Client(self.server, client.ticket) as again:
                again.enter()
                self.assertEqual(again.player, client.player)
                self.closed(client, "displaced")
                again.play(0.3)

    def test_playing_refuses_what_it_must(self):
        def far_future(client):
            client.play(1.2)
            client.inputs(client.newest + 600)
        acts = ((lambda c: c.hello(), "hello_twice"),
                (lambda c: c.ack(c.newest + 3000), "ack_unknown"),
                (lambda c: c.ack(c.newest - 1), "ack_unknown"),
                (lambda c: c.inputs(c.newest + 5, view_tick=c.newest + 900), "input_range"),
                (lambda c: c.inputs(c.newest + 5, count=17), "input_range"),
                (far_future, "input_future"),
                (lambda c: c.send(message(4, Table((0, "H", 999)))), "command_refused"),
                (lambda c: c.send(message(HELLO, Table((0, "H", 3)))), "malformed"),
                (lambda c: [c.ack() for _ in range(1300)], "rate_limit"))
        for act, word in acts:
            with self.subTest(word=word), Client(self.server) as client:
                client.enter()
                act(client)
                self.closed(client, word)

    def test_probe_brings_figures_once_a_second_else_words(self):
        probe = message(7, Table())
        with Client(self.server) as client:
            client.enter()
            client.play(0.5)
            client.send(probe)
            probed = client.wait(7)
            step_p50, step_p99, late_p50, late_p99 = (probed.number(i, "I") for i in range(1, 5))
            self.assertGreater(probed.number(0, "I"), 0)
            self.assertTrue(0 < step_p50 <= step_p99 < 1_000_000)
            self.assertTrue(late_p50 <= late_p99 < 1_000_000)
            client.send(probe)
            self.assertIn("once a second", client.wait(4).text(2))

    def test_diverged_is_a_line_of_the_log_now_and_then(self):
        def diverged(kind, row):
            return message(8, Table((0, "I", 4711), (1, "H", kind), (2, "H", 2), (3, "H", row)))

        line = 'event="prediction diverged"'
        with Client(self.server) as client:
            client.enter()
            client.send(diverged(99, 0))
            client.send(diverged(0, 99))
            client.play(0.2)
            self.assertNotIn(line, self.server.log())
            client.send(diverged(0, 0))
            client.send(diverged(0, 1))
            self.server.wait_for_log(line)
            client.play(0.2)
            said = [text for text in self.server.log().splitlines() if line in text]
            self.assertEqual(len(said), 1)
            self.assertIn("tick=4711 kind=player slot=2 row=x", said[0])

    def test_nobody_else_is_touched(self):
        with Client(self.server, create=True) as quiet:
            quiet.enter()
            with Client(self.server, room=quiet.room) as hostile:
                hostile.enter()
                hostile.send(b"\0" * 64)
                self.closed(hostile, "malformed")
            quiet.play(0.5)

    def test_resume_with_the_old_connection_still_open(self):
        with Client(self.server) as old:
            old.enter()
            old.play(0.3)
            with Client(self.server, old.resume) as new:
                welcome = new.enter()
                self.assertEqual((new.player, welcome.number(17, "B")), (old.player, 1))
                self.closed(old, "displaced")
                new.play(0.3)
                with Client(self.server, old.resume) as late:
                    late.hello()
                    self.closed(late, "ticket_used")

    def test_resume_after_a_drop_is_the_same_seat(self):
        with Client(self.server) as old:
            old.enter()
            old.drop()
            body = '{"resume":"%s"}' % old.resume
            self.assertEqual(self.server.ask("POST", "/api/join", body)[0], 200)
            with Client(self.server, old.resume) as new:
                new.enter()
                self.assertEqual(new.player, old.player)

    def test_seat_is_gone_after_seat_seconds_or_leave(self):
        with Client(self.server, create=True) as stays:
            stays.enter()
            for leaves in (True, False):
                with Client(self.server, room=stays.room) as gone:
                    gone.enter()
                    if leaves:
                        gone.leave()
                        gone.wait(GOODBYE)
                    gone.drop()
                stays.play(0.3 if leaves else 3)
                with Client(self.server, gone.resume) as back:
                    back.hello()
                    self.closed(back, "seat_gone")

    def test_connections_move_to_their_rooms_worker(self):
        clients = [Client(self.server, create=True) for _ in range(8)]
        for client in clients:
            client.enter()
            client.play(0.1)
            client.drop()
        self.assertGreater(self.server.metric("skirmish_connections_moved_total"), 0)

    def test_bytes_behind_the_hello_move_along(self):
        clients = [Client(self.server, create=True) for _ in range(4)]
        for client in clients:
            hello = message(HELLO, Table((0, "H", 3), (1, Text(client.ticket)), (2, "Q", 0)))
            ack = message(3, Table((0, "I", 0)))
            both = frame(2, hello) + frame(2, ack)
            client.connection.send(both[:-3])
            time.sleep(0.05)
            client.connection.send(both[-3:])
            client.wait(WELCOME)
            client.wait("snapshot")
            client.drop()

    def test_spectator_watches_and_may_not_play(self):
        with Client(self.server, create=True) as player:
            player.enter()
            with Client(self.server, room=player.room, spectate=True) as spectator:
                spectator.enter()
                self.assertEqual(spectator.player, 65535)
                spectator.ack()
                spectator.inputs(spectator.newest + 5)
                self.closed(spectator, "input_range")


class Silence(unittest.TestCase):
    """A connection that says nothing."""

    def closed(self, options, enter, want):
        """It must be closed with this code and word."""
        with Server(*options) as server, Client(server) as client:
            if enter:
                client.enter()
            while True:
                opcode, payload = client.connection.read_frame()
                if opcode == CLOSE:
                    break
            self.assertEqual((int.from_bytes(payload[:2], "big"), payload[2:].decode()), want)

    def test_no_hello_in_time_is_head_timeout(self):
        self.closed(("--head-timeout-ms", "300"), False, (4001, "head_timeout"))

    def test_player_that_is_silent_is_idle(self):
        self.closed(("--idle-timeout-ms", "1000", "--ping-interval-ms", "300"), True,
                    (4009, "idle"))


class Reader(unittest.TestCase):
    """A reader that stops for 20 s: memory flat, nobody else late, one delta when it returns."""

    def test_reader_that_stops_for_20_s(self):
        with Server("--threads", "1") as server, Client(server, create=True) as quick:
            quick.enter()
            with Client(server, room=quick.room) as slow:
                slow.enter()
                slow.play(1)
                before = memory(server)
                count = len(quick.snapshots)
                began = time.monotonic()
                while time.monotonic() < began + 20:
                    quick.play(1)
                    slow.connection.send(frame(9, b""))  # it lives, but does not read
                times = [row[3] for row in quick.snapshots[count:]]
                gaps = [b - a for a, b in zip(times, times[1:])]
                self.assertLess(sorted(gaps)[len(gaps) * 99 // 100], 0.2)
                self.assertLess(memory(server) - before, 1 << 20)
                held = len(slow.snapshots)
                slow.play(1)
                late = [row for row in slow.snapshots[held:] if row[0] < quick.newest - 60]
                self.assertLess(len(late), 12, "only what was under way may be old")
                self.assertGreater(slow.newest, quick.newest - 30)


def memory(server):
    """Bytes of the server's memory that are in use."""
    with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


class Stop(unittest.TestCase):
    """SIGTERM and SIGHUP."""

    def test_drain_tells_players_and_exits_0(self):
        with Server("--drain-seconds", "30") as server, Client(server) as client:
            client.enter()
            server.process.terminate()
            self.assertEqual(client.wait(NOTICE).number(0, "B"), 1)
            self.assertEqual(server.ask("GET", "/readyz")[0], 503)
            self.assertEqual(server.join()[1]["error"], "server_stopping")
            client.leave()
            self.assertEqual(server.process.wait(5), 0)

    def test_drain_ends_when_time_is_up(self):
        with Server("--drain-seconds", "1") as server, Client(server) as client:
            client.enter()
            server.process.terminate()
            while True:
                got = client.read()
                if got[0] == "close":
                    break
            self.assertEqual(got[1:], (1001, "server_stopping"))
            self.assertEqual(server.process.wait(5), 0)

    def test_second_sigterm_closes_with_its_word_and_exits_at_once(self):
        for secure in (False, True):
            with Server("--drain-seconds", "60", secure=secure) as server:
                clients = [Client(server, create=True) for _ in range(8)]
                for client in clients:
                    client.enter()
                server.process.terminate()
                server.wait_for_log("draining")
                for client in clients:
                    client.inputs(client.newest + 6)  # what is unread must not reset anybody
                server.process.terminate()
                for client in clients:
                    self.assertEqual(self.closed(client), (1001, "server_stopping"))
                    client.connection.expect_end()
                    client.drop()
                self.assertEqual(server.process.wait(2), 0)

    @staticmethod
    def closed(client):
        """Code and word of its close frame."""
        while True:
            got = client.read()
            if got[0] == "close":
                return got[1:]

    def test_sighup_takes_a_new_certificate_and_keeps_the_old_for_a_bad_one(self):
        with Server(secure=True) as server:
            server.process.send_signal(1)
            server.wait_for_log("certificate taken")
            with open(f"{server.folder.name}/cert.pem", "w", encoding="ascii") as file:
                file.write("nonsense")
            server.process.send_signal(1)
            server.wait_for_log("certificate kept")
            with Client(server) as client:
                client.enter()
                client.play(0.3)


if __name__ == "__main__":
    unittest.main()
