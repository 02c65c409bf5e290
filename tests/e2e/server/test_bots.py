"""test_bots.py - headless players against a server: ws, wss, cut connections, exit codes."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from skirmish import PROGRAM, ROOT, Client, Server

BOTS = str(pathlib.Path(PROGRAM).with_name("skirmish-bots"))
OFTEN = 500 # snapshots a second of fifty bots: half of what an idle machine gives


def run_bots(*options):
    """Runs skirmish-bots; returns (exit code, figures or None, stderr)."""
    done = subprocess.run([BOTS, "--json", *options], timeout=120, capture_output=True, text=True,
                          check=False)
    lines = done.stdout.splitlines()
    return done.returncode, json.loads(lines[-1]) if lines else None, done.stderr


def url_of(server):
    """What a person copies from the browser."""
    return f"http{'s' if server.context else ''}://127.0.0.1:{server.port}"


class Bots(unittest.TestCase):
    """What a load test rests on."""

    def play(self, secure, *options):
        """Fifty bots play for five seconds; returns their figures."""
        with Server(secure=secure) as server:
            code, figures, err = run_bots("--url", url_of(server), "--bots", "50", "--seconds", "5",
                                          "--expect", "failed=0", *options)
            self.assertEqual(code, 0, err)
            self.assertEqual(figures["connected"], 50)
            self.assertEqual(figures["mismatches"], 0)
            return figures

    def test_fifty_bots_over_ws(self):
        figures = self.play(False)
        self.assertEqual(figures["drops"], 0)
        self.assertGreater(figures["snapshots_per_s"], OFTEN)
        self.assertGreater(figures["inputs_per_s"], 2800)

    def test_fifty_bots_over_wss_by_another_tls_library(self):
        figures = self.play(True)
        self.assertEqual(figures["drops"], 0)
        self.assertGreater(figures["snapshots_per_s"], OFTEN)

    def test_bots_that_decode_nothing_play_as_well(self):
        with Server() as server:
            code, figures, err = run_bots("--url", url_of(server), "--bots", "50", "--seconds", "5",
                                          "--no-decode", "--threads", "2")
            kept = server.metric("skirmish_inputs_total")
            repeated = server.metric("skirmish_inputs_repeated_total")
        self.assertEqual((code, figures["failed"], figures["mismatches"]), (0, 0, 0), err)
        self.assertGreater(figures["snapshots_per_s"], OFTEN)
        self.assertGreater(kept, 50 * 60 * 5) # joining and warming up come on top
        self.assertLess(repeated, 0.1 * kept)

    def inputs_used(self, rate):
        """Of four bots' inputs at so many messages a second: those that the server kept, and what
        it had to make up beside them."""
        with Server() as server, subprocess.Popen(
                [BOTS, "--json", "--url", url_of(server), "--bots", "4", "--input-rate", rate,
                 "--seconds", "12"], stdout=subprocess.PIPE, text=True) as bots:
            bots.stdout.readline() # measuring
            time.sleep(3) # the leads have settled
            names = [f"skirmish_inputs_{name}total" for name in ("", "repeated_")]
            before = [server.metric(name) for name in names]
            time.sleep(8)
            kept, repeated = (server.metric(name) - was
                              for name, was in zip(names, before, strict=True))
            bots.communicate(timeout=60)
        return kept, repeated

    def test_inputs_that_share_messages_are_used(self):
        """A machine that is busy with other things gets several tries."""
        for rate in ("30", "20"):
            with self.subTest(rate=rate):
                for _ in range(3):
                    kept, repeated = self.inputs_used(rate)
                    if kept > 4 * 60 * 8 * 0.95 and repeated < 0.005 * kept:
                        break
                self.assertGreater(kept, 4 * 60 * 8 * 0.95)
                self.assertLess(repeated, 0.005 * kept)

    def test_generator_that_was_held_up_begins_anew_and_says_so(self):
        """What it owes is given up and counted; it does not send what is stale."""
        with Server() as server:
            with subprocess.Popen([BOTS, "--json", "--url", url_of(server), "--bots", "10",
                                   "--seconds", "4"], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True) as bots:
                bots.stdout.readline() # measuring
                time.sleep(1)
                bots.send_signal(signal.SIGSTOP)
                time.sleep(1)
                bots.send_signal(signal.SIGCONT)
                out, err = bots.communicate(timeout=60)
            dropped = server.metric("skirmish_inputs_dropped_total")
        figures = json.loads(out.splitlines()[-1])
        self.assertGreaterEqual(figures["generator_restarts"], 1)
        self.assertGreater(figures["inputs_given_up"], 400) # of 600 that were due in the second
        self.assertLess(dropped, 300)
        self.assertEqual(figures["generator_limit"], 1)
        self.assertIn("the generator itself is the limit", err)

    def test_cut_connections_come_back_to_their_seats(self):
        figures = self.play(False, "--churn", "2")
        self.assertGreater(figures["drops"], 50)
        self.assertGreaterEqual(figures["resumes"], figures["drops"] - 5)

    def test_thinking_bots_fight(self):
        """As the server's own bots do; at random nobody is killed in a minute.  Who sees late
        misses, so a machine that is busy with other things gets several quarters of it."""
        kills = 0
        for _ in range(4):
            with Server() as server:
                code, figures, err = run_bots("--url", url_of(server), "--bots", "8", "--seconds",
                                              "15", "--think", "--assets", str(ROOT / "assets"))
            self.assertEqual((code, figures["failed"]), (0, 0), err)
            kills += figures["events_by_name"]["kill"] / 8
            if kills >= 2:
                break
        self.assertGreaterEqual(kills, 2)

    def test_first_match_of_a_server_that_fills_is_alive(self):
        """One player among the server's own bots, in a room that was opened for him."""
        with Server("--bots-fill", "8") as server:
            code, figures, err = run_bots("--url", url_of(server), "--bots", "1", "--seconds", "20",
                                          "--room-size", "32")
        self.assertEqual(code, 0, err)
        self.assertGreaterEqual(figures["events_by_name"]["kill"], 4)

    def test_private_rooms_fill_too(self):
        with Server("--bots-fill", "8") as server:
            with Client(server, create=True, public=False, password="secret") as client:
                client.enter()
                client.play(1)
                self.assertEqual(server.metric("skirmish_bots"), 7)

    def test_thinking_without_the_content_is_exit_1_and_named(self):
        with Server() as server:
            code, _, err = run_bots("--url", url_of(server), "--think", "--assets", "/nowhere")
        self.assertEqual(code, 1)
        self.assertIn("cannot read /nowhere/maps/arena.txt", err)

    def test_thinking_with_other_content_is_exit_1_and_named(self):
        with tempfile.TemporaryDirectory() as assets, Server() as server:
            os.mkdir(f"{assets}/maps")
            pathlib.Path(f"{assets}/maps/arena.txt").write_text("map M\n####\n#SS#\n####\n",
                                                               encoding="utf-8")
            code, figures, err = run_bots("--url", url_of(server), "--think", "--assets", assets,
                                          "--bots", "2", "--seconds", "1")
        self.assertEqual((code, figures["failed"]), (1, 2), err)
        self.assertIn("2 of 2 bots failed: layout: the match has another content", err)

    def test_failed_expectation_is_exit_3_and_named(self):
        with Server() as server:
            code, _, err = run_bots("--url", url_of(server), "--bots", "2", "--seconds", "1",
                                    "--expect", "ack_p99<1us", "--expect", "failed=0")
        self.assertEqual(code, 3, err)
        self.assertIn("ack_p99<1us", err)
        self.assertNotIn("failed=0", err)

    def check_failure(self, reason, message, count, *options):
        """Runs bots that fail for one reason, which is told to people and programs alike."""
        code, figures, err = run_bots("--seconds", "1", *options)
        self.assertEqual(code, 1, err)
        self.assertEqual(figures["failed"], count, err)
        self.assertEqual(figures["failures"],
                         [{"reason": reason, "message": message, "count": count}])
        self.assertIn(f"{count} of {count} bots failed: {reason}: {message}\n", err)
        return figures

    def test_refused_connection_is_tried_again_then_named(self):
        figures = self.check_failure("peer_gone", "Connection refused", 2, "--bots", "2", "--url",
                                     "http://127.0.0.1:1", "--join-seconds", "2")
        self.assertGreaterEqual(figures["join_retries"], 2)

    def test_join_seconds_0_tries_once(self):
        figures = self.check_failure("peer_gone", "Connection refused", 2, "--bots", "2", "--url",
                                     "http://127.0.0.1:1", "--join-seconds", "0")
        self.assertEqual(figures["join_retries"], 0)

    def test_refusals_are_named_in_the_servers_words_at_once(self):
        with Server() as server:
            begin = time.monotonic()
            self.check_failure("game_unknown", "this server does not have that game", 50, "--bots",
                               "50", "--game", "chess", "--url", url_of(server))
            self.check_failure("request_bad", "the request's fields are not as they should be", 3,
                               "--bots", "3", "--room-size", "1000", "--url", url_of(server))
            self.assertLess(time.monotonic() - begin, 10)

    def test_crowd_that_asks_too_fast_gets_in_by_and_by(self):
        with Server("--limit-loopback", "--joins-per-second", "2") as server: # 32 at once
            code, figures, err = run_bots("--url", url_of(server), "--bots", "40", "--ramp", "0",
                                          "--seconds", "1")
        self.assertEqual((code, figures["connected"], figures["failed"]), (0, 40, 0), err)
        self.assertGreaterEqual(figures["join_retries"], 8)

    def test_server_that_comes_late_is_joined(self):
        with Server() as server:
            port = server.port
        bots = subprocess.Popen([BOTS, "--json", "--url", f"http://127.0.0.1:{port}", "--bots",
                                 "20", "--seconds", "1"], stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        with Server("--listen", f"127.0.0.1:{port}"):
            out, _ = bots.communicate(timeout=60)
        figures = json.loads(out.splitlines()[-1])
        self.assertEqual((bots.returncode, figures["connected"], figures["failed"]), (0, 20, 0))
        self.assertGreaterEqual(figures["join_retries"], 20)
        self.assertEqual(figures["failures"], [])

    def test_bad_command_line_is_one_line_and_exit_2(self):
        for options in (["--bots", "2"], ["--url"], ["--url", "x", "--bots", "none"],
                        ["--url", "x", "--expect", "ack_p99<60"], ["--swarm", "1"]):
            code, _, err = run_bots(*options)
            self.assertEqual((code, err.count("\n")), (2, 1), err)
