"""test_join_flood.py - who asks for rooms and never comes costs next to nothing and bars nobody."""
import http.client
import json
import re
import time
import unittest

from skirmish import Client, Server

FLOOD, HONEST = 1024, ("127.0.0.2", 0)


class JoinFlood(unittest.TestCase):
    """A server of its own for each, with limits for loopback addresses too."""

    @staticmethod
    def connect(server, address):
        """A keep-alive connection to the API that comes from `address`."""
        return http.client.HTTPConnection(server.host, server.port, 20, source_address=address)

    @staticmethod
    def ask(connection, **request):
        """POST /api/join; returns (status, headers, parsed body)."""
        connection.request("POST", "/api/join", json.dumps({"name": "tester", **request}))
        answer = connection.getresponse()
        return answer.status, answer.headers, json.loads(answer.read())

    @staticmethod
    def resident_mb(server):
        """The memory that the server has touched."""
        with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1)) / 1024

    def test_flood_of_creates_is_slowed_and_costs_little(self):
        with Server("--limit-loopback") as server:
            before = self.resident_mb(server)
            flood = self.connect(server, ("127.0.0.3", 0))
            answers = [self.ask(flood, create=True) for _ in range(FLOOD)]
            refused = [answer for answer in answers if answer[0] != 200]
            self.assertGreater(len(refused), FLOOD / 2)
            for status, headers, body in refused:
                self.assertEqual((status, body["error"]), (429, "join_rate"))
                self.assertEqual(headers["retry-after"], "1")
            self.assertLess(self.resident_mb(server) - before, 30)
            status, _, body = self.ask(self.connect(server, HONEST), create=True)
            self.assertEqual(status, 200, body)

    def test_rooms_that_nobody_entered_run_no_tick(self):
        with Server() as server:
            before = self.resident_mb(server)
            asker = self.connect(server, None)
            for _ in range(200):
                self.assertEqual(self.ask(asker, create=True)[0], 200)
            time.sleep(0.6)
            self.assertEqual(server.metric("skirmish_ticks_total"), 0)
            self.assertEqual(server.metric("skirmish_rooms"), 0)
            self.assertLess(self.resident_mb(server) - before, 10)
            with Client(server) as client:
                client.enter()
                client.play(0.5)
                self.assertEqual(server.metric("skirmish_rooms"), 1)

    def test_room_that_everybody_left_runs_no_tick(self):
        with Server("--bots-fill", "4") as server, Client(server) as client:
            client.enter()
            client.play(0.3)
            client.leave()
            client.wait("close")
            time.sleep(0.6)
            stood_at = server.metric("skirmish_ticks_total")
            time.sleep(0.6)
            self.assertEqual(server.metric("skirmish_ticks_total"), stood_at)
            self.assertLess(server.metric("skirmish_tick_late_seconds_sum"), 5)
            with Client(server) as other:
                other.enter()
                other.play(0.5)
                self.assertGreater(len(other.snapshots), 5)

    def test_address_has_a_limit_of_seats(self):
        with Server("--limit-loopback", "--players-per-address", "3") as server:
            asker = self.connect(server, HONEST)
            statuses = [self.ask(asker)[0] for _ in range(4)]
            self.assertEqual(statuses, [200, 200, 200, 429])
            self.assertEqual(self.ask(asker)[2]["error"], "address_limit")
            self.assertEqual(self.ask(self.connect(server, ("127.0.0.4", 0)))[0], 200)

    def test_fault_frees_the_seat_at_once(self):
        with Server("--seat-seconds", "60") as server:
            with Client(server, create=True, players_max=2) as hostile:
                hostile.enter()
                self.assertEqual(server.join(room=hostile.room)[0], 200)
                self.assertEqual(server.join(room=hostile.room)[0], 409)
                hostile.send(b"\0" * 64)
                while hostile.read()[0] != "close":
                    pass
            time.sleep(0.3)
            self.assertEqual(server.join(room=hostile.room)[0], 200)
