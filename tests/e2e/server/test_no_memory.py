"""test_no_memory.py - an allocation that fails refuses the newcomer and nobody else.

Two players play.  Then something new comes, again and again, and each time another one of the
allocations that it causes fails: the first, the second, until none is left to fail.  Each time who
is new is refused, hung up on or served, but not left waiting; the server lives, the two go on, the
next newcomer gets in, and in the end nothing has leaked.
"""
import http.client
import json
import mmap
import os
import pathlib
import ssl
import struct
import tempfile
import threading
import time
import unittest

from skirmish import PROGRAM, Client, Failure, Server

LIBRARY = str(pathlib.Path(PROGRAM).parent / "tests/fixtures/fail_allocation.so")
GAP_SECONDS_MAX = 1
AWAY_SECONDS, HOLD_SECONDS, REAP_SECONDS, SETTLE_SECONDS = 1, 15, 12, 0.1
ALLOCATIONS_MAX = 400
GONE = (OSError, Failure, http.client.HTTPException, ssl.SSLError, json.JSONDecodeError)


class Faults:
    """The file that fail_allocation.c reads: countdown, failed, size and place of the last."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "plan")
        with open(self.path, "wb") as plan:
            plan.write(bytes(mmap.PAGESIZE))
        with open(self.path, "r+b") as plan:
            self.words = mmap.mmap(plan.fileno(), mmap.PAGESIZE)

    def arm(self, countdown):
        """The allocation of that number from now on will fail; 0: none."""
        struct.pack_into("<q", self.words, 0, countdown)

    def failed(self):
        """How many have failed, and words for the last of them."""
        count, size, place = struct.unpack_from("<3q", self.words, 8)
        return count, f"{size} bytes for +{place:#x}"


class Player(threading.Thread):
    """Plays in the background, and notes how long no snapshot came."""

    def __init__(self, server, **request):
        super().__init__(daemon=True)
        self.client = Client(server, **request)
        self.client.enter()
        self.is_over, self.gap, self.fault = threading.Event(), 0.0, None
        self.start()

    def run(self):
        """Until stop()."""
        heard = time.monotonic()
        try:
            while not self.is_over.is_set():
                self.client.play(0.05)
                now = self.client.snapshots[-1][3]
                gaps = [b[3] - a[3] for a, b in zip(self.client.snapshots,
                                                   self.client.snapshots[1:])]
                self.gap, heard = max([self.gap, now - heard if not gaps else 0, *gaps]), now
                del self.client.snapshots[:-1]
        except (*GONE, AssertionError, IndexError) as fault:
            self.fault = fault

    def stop(self):
        """Ends it."""
        self.is_over.set()
        self.join(20)
        self.client.drop()


class NoMemory(unittest.TestCase):
    """A server of its own for each test, with two players in a room."""

    is_secure = False

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.faults = Faults(folder.name)
        self.server = Server("--threads", "1", "--head-timeout-ms", "1000",
                             "--seat-seconds", str(AWAY_SECONDS), secure=self.is_secure,
                             environment={"LD_PRELOAD": LIBRARY,
                                          "SK_FAIL_ALLOCATION": self.faults.path})
        self.addCleanup(self.server.__exit__)
        self.players = [Player(self.server), Player(self.server)]
        for player in self.players:
            self.addCleanup(player.stop)
        self.assertIsNone(self.come(lambda: None))  # what is allocated once is there from now on

    def figures(self):
        """What is in use."""
        rooms = json.loads(self.server.ask("GET", "/api/rooms")[2])["rooms"]
        return {**{name: self.server.metric("skirmish_" + name)
                   for name in ("rooms", "players", "players_connected")},
                "listed": len(rooms), "seats": sum(room["players"] for room in rooms)}

    def assert_nothing_leaked(self):
        """Holds expire and empty rooms close; what is left is the two players' alone."""
        want = {"rooms": 1, "players": 2, "players_connected": 2, "listed": 1, "seats": 2}
        until = time.monotonic() + HOLD_SECONDS + REAP_SECONDS + 5
        while self.figures() != want and time.monotonic() < until:
            time.sleep(0.25)
        self.assertEqual(self.figures(), want)

    # --- what comes anew: each calls `arm` first, and returns None when all went well, or what it
    # --- heard

    def come(self, arm, end=lambda client: client.leave(), **request):
        """Joins by the API, says hello, sees a snapshot, ends it and reads to the end."""
        arm()
        try:
            status, answer = self.server.join(**request)
            if status != 200:
                return answer["error"]
            with Client(self.server, answer["ticket"]) as client:
                client.hello()
                while (got := client.read())[0] not in ("close", "snapshot"):
                    pass
                if got[0] == "close":
                    return got[2]
                end(client)
                while (got := client.read())[0] != "close":
                    pass
                return None if got[2] == "left" else got[2]
        except GONE as fault:
            return repr(fault)

    def open(self, arm):
        """The same into a room of its own."""
        return self.come(arm, create=True)

    def vanish(self, arm):
        """The same, and a connection that breaks: its seat is AWAY, then freed."""
        try:
            with Client(self.server) as client:
                client.enter()
                arm()
            time.sleep(AWAY_SECONDS + 0.5)
            return None
        except GONE as fault:
            return repr(fault)

    def list(self, arm):
        """Asks for the lists of the API."""
        arm()
        try:
            answers = [self.server.ask("GET", path)[0] for path in ("/api/rooms", "/api/games")]
            return None if answers == [200, 200] else str(answers)
        except GONE as fault:
            return repr(fault)

    def take(self, arm):
        """Joins by the API and never comes."""
        arm()
        try:
            status, answer = self.server.join()
            return None if status == 200 else answer["error"]
        except GONE as fault:
            return repr(fault)

    # --- the series

    def assert_all_is_well(self, act, what):
        """The server lives, the players play and the next one gets through."""
        time.sleep(SETTLE_SECONDS)
        self.faults.arm(0)
        self.assertIsNone(self.server.process.poll(), (what, self.server.log()))
        for player in self.players:
            self.assertIsNone(player.fault, what)
            self.assertLess(player.gap, GAP_SECONDS_MAX, what)
        self.assertIsNone(act(lambda: None), what)

    def fail_each(self, act, least):
        """Acts until each allocation has failed once; at least so many there must be."""
        for number in range(1, ALLOCATIONS_MAX):
            before, _ = self.faults.failed()
            heard = act(lambda number=number: self.faults.arm(number))
            self.assertNotIn("TimeoutError", str(heard), self.faults.failed())
            self.assertNotIn("request_bad", str(heard), self.faults.failed())
            self.assert_all_is_well(act, (number, heard, self.faults.failed()))
            if self.faults.failed()[0] == before:
                self.assertIsNone(heard)
                break
        self.assertGreater(number, least)
        self.assertLess(number, ALLOCATIONS_MAX - 1)

    def test_api(self):
        self.fail_each(self.list, 40)
        self.fail_each(self.take, 20)
        self.assert_nothing_leaked()

    def test_players(self):
        self.fail_each(self.come, 20)
        self.fail_each(self.open, 20)
        self.fail_each(self.vanish, 0)
        self.assert_nothing_leaked()


class NoMemorySecure(NoMemory):
    """A connection over TLS allocates more."""

    is_secure = True
    test_api = None

    def test_players(self):
        self.fail_each(self.come, 50)
        self.assert_nothing_leaked()


if __name__ == "__main__":
    unittest.main()
