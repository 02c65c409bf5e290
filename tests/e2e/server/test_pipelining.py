"""test_pipelining.py - one connection with thousands of requests at once delays nobody."""
import threading
import time
import unittest

from skirmish import Client, Server
from test_tls_crowd import connect

ASK = b"GET /ws HTTP/1.1\r\nHost: a\r\n\r\n"
REQUESTS = 7000


class Pipelining(unittest.TestCase):
    """One worker, so that the flood and the player share it."""

    def test_flood_of_requests_is_answered_whole_and_in_turns(self):
        with Server("--threads", "1") as server, connect(server, "127.0.0.1") as flood:
            peers = [connect(server, "127.0.0.1") for _ in range(4)]
            thread = threading.Thread(target=flood.sendall, args=(ASK * REQUESTS,))
            thread.start()
            answers = 0
            quick = []
            while answers < REQUESTS:
                answers += flood.recv(1 << 20).count(b"HTTP/1.1 426")
                peer = peers[len(quick) % 4]
                began = time.monotonic()
                peer.sendall(ASK)
                self.assertIn(b"426", peer.recv(4096))
                quick.append(time.monotonic() - began)
            thread.join()
            for peer in peers:
                peer.close()
            self.assertLess(max(quick), 1)  # the others were served all the while
            turns = server.metric("skirmish_http_requests_total") / \
                server.metric("skirmish_writes_total")
            self.assertLess(turns, 9)  # at most eight requests of one peer in a wake

    def test_flood_of_pings_is_answered_in_turns(self):
        with Server("--threads", "1") as server, Client(server) as client:
            client.enter()
            before = server.metric("skirmish_writes_total")
            client.connection.send(b"\x89\x80\0\0\0\0" * 8192)
            pongs = 0
            while pongs < 8192:
                opcode, _ = client.connection.read_frame()
                pongs += opcode == 10
            self.assertGreaterEqual(server.metric("skirmish_writes_total") - before, 8192 / 256)
