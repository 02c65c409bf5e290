"""test_bots.py - headless players against a server: ws, wss, cut connections, exit codes."""
import json
import pathlib
import subprocess
import unittest

from skirmish import PROGRAM, Server

BOTS = str(pathlib.Path(PROGRAM).with_name("skirmish-bots"))


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
        self.assertGreater(figures["snapshots_per_s"], 900)
        self.assertGreater(figures["inputs_per_s"], 2800)

    def test_fifty_bots_over_wss_by_another_tls_library(self):
        figures = self.play(True)
        self.assertEqual(figures["drops"], 0)
        self.assertGreater(figures["snapshots_per_s"], 900)

    def test_cut_connections_come_back_to_their_seats(self):
        figures = self.play(False, "--churn", "2")
        self.assertGreater(figures["drops"], 50)
        self.assertGreaterEqual(figures["resumes"], figures["drops"] - 5)

    def test_failed_expectation_is_exit_3_and_named(self):
        with Server() as server:
            code, _, err = run_bots("--url", url_of(server), "--bots", "2", "--seconds", "1",
                                    "--expect", "ack_p99<1us", "--expect", "failed=0")
        self.assertEqual(code, 3, err)
        self.assertIn("ack_p99<1us", err)
        self.assertNotIn("failed=0", err)

    def test_server_that_is_not_there_is_exit_1(self):
        code, figures, err = run_bots("--url", "http://127.0.0.1:1", "--bots", "2", "--seconds",
                                      "1")
        self.assertEqual((code, figures["failed"]), (1, 2), err)

    def test_bad_command_line_is_one_line_and_exit_2(self):
        for options in (["--bots", "2"], ["--url"], ["--url", "x", "--bots", "none"],
                        ["--url", "x", "--expect", "ack_p99<60"], ["--swarm", "1"]):
            code, _, err = run_bots(*options)
            self.assertEqual((code, err.count("\n")), (2, 1), err)
