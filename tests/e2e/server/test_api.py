"""test_api.py - HTTP: the join API's answers, origins, health, metrics."""
import gzip
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from skirmish import PROGRAM, ROOT, Client, Server


class Api(unittest.TestCase):
    """One server for all."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.__exit__)

    def fails(self, status, word, body):
        """The request must fail with this status and word."""
        got, _, answer = self.server.ask("POST", "/api/join", body)
        self.assertEqual((got, json.loads(answer)["error"]), (status, word))

    def test_join_failures_are_words(self):
        self.fails(400, "request_bad", "{")
        self.fails(400, "request_bad", "[]")
        self.fails(400, "name_bad", json.dumps({"name": ""}))
        self.fails(400, "name_bad", json.dumps({"name": "x" * 33}))
        self.fails(404, "game_unknown", json.dumps({"name": "a", "game": "chess"}))
        self.fails(404, "room_unknown", json.dumps({"name": "a", "room": "AAAAAA"}))
        self.fails(400, "request_bad", json.dumps({"name": "a", "create": True, "players_max": 99}))
        self.fails(400, "ticket_malformed", json.dumps({"resume": "nonsense"}))

    def test_join_by_code_and_password(self):
        status, room = self.server.join(create=True, password="secret", public=False)
        self.assertEqual(status, 200)
        for password, want in ((None, 403), ("wrong", 403), ("secret", 200)):
            extra = {"password": password} if password else {}
            self.assertEqual(self.server.join(room=room["room"], **extra)[0], want)

    def test_join_full_room_is_refused(self):
        _, room = self.server.join(create=True, players_max=2)
        self.assertEqual(self.server.join(room=room["room"])[0], 200)
        status, answer = self.server.join(room=room["room"])
        self.assertEqual((status, answer["error"]), (409, "room_full"))
        self.assertEqual(self.server.join(room=room["room"], spectate=True)[0], 200)

    def test_refusals_that_pass_say_when_to_ask_again(self):
        """Those that the control thread makes as those that a worker makes."""
        with Server("--rooms-max", "1") as server:
            for create, want in ((True, None), (True, "rooms_full")):
                status, headers, answer = server.ask(
                    "POST", "/api/join", json.dumps({"name": "a", "create": create}))
                self.assertEqual(json.loads(answer).get("error"), want)
                self.assertEqual(headers["retry-after"], "1" if status == 503 else None)
                self.assertEqual(headers["cache-control"], "no-store")

    def test_rooms_lists_public_ones(self):
        _, public = self.server.join(create=True, public=True)
        _, private = self.server.join(create=True, public=False)
        _, _, body = self.server.ask("GET", "/api/rooms")
        codes = [row["room"] for row in json.loads(body)["rooms"]]
        self.assertIn(public["room"], codes)
        self.assertNotIn(private["room"], codes)

    def test_rooms_are_listed_with_their_options_by_name(self):
        _, made = self.server.join(create=True, public=True, options={"mode": 1})
        _, _, body = self.server.ask("GET", "/api/rooms")
        row = next(row for row in json.loads(body)["rooms"] if row["room"] == made["room"])
        self.assertEqual((row["options"]["mode"], row["options"]["round_seconds"]), (1, 240))

    def test_games_are_named_with_their_options(self):
        status, _, body = self.server.ask("GET", "/api/games")
        games = json.loads(body)["games"]
        self.assertEqual((status, games[0]["game"]), (200, "arena"))
        self.assertEqual(self.server.ask("GET", games[0]["content"])[0], 200)
        self.assertIn({"name": "round_seconds", "min": 20, "max": 1800, "default": 240},
                      games[0]["options"])

    def test_rooms_come_in_pages(self):
        public = {self.server.join(create=True, public=True)[1]["room"] for _ in range(5)}
        codes, page, pages = [], {"next": None}, 0
        while "next" in page:
            after = f"&after={page['next']}" if page["next"] else ""
            status, _, body = self.server.ask("GET", "/api/rooms?limit=2" + after)
            self.assertEqual(status, 200)
            page, pages = json.loads(body), pages + 1
            codes += [row["room"] for row in page["rooms"]]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertEqual((len(codes), pages), (page["total"], (page["total"] + 1) // 2))
        self.assertLessEqual(public, set(codes))
        status, _, body = self.server.ask("GET", "/api/rooms?limit=0")
        self.assertEqual((status, json.loads(body)["error"]), (400, "request_bad"))

    def test_origin_foreign_is_refused_everywhere(self):
        foreign = {"Origin": "https://evil.example"}
        for path, method in (("/api/join", "POST"), ("/api/rooms", "GET")):
            status, _, body = self.server.ask(method, path, "{}", **foreign)
            self.assertEqual((status, json.loads(body)["error"]), (403, "origin"))
        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                   "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", **foreign}
        self.assertEqual(self.server.ask("GET", "/ws", **upgrade)[0], 403)

    def test_origin_of_a_development_page_gets_cors(self):
        page = {"Origin": "http://localhost:5173"}
        status, headers, _ = self.server.ask("OPTIONS", "/api/join", **page)
        self.assertEqual((status, headers["access-control-allow-origin"]), (204, page["Origin"]))
        status, headers, _ = self.server.ask("POST", "/api/join", '{"name":"a"}', **page)
        self.assertEqual((status, headers["access-control-allow-origin"]), (200, page["Origin"]))

    def test_paths_methods_and_upgrade(self):
        self.assertEqual(self.server.ask("GET", "/healthz")[0], 200)
        self.assertEqual(self.server.ask("GET", "/readyz")[0], 200)
        self.assertEqual(self.server.ask("GET", "/ws")[0], 426)
        self.assertEqual(self.server.ask("GET", "/nothing")[0], 404)
        self.assertEqual(self.server.ask("DELETE", "/api/join")[0], 405)
        self.assertEqual(self.server.ask("POST", "/healthz")[0], 405)
        self.assertEqual(self.server.ask("POST", "/api/join", "x" * 5000)[0], 413)

    def test_subprotocol_of_another_case_is_another(self):
        """npm `ws` drops a connection whose answer differs from its offer by a letter's case."""
        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                   "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
        for offer, want in (("skirmish.1", 101), ("chat, skirmish.1", 101), ("Skirmish.1", 409)):
            status, headers, _ = self.server.ask("GET", "/ws", **upgrade,
                                                 **{"Sec-WebSocket-Protocol": offer})
            self.assertEqual(status, want)
            self.assertEqual(headers["sec-websocket-protocol"],
                             "skirmish.1" if want == 101 else None)

    def raw(self, text):
        """The answer to these bytes, until its end."""
        with socket.create_connection((self.server.host, self.server.port), timeout=20) as peer:
            peer.sendall(text)
            parts = iter(lambda: peer.recv(1 << 16), b"")
            return b"".join(parts)

    def joined(self, target, host):
        """A join with this target and host; returns (status line, ws address or None)."""
        answer = self.raw(f"POST {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
                          'Content-Length: 12\r\n\r\n{"name":"a"}'.encode())
        head, _, body = answer.partition(b"\r\n\r\n")
        return head[:12], json.loads(body).get("ws")

    def test_join_address_is_of_a_host_that_is_one(self):
        """Else a page that can set a Host could send its players anywhere, or break the JSON."""
        for host in ("a b", 'a"', "a/b", "me@a", "a, b", "a:99999"):
            self.assertEqual(self.joined("/api/join", host), (b"HTTP/1.1 400", None), host)
        for host in ("play.example.net", "[::1]:7777"):
            self.assertEqual(self.joined("/api/join", host), (b"HTTP/1.1 200", f"ws://{host}/ws"))

    def test_absolute_target_is_taken_and_its_host_counts(self):
        self.assertEqual(self.joined("http://one.example:80/api/join", "two.example"),
                         (b"HTTP/1.1 200", "ws://one.example:80/ws"))

    def test_content_is_what_its_hash_says(self):
        _, answer = self.server.join()
        status, headers, body = self.server.ask("GET", answer["content"])
        self.assertEqual(status, 200)
        self.assertIn("immutable", headers["cache-control"])
        self.assertIn(b"#", body)
        self.assertEqual(self.server.ask("GET", "/content/arena-0")[0], 404)

    def test_module_is_served_under_the_code_that_it_is_of(self):
        _, answer = self.server.join()
        path = answer["module"]
        self.assertRegex(path, r"^/module/arena-[0-9a-f]{16}\.wasm$")
        status, headers, body = self.server.ask("GET", path)
        self.assertEqual((status, headers["content-type"]), (200, "application/wasm"))
        self.assertIn("immutable", headers["cache-control"])
        self.assertEqual(body[:4], b"\0asm")
        self.assertIn(bytes.fromhex(path[-21:-5])[::-1], body)
        status, headers, packed = self.server.ask("GET", path, **{"Accept-Encoding": "gzip"})
        self.assertEqual((status, headers["content-encoding"]), (200, "gzip"))
        self.assertEqual(gzip.decompress(packed), body)
        status, headers, tables = self.server.ask("GET", path[:-5] + ".json")
        self.assertEqual((status, headers["content-type"]), (200, "application/json"))
        self.assertEqual(json.loads(tables)["name"], "arena")

    def test_module_path_reaches_nothing_else(self):
        _, answer = self.server.join()
        path = answer["module"]
        name = path.rsplit("/", 1)[1]
        for bad in ("/module/", "/module/arena.wasm", path + "x", path[:-5], path + "/",
                    "/module/..%2f..%2fetc%2fpasswd", "/module/%2e%2e/module/" + name,
                    "/module//" + name, "/module/" + name.upper(),
                    "/module/" + name.replace("-", "%2d"), "/module/template-0000.json"):
            with self.subTest(path=bad):
                self.assertIn(self.server.ask("GET", bad)[0], (400, 404))
        self.assertEqual(self.server.ask("POST", path)[0], 405)

    def test_game_whose_module_is_not_beside_it_has_none_for_pages(self):
        built = pathlib.Path(PROGRAM).parent / "games"
        with tempfile.TemporaryDirectory() as folder:
            lone = pathlib.Path(folder) / "template.so"
            shutil.copy(built / "template.so", lone)
            with Server("--game", str(lone)) as server:
                self.assertIsNone(server.join()[1]["module"])
                self.assertIn("is not beside it", server.log())
            shutil.copy(built / "arena.wasm", lone.with_suffix(".wasm"))
            with Server("--game", str(lone)) as server:
                self.assertIsNone(server.join()[1]["module"])
                self.assertIn("is of other code", server.log())
            shutil.copy(built / "template.wasm", lone.with_suffix(".wasm"))
            with Server("--game", str(lone)) as server:
                self.assertEqual(server.ask("GET", server.join()[1]["module"])[0], 200)

    def test_content_of_a_game_without_is_empty(self):
        with Server("--game", "template") as server:
            status, answer = server.join()
        self.assertEqual((status, answer["content"]), (200, ""))

    def test_metrics_are_clean(self):
        with Client(self.server) as client:
            client.enter()
            client.play(0.5)
        done = subprocess.run([ROOT / "tests/support/promtool.sh", "check", "metrics"],
                              input=self.server.metrics(), text=True, capture_output=True,
                              check=False)
        if done.returncode == 77:
            self.skipTest(done.stderr.strip())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertGreater(self.server.metric('skirmish_joins_total{reason="ok"}'), 0)

    def test_metrics_say_which_build_and_which_process(self):
        page = self.server.metrics()
        self.assertRegex(page, r'skirmish_build_info\{version="\d+\.\d+\.\d+",wolfssl=".+"\} 1\n')
        self.assertAlmostEqual(self.server.metric("process_start_time_seconds"), time.time(),
                               delta=600)
        self.assertGreater(self.server.metric("process_resident_memory_bytes"), 1 << 20)
        self.assertGreater(self.server.metric("process_open_fds"), 5)
        self.assertGreater(self.server.metric("process_cpu_seconds_total"), 0)

    def test_metrics_tell_connected_players_from_seats_in_use(self):
        def seats():
            return tuple(self.server.metric(f'skirmish_{name}{{game="arena"}}')
                         for name in ("players", "players_connected"))

        def wait(change):
            until = time.monotonic() + 5
            while (now := seats()) != tuple(map(sum, zip(before, change))):
                self.assertLess(time.monotonic(), until, (before, now))
                time.sleep(0.05)

        time.sleep(0.3)  # what is published is a quarter of a second old
        before = seats()
        with Client(self.server) as client:
            client.enter()
            wait((1, 1))
            self.assertGreater(self.server.metric('skirmish_rooms{game="arena"}'), 0)
            client.drop()
            wait((1, 0))
