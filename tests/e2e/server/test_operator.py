"""test_operator.py - what runs the server beside a person: the sample settings, systemd."""
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import time
import unittest

from flat import Table, message
from skirmish import PROGRAM, ROOT, Client, Server

DIVERGED = 8 # of the union in skirmish.fbs
FIRE = 1 # of arena's buttons


class Operator(unittest.TestCase):
    """A machine's own life with the server."""

    def test_sample_settings_are_taken(self):
        with tempfile.TemporaryDirectory() as folder:
            web = pathlib.Path(folder, "web")
            web.mkdir()
            (web / "index.html").write_text("<p>hello", encoding="utf-8")
            with Server("--config", str(ROOT / "assets/skirmish.conf"), "--web", str(web),
                        "--state-dir", os.path.join(folder, "state")) as server:
                self.assertNotIn("level=error", server.log())

    def test_sample_settings_name_every_setting_with_its_default(self):
        """Each line that is commented out is a setting too: it must be known, and one that has a
        default must stand there with it."""
        text = (ROOT / "assets/skirmish.conf").read_text(encoding="utf-8")
        written = dict(re.findall(r"^#?([a-z-]+) = (.*)$", text, re.MULTILINE)[::-1])
        told = subprocess.run([PROGRAM, "--help"], check=True, capture_output=True, text=True)
        known = dict(re.findall(r"^  --([a-z-]+) .*?(?:\(([^()]*)\))?$", told.stdout, re.MULTILINE))
        del known["config"] # the file itself
        self.assertEqual(written.keys(), known.keys() - {"help"})
        for name, value in written.items():
            if f"\n#{name} = " in text and re.fullmatch(r"[0-9.:]+|logfmt|info", known[name]):
                self.assertEqual(value, known[name], name)

    def test_log_says_what_started(self):
        with Server("--threads", "3") as server:
            server.wait_for_log("event=started ")
            self.assertRegex(server.log(), r"level=info event=started version=\d+\.\d+\.\d+ "
                             rf"threads=3 listen={server.host}:{server.port} "
                             rf"admin={server.admin} games=arena pid=\d+\n")

    def test_log_says_who_came_and_who_went_and_why(self):
        with Server() as server, Client(server, name='Ann "B"') as client:
            client.enter()
            who = f'room={client.room} seat={client.player} name="Ann \\"B\\"" address=127.0.0.1'
            server.wait_for_log(f'level=info event="player joined" {who}\n')
            client.drop()
            server.wait_for_log(f'level=info event="player left" {who} reason=peer_gone\n')
            with Client(server, ticket=client.resume) as again:
                again.enter()
                server.wait_for_log(f'level=info event="player came back" {who}\n')
                again.leave()
                server.wait_for_log(f'level=info event="player left" {who} reason=left\n')

    def test_log_of_a_stranger_is_for_debugging_alone(self):
        with Server() as server, Client(server, ticket="x" * 40) as client:
            client.hello()
            while client.read()[0] != "close":
                pass
            self.assertNotIn("player", server.log())

    def test_shots_of_a_room_are_told_and_why_they_missed(self):
        with Server() as server, Client(server) as client:
            client.enter()
            self.assertEqual(self.shots(server, client.room), [])
            client.play(0.5)
            tick = client.newest + 12
            client.inputs(tick, view_tick=client.newest, buttons=FIRE)
            until = time.monotonic() + 20
            while not self.shots(server, client.room) and time.monotonic() < until:
                client.play(0.2) # until the bolt is at its end
            shot, = self.shots(server, client.room.lower())
            self.assertEqual((shot["shooter"], shot["target"]), (client.player, None))
            self.assertEqual((shot["missed"], shot["moved"]), (0, 0))
            self.assertGreaterEqual(shot["tick"], tick)
            self.assertIn(shot["limit"], ("none", "old", "wide", "ahead", "behind"))
            for path in ("/api/rooms/ZZZZZZ/shots", "/api/rooms/shots", "/api/rooms//shots",
                         f"/api/rooms/{client.room}/shot", f"/api/rooms/{client.room}"):
                self.assertEqual(server.ask_admin(path)[0], 404, path)
            self.assertEqual(server.ask("GET", f"/api/rooms/{client.room}/shots")[0], 404)

    def shots(self, server, room):
        """What the admin port tells of a room's last shots."""
        status, body = server.ask_admin(f"/api/rooms/{room}/shots")
        self.assertEqual(status, 200, body)
        told = json.loads(body)
        self.assertEqual(told["room"], room.upper())
        return told["shots"]

    def test_clients_that_diverge_and_clients_of_other_code_are_counted(self):
        with Server() as server, Client(server) as client, Client(server) as other:
            client.enter()
            for _ in range(2): # one in 10 s counts
                client.send(message(DIVERGED, Table((0, "I", 7), (1, "H", 0), (2, "H", 0),
                                                    (3, "H", 0))))
            server.wait_for_log('event="prediction diverged"')
            other.hello(code=1)
            while other.read()[0] != "close":
                pass
            other.drop() # it is counted when it has ended
            time.sleep(0.3) # what is published is a quarter of a second old
            self.assertEqual(server.metric('skirmish_diverged_total{game="arena"}'), 1)
            self.assertEqual(server.metric('skirmish_closed_total{reason="code"}'), 1)

    def test_admin_port_serves_no_foreign_page(self):
        """DNS rebinding: a page whose own name was made to resolve to this machine."""
        with Server() as server:
            port = server.admin.split(":")[1]
            for path in ("/metrics", "/healthz", "/nothing"):
                status, body = server.ask_admin(path, Host=f"evil.example:{port}")
                self.assertEqual((status, json.loads(body)["error"]), (421, "host"))
            server.wait_for_log("reason=host host=evil.example")
            for origin in (f"http://evil.example:{port}", "http://localhost:5173", "null"):
                status, body = server.ask_admin("/metrics", Origin=origin)
                self.assertEqual((status, json.loads(body)["error"]), (403, "origin"))
            for headers in ({"Host": f"localhost:{port}"}, {"Host": "[::1]"},
                            {"Origin": f"http://{server.admin}"}):
                self.assertEqual(server.ask_admin("/metrics", **headers)[0], 200)
            self.assertEqual(server.metric('skirmish_admin_refused_total{reason="host"}'), 3)
            self.assertEqual(server.metric('skirmish_admin_refused_total{reason="origin"}'), 3)

    def test_admin_port_has_the_names_that_it_is_given(self):
        with Server("--admin-host", "metrics.example.net") as server:
            self.assertEqual(server.ask_admin("/metrics", Host="metrics.example.net:443")[0], 200)
            self.assertEqual(server.ask_admin("/metrics", Host="example.net")[0], 421)

    def test_admin_token_is_of_a_scheme_in_any_case(self):
        with Server("--admin-token", "secret") as server:
            for given, want in (("Bearer secret", 200), ("bearer secret", 200),
                                ("BEARER  secret", 200), ("Bearer secre", 401),
                                ("Bearer secrets", 401), ("Bearersecret", 401), ("secret", 401),
                                ("Basic secret", 401), ("Bearer", 401)):
                self.assertEqual(server.ask_admin("/metrics", Authorization=given)[0], want, given)
            self.assertEqual(server.ask_admin("/metrics")[0], 401)

    def test_service_manager_is_told_of_start_and_end(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "notify")
            told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            told.bind(path)
            told.settimeout(10)
            with told, Server(environment={"NOTIFY_SOCKET": path}) as server:
                self.assertEqual(told.recv(99), b"READY=1")
                server.process.terminate()
                self.assertEqual(told.recv(99), b"STOPPING=1")
                self.assertEqual(server.process.wait(20), 0)
