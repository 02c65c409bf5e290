"""test_start.py - settings, the ready line, and what is refused before anything is served."""
import os
import pathlib
import socket
import subprocess
import tempfile
import unittest

from skirmish import PROGRAM, ROOT, Client, Server


def start(*options, **environment):
    """Runs a server that should end by itself; returns (exit code, stdout, stderr)."""
    done = subprocess.run([PROGRAM, "--assets", str(ROOT / "assets"), *options], timeout=20,
                          capture_output=True, text=True, check=False,
                          env={**os.environ, **environment})
    return done.returncode, done.stdout, done.stderr


def has_network():
    """Whether an IPv4 address other than loopback is up."""
    rows = pathlib.Path("/proc/net/route").read_text(encoding="ascii").splitlines()[1:]
    return any(row.split()[0] != "lo" for row in rows)


class Start(unittest.TestCase):
    """What an operator meets first."""

    def refused(self, word, *options, **environment):
        """It must exit 2 with one line that names what is wrong."""
        code, out, err = start(*options, **environment)
        self.assertEqual((code, out, err.count("\n")), (2, "", 1), err)
        self.assertIn(word, err)

    def test_help_and_version_exit_0(self):
        for flag, word in (("--help", "--listen"), ("--version", "skirmishd")):
            code, out, _ = start(flag)
            self.assertEqual(code, 0)
            self.assertIn(word, out)

    def test_bad_setting_is_one_line_and_exit_2(self):
        self.refused("--no-such-flag", "--no-such-flag")
        self.refused("threads", "--threads", "many")
        self.refused("listen", "--listen", "127.0.0.1")
        self.refused("SKIRMISH_SEAT_SECONDS", SKIRMISH_SEAT_SECONDS="-1")
        self.refused("the nearest is SKIRMISH_SEAT_SECONDS", SKIRMISH_SEAT_SECOND="30")
        self.refused("bots-fill: 500 is more than the 32 seats", "--bots-fill", "500")
        self.refused("chess", "--game", "chess")
        self.refused("/nowhere", "--web", "/nowhere")
        self.refused("tls", "--tls-cert", "/nowhere/cert.pem", "--tls-key", "/nowhere/key.pem")
        self.refused("tls", "--tls-cert", "/nowhere/cert.pem")
        self.refused("admin-host", "--admin-host", "metrics.example.net:7778")
        self.refused("/nowhere", "--config", "/nowhere")

    def test_folder_that_cannot_be_had_says_what_the_system_said(self):
        self.refused("web: /nowhere: it cannot be read: No such file or directory",
                     "--web", "/nowhere")
        self.refused("state-dir: /nowhere/x: it cannot be made: No such file or directory",
                     "--state-dir", "/nowhere/x", "--listen", "127.0.0.1:0", "--admin",
                     "127.0.0.1:0")
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "lock").mkdir()
            self.refused(f"state-dir: {folder}: it cannot be written: Is a directory",
                         "--state-dir", folder, "--listen", "127.0.0.1:0", "--admin",
                         "127.0.0.1:0")

    def test_taken_port_is_one_line_and_exit_2(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            self.refused(address, "--listen", address, "--admin", "127.0.0.1:0")

    def test_localhost_is_an_address(self):
        with Server("--listen", "localhost:0", "--admin", "localhost:0") as server:
            self.assertEqual(server.host, "127.0.0.1")

    def test_ready_line_of_all_addresses_names_one_that_can_be_gone_to(self):
        """What stands there is typed into a phone; without a network it stays as it was given."""
        with Server("--listen", "0.0.0.0:0") as server:
            if not has_network():
                self.skipTest("this machine has loopback alone")
            self.assertNotIn(server.host, ("0.0.0.0", "127.0.0.1"))
            self.assertEqual(server.ask("GET", "/healthz")[0], 200)
            _, answer = server.join()
            self.assertEqual(answer["ws"], f"ws://{server.host}:{server.port}/ws")

    def test_config_precedence_flag_environment_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "skirmish.conf"
            path.write_text("seat-seconds = 11\nlisten = 127.0.0.1:1\nlog = json\n", "utf-8")
            variable = {"SKIRMISH_SEAT_SECONDS": "12"}
            for options, environment, want in ((("--seat-seconds", "13"), variable, 13),
                                               ((), variable, 12), ((), {}, 11)):
                with Server("--config", str(path), *options, environment=environment) as server:
                    with Client(server) as client:
                        self.assertEqual(client.enter().number(9, "H"), want)
                    server.wait_for_log('"event":"room opened"')

    def test_state_dir_is_for_one_server(self):
        with tempfile.TemporaryDirectory() as folder, Server("--state-dir", folder):
            self.refused("state-dir", "--state-dir", folder, "--listen", "127.0.0.1:0",
                         "--admin", "127.0.0.1:0")
